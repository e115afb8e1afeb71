// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `lead`.
public enum LeadEvent: Sendable {
    /// Somebody showed interest for the first time.
    case captured(Captured)
    /// A lead's record was corrected or enriched.
    case updated(Updated)
    /// Somebody became responsible for a lead.
    case assigned(Assigned)
    /// A model judged how promising a lead is.
    case scored(Scored)
    /// A lead met the criteria of marketing or sales.
    case qualified(Qualified)
    /// A lead was given up.
    case disqualified(Disqualified)
    /// A lead that was given up is worth another try.
    case recycled(Recycled)
    /// A lead became an account, and its history the account's.
    case converted(Converted)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "lead.captured": { .lead(.captured(.init(view: $0))) },
        "lead.updated": { .lead(.updated(.init(view: $0))) },
        "lead.assigned": { .lead(.assigned(.init(view: $0))) },
        "lead.scored": { .lead(.scored(.init(view: $0))) },
        "lead.qualified": { .lead(.qualified(.init(view: $0))) },
        "lead.disqualified": { .lead(.disqualified(.init(view: $0))) },
        "lead.recycled": { .lead(.recycled(.init(view: $0))) },
        "lead.converted": { .lead(.converted(.init(view: $0))) },
    ]
}

extension LeadEvent {
    /// `lead.captured`.
    ///
    /// Personal, in ``CRMEvent/personal``: `person`, `message`.
    public struct Captured: Sendable {
        let view: DataFields
        public var leadID: String { view.text(7) }
        public var source: String { view.text(10) }
        /// `web`, `social`, `event`, `call`, `import`, `tender`, `partner`, `referral`, `other`.
        public var channel: String { view.text(2) }
        public var companyName: String? { view.optionalText(3) }
        public var title: String? { view.optionalText(11) }
        public var campaignID: String? { view.optionalText(0) }
        public var referrerURL: String? { view.optionalText(9) }
        public var landingURL: String? { view.optionalText(6) }
        public var formID: String? { view.optionalText(5) }
        public var partnerID: String? { view.optionalText(8) }
        public var externalRef: String? { view.optionalText(4) }
        public var capturedBy: String? { view.optionalText(1) }
        public var utmSource: String? { view.optionalText(15) }
        public var utmMedium: String? { view.optionalText(14) }
        public var utmCampaign: String? { view.optionalText(12) }
        public var utmTerm: String? { view.optionalText(16) }
        public var utmContent: String? { view.optionalText(13) }
    }
}

extension LeadEvent {
    /// `lead.updated`.
    public struct Updated: Sendable {
        let view: DataFields
        public var changes: [FieldChange] { view.objects(0, .change).map(FieldChange.init) }
        public var reason: String? { view.optionalText(1) }
    }
}

extension LeadEvent {
    /// `lead.assigned`.
    public struct Assigned: Sendable {
        let view: DataFields
        public var ownerID: String { view.text(0) }
        public var previousOwnerID: String? { view.optionalText(1) }
        public var ruleID: String? { view.optionalText(2) }
        public var ruleVersion: Int64? { view.optionalInteger(3) }
        /// Milliseconds since 1970 in UTC.
        public var slaDueAt: Int64? { view.optionalInteger(4) }
    }
}

extension LeadEvent {
    /// `lead.scored`.
    public struct Scored: Sendable {
        let view: DataFields
        public var score: Int64 { view.integer(3) }
        public var modelID: String { view.text(1) }
        public var modelVersion: Int64 { view.integer(2) }
        public var factors: [Factor] { view.objects(0, Factor.table).map(Factor.init(view:)) }

        /// What stands in `factors`.
        public struct Factor: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("lead.scored", "factors")
            public var name: String? { view.optionalText(0) }
            public var points: Int64? { view.optionalInteger(1) }
        }
    }
}

extension LeadEvent {
    /// `lead.qualified`.
    public struct Qualified: Sendable {
        let view: DataFields
        /// `mql`, `sal`, `sql`.
        public var stage: String { view.text(2) }
        public var criteriaVersion: Int64 { view.integer(1) }
        public var by: String { view.text(0) }
    }
}

extension LeadEvent {
    /// `lead.disqualified`.
    ///
    /// Personal, in ``CRMEvent/personal``: `note`.
    public struct Disqualified: Sendable {
        let view: DataFields
        /// `no_budget`, `no_need`, `unreachable`, `competitor`, `duplicate`, `spam`, `other`.
        public var reason: String { view.text(0) }
    }
}

extension LeadEvent {
    /// `lead.recycled`.
    public struct Recycled: Sendable {
        let view: DataFields
        public var reason: String { view.text(0) }
        /// Milliseconds since 1970 in UTC.
        public var revisitAt: Int64? { view.optionalInteger(1) }
    }
}

extension LeadEvent {
    /// `lead.converted`.
    public struct Converted: Sendable {
        let view: DataFields
        public var accountID: String { view.text(0) }
        public var contactID: String { view.text(1) }
        public var opportunityID: String? { view.optionalText(3) }
        /// Each: `account`, `contact`, `opportunity`.
        public var created: [String] { view.texts(2) }
    }
}
