// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `survey`.
public enum SurveyEvent: Sendable {
    /// A customer was asked.
    case sent(Sent)
    /// A customer answered a survey.
    case responded(Responded)
    /// A customer or a user told what they think, unasked.
    case feedbackReceived(FeedbackReceived)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "survey.sent": { .survey(.sent(.init(view: $0))) },
        "survey.responded": { .survey(.responded(.init(view: $0))) },
        "feedback.received": { .survey(.feedbackReceived(.init(view: $0))) },
    ]
}

extension SurveyEvent {
    /// `survey.sent`.
    public struct Sent: Sendable {
        let view: DataFields
        public var surveyID: String { view.text(4) }
        public var version: Int64 { view.integer(6) }
        /// `csat`, `nps`, `ces`, `custom`.
        public var kind: String { view.text(2) }
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(3) }
        /// The id of an event, or its source, one space and its id.
        public var triggerEventID: String? { view.optionalText(5) }
        public var channel: String? { view.optionalText(0) }
        /// Milliseconds since 1970 in UTC.
        public var expiresAt: Int64? { view.optionalInteger(1) }
    }
}

extension SurveyEvent {
    /// `survey.responded`.
    ///
    /// Personal, in ``CRMEvent/personal``: `answers`, `comment`.
    public struct Responded: Sendable {
        let view: DataFields
        public var surveyID: String { view.text(4) }
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(1) }
        /// `csat`, `nps`, `ces`, `custom`.
        public var kind: String { view.text(0) }
        public var score: Int64 { view.integer(3) }
        public var scaleMax: Int64 { view.integer(2) }
    }
}

extension SurveyEvent {
    /// `feedback.received`.
    ///
    /// Personal, in ``CRMEvent/personal``: `text`.
    public struct FeedbackReceived: Sendable {
        let view: DataFields
        public var feedbackID: String { view.text(0) }
        /// A party's stream name, such as `account-42`.
        public var partyID: String? { view.optionalText(1) }
        public var userID: String? { view.optionalText(5) }
        public var source: String { view.text(3) }
        public var topic: String? { view.optionalText(4) }
        /// `pos`, `neu`, `neg`.
        public var sentiment: String? { view.optionalText(2) }
    }
}
