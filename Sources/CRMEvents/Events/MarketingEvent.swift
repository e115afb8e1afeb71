// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `marketing`.
public enum MarketingEvent: Sendable {
    /// A party entered or left a segment.
    case segmentMembershipChanged(SegmentMembershipChanged)
    /// A journey took its next step with a party.
    case journeyStepExecuted(JourneyStepExecuted)
    /// A piece of content went public on a platform.
    case contentPublished(ContentPublished)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "segment.membership_changed": { .marketing(.segmentMembershipChanged(.init(view: $0))) },
        "journey.step_executed": { .marketing(.journeyStepExecuted(.init(view: $0))) },
        "content.published": { .marketing(.contentPublished(.init(view: $0))) },
    ]
}

extension MarketingEvent {
    /// `segment.membership_changed`.
    public struct SegmentMembershipChanged: Sendable {
        let view: DataFields
        public var segmentID: String { view.text(5) }
        public var ruleVersion: Int64 { view.integer(4) }
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(2) }
        /// `entered`, `exited`.
        public var change: String { view.text(1) }
        /// The id of an event, or its source, one space and its id.
        public var causeEventID: String { view.text(0) }
        /// `behavior`, `rule_version`.
        public var reason: String? { view.optionalText(3) }
    }
}

extension MarketingEvent {
    /// `journey.step_executed`.
    public struct JourneyStepExecuted: Sendable {
        let view: DataFields
        public var journeyID: String { view.text(1) }
        public var version: Int64 { view.integer(6) }
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(3) }
        public var step: String { view.text(5) }
        /// `send`, `wait`, `branch`, `recommend`, `task`, `exit`.
        public var action: String { view.text(0) }
        public var outcome: String? { view.optionalText(2) }
        public var productIDs: [String] { view.texts(4) }
    }
}

extension MarketingEvent {
    /// `content.published`.
    public struct ContentPublished: Sendable {
        let view: DataFields
        public var contentID: String { view.text(1) }
        public var platform: String { view.text(2) }
        public var campaignID: String? { view.optionalText(0) }
        public var url: String? { view.optionalText(4) }
        /// Milliseconds since 1970 in UTC.
        public var publishedAt: Int64? { view.optionalInteger(3) }
    }
}
