/// What happened to a lead.
public enum LeadEvent: Sendable {
    /// Somebody showed interest for the first time.
    case captured(Captured)
    /// Somebody became responsible.
    case assigned(Assigned)
    /// The lead met criteria.
    case qualified(Qualified)
    /// The lead was given up.
    case disqualified(Disqualified)
    /// The lead became an account.
    case converted(Converted)
}

extension LeadEvent {
    /// `lead.captured`.
    public struct Captured: Hashable, Sendable {
        public let leadID: String
        public let source: String
        public let channel: String
        public let campaignID: String?
        public let companyName: String?

        init(_ data: DataReader) throws(UndecodableEvent) {
            leadID = try data.text("lead_id")
            source = try data.text("source")
            channel = try data.text("channel")
            campaignID = try data.optionalText("campaign_id")
            companyName = try data.optionalText("company_name")
        }
    }

    /// `lead.assigned`.
    public struct Assigned: Hashable, Sendable {
        public let ownerID: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            ownerID = try data.text("owner_id")
        }
    }

    /// `lead.qualified`.
    public struct Qualified: Hashable, Sendable {
        /// `mql`, `sal` or `sql`.
        public let stage: String
        /// The user who decided.
        public let by: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            stage = try data.text("stage")
            by = try data.text("by")
        }
    }

    /// `lead.disqualified`.
    public struct Disqualified: Hashable, Sendable {
        public let reason: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            reason = try data.text("reason")
        }
    }

    /// `lead.converted`.
    public struct Converted: Hashable, Sendable {
        public let accountID: String
        public let contactID: String
        public let opportunityID: String?

        init(_ data: DataReader) throws(UndecodableEvent) {
            accountID = try data.text("account_id")
            contactID = try data.text("contact_id")
            opportunityID = try data.optionalText("opportunity_id")
        }
    }
}

extension LeadEvent {
    /// The party that the fields name.
    var party: PartyReference? {
        switch self {
        case .converted(let event): .account(event.accountID)
        case .captured, .assigned, .qualified, .disqualified: nil
        }
    }
}
