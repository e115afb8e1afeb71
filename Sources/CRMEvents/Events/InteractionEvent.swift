/// Who spoke with whom.
public enum InteractionEvent: Sendable {
    /// A call, meeting, message or visit took place.
    case recorded(Recorded)
    /// Something happened to a sent e-mail.
    case emailEngaged(EmailEngaged)
}

extension InteractionEvent {
    /// `interaction.recorded`.
    public struct Recorded: Hashable, Sendable {
        public let interactionID: String
        public let channel: String
        /// `in`, `out` or `internal`.
        public let direction: String
        /// Stream names of the parties, such as `account-42`.
        public let partyIDs: [String]
        public let opportunityID: String?
        public let leadID: String?
        public let campaignID: String?
        /// Milliseconds since 1970 in UTC.
        public let startedAt: Int64
        /// In seconds.
        public let duration: Int64?
        public let outcome: String?

        init(_ data: DataReader) throws(UndecodableEvent) {
            interactionID = try data.text("interaction_id")
            channel = try data.text("channel")
            direction = try data.text("direction")
            partyIDs = try data.texts("party_ids")
            opportunityID = try data.optionalText("opportunity_id")
            leadID = try data.optionalText("lead_id")
            campaignID = try data.optionalText("campaign_id")
            startedAt = try data.integer("started_at")
            duration = try data.optionalInteger("duration")
            outcome = try data.optionalText("outcome")
        }
    }

    /// `email.engaged`.
    public struct EmailEngaged: Hashable, Sendable {
        /// The interaction of the sent mail.
        public let messageID: String
        /// The party's stream name, such as `account-42`.
        public let partyID: String
        /// For example `opened` or `clicked`.
        public let kind: String
        public let campaignID: String?
        /// Whether a machine probably did it; absent means false.
        public let botSuspected: Bool

        init(_ data: DataReader) throws(UndecodableEvent) {
            messageID = try data.text("message_id")
            partyID = try data.text("party_id")
            kind = try data.text("kind")
            campaignID = try data.optionalText("campaign_id")
            botSuspected = try data.boolean("bot_suspected")
        }
    }
}

extension InteractionEvent {
    /// The party that the fields name.
    var party: PartyReference? {
        switch self {
        case .recorded(let event): PartyReference(firstOf: event.partyIDs)
        case .emailEngaged(let event): PartyReference(party: event.partyID)
        }
    }
}
