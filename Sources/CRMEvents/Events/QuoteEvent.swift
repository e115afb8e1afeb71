// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `quote`.
public enum QuoteEvent: Sendable {
    /// A quote was written.
    case created(Created)
    /// A quote was written anew under the same number.
    case revised(Revised)
    /// A quote went to the customer.
    case sent(Sent)
    /// The customer accepted a quote.
    case accepted(Accepted)
    /// A quote came to nothing, or another one took its place.
    case closed(Closed)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "quote.created": { .quote(.created(.init(view: $0))) },
        "quote.revised": { .quote(.revised(.init(view: $0))) },
        "quote.sent": { .quote(.sent(.init(view: $0))) },
        "quote.accepted": { .quote(.accepted(.init(view: $0))) },
        "quote.closed": { .quote(.closed(.init(view: $0))) },
    ]
}

extension QuoteEvent {
    /// `quote.created`.
    public struct Created: Sendable {
        let view: DataFields
        public var quoteID: String { view.text(6) }
        public var number: String { view.text(3) }
        public var revision: Int64 { view.integer(7) }
        /// `customer`, `supplier`, `channel`.
        public var kind: String { view.text(1) }
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(5) }
        public var opportunityID: String? { view.optionalText(4) }
        public var lines: [LineItem] { view.objects(2, .line).map(LineItem.init(view:)) }
        /// In minor units.
        public var total: Int64 { view.integer(10) }
        /// ISO 4217.
        public var currency: String { view.text(0) }
        /// A civil date, `YYYY-MM-DD`.
        public var validUntil: String { view.text(11) }
        public var templateID: String? { view.optionalText(8) }
        public var templateVersion: Int64? { view.optionalInteger(9) }
    }
}

extension QuoteEvent {
    /// `quote.revised`.
    public struct Revised: Sendable {
        let view: DataFields
        public var revision: Int64 { view.integer(2) }
        public var lines: [LineItem] { view.objects(0, .line).map(LineItem.init(view:)) }
        /// In minor units.
        public var total: Int64 { view.integer(4) }
        public var supersedesRevision: Int64 { view.integer(3) }
        public var reason: String? { view.optionalText(1) }
    }
}

extension QuoteEvent {
    /// `quote.sent`.
    public struct Sent: Sendable {
        let view: DataFields
        public var revision: Int64 { view.integer(2) }
        public var channel: String { view.text(0) }
        public var toContactIDs: [String] { view.texts(3) }
        public var documentSha256: String? { view.optionalText(1) }
    }
}

extension QuoteEvent {
    /// `quote.accepted`.
    public struct Accepted: Sendable {
        let view: DataFields
        public var revision: Int64 { view.integer(2) }
        public var acceptedBy: String { view.text(1) }
        /// Milliseconds since 1970 in UTC.
        public var acceptedAt: Int64 { view.integer(0) }
    }
}

extension QuoteEvent {
    /// `quote.closed`.
    public struct Closed: Sendable {
        let view: DataFields
        /// `rejected`, `expired`, `withdrawn`, `superseded`.
        public var outcome: String { view.text(0) }
        public var reason: String? { view.optionalText(1) }
    }
}
