/// What a visitor did.
public enum BehaviorEvent: Sendable {
    /// Something happened on a site or in an app.
    case tracked(Tracked)
}

extension BehaviorEvent {
    /// `behavior.tracked`.
    public struct Tracked: Hashable, Sendable {
        /// The party's stream name; absent for an anonymous visitor.
        public let partyID: String?
        /// Absent for a known party.
        public let anonymousID: String?
        /// What was done, for example `form_started`.
        public let name: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            partyID = try data.optionalText("party_id")
            anonymousID = try data.optionalText("anonymous_id")
            name = try data.text("name")
        }
    }
}

extension BehaviorEvent {
    /// The party that the fields name.
    var party: PartyReference? {
        switch self {
        case .tracked(let event): event.partyID.flatMap(PartyReference.init(party:))
        }
    }
}
