// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `campaign`.
public enum CampaignEvent: Sendable {
    /// A campaign was planned.
    case created(Created)
    /// A campaign began, paused, went on or ended.
    case statusChanged(StatusChanged)
    /// Money was spent on a campaign, on sales or on a programme.
    case costRecorded(CostRecorded)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "campaign.created": { .campaign(.created(.init(view: $0))) },
        "campaign.status_changed": { .campaign(.statusChanged(.init(view: $0))) },
        "campaign.cost_recorded": { .campaign(.costRecorded(.init(view: $0))) },
    ]
}

extension CampaignEvent {
    /// `campaign.created`.
    public struct Created: Sendable {
        let view: DataFields
        public var campaignID: String { view.text(1) }
        public var name: String { view.text(5) }
        /// `email`, `event`, `social`, `search`, `content`, `referral`, `tender`, `other`.
        public var type: String { view.text(8) }
        /// In minor units.
        public var budget: Int64? { view.optionalInteger(0) }
        /// ISO 4217.
        public var currency: String? { view.optionalText(2) }
        /// A civil date, `YYYY-MM-DD`.
        public var startDate: String? { view.optionalText(7) }
        /// A civil date, `YYYY-MM-DD`.
        public var endDate: String? { view.optionalText(3) }
        public var parentID: String? { view.optionalText(6) }
        public var goalMetric: String? { view.optionalText(4) }
    }
}

extension CampaignEvent {
    /// `campaign.status_changed`.
    public struct StatusChanged: Sendable {
        let view: DataFields
        public var from: String { view.text(0) }
        /// `planned`, `active`, `paused`, `completed`, `aborted`.
        public var to: String { view.text(1) }
    }
}

extension CampaignEvent {
    /// `campaign.cost_recorded`.
    public struct CostRecorded: Sendable {
        let view: DataFields
        public var campaignID: String? { view.optionalText(1) }
        /// In minor units.
        public var amount: Int64 { view.integer(0) }
        /// ISO 4217.
        public var currency: String { view.text(3) }
        public var costType: String { view.text(2) }
        /// A civil date, `YYYY-MM-DD`.
        public var incurredOn: String { view.text(4) }
        /// `campaign`, `sales`, `programme`.
        public var scope: String { view.text(5) }
    }
}
