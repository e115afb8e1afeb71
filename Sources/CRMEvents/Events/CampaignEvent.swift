/// What happened to a campaign.
public enum CampaignEvent: Sendable {
    /// A campaign was planned.
    case created(Created)
}

extension CampaignEvent {
    /// `campaign.created`.
    public struct Created: Hashable, Sendable {
        public let campaignID: String
        public let name: String
        public let type: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            campaignID = try data.text("campaign_id")
            name = try data.text("name")
            type = try data.text("type")
        }
    }
}
