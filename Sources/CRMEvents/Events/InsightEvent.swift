// Made by `rapport catalog swift` from the definitions: change those.

public import CanonicalJSON

/// The events of the group `insight`.
public enum InsightEvent: Sendable {
    /// Something about a party or a record needs attention.
    case signalRaised(SignalRaised)
    /// What needed attention no longer does.
    case signalCleared(SignalCleared)
    /// A model predicted something about a party, and a decision was taken on it.
    case predictionRecorded(PredictionRecorded)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "signal.raised": { .insight(.signalRaised(.init(view: $0))) },
        "signal.cleared": { .insight(.signalCleared(.init(view: $0))) },
        "prediction.recorded": { .insight(.predictionRecorded(.init(view: $0))) },
    ]
}

extension InsightEvent {
    /// `signal.raised`.
    public struct SignalRaised: Sendable {
        let view: DataFields
        public var signalID: String { view.text(4) }
        public var kind: String { view.text(1) }
        public var subjectType: String { view.text(6) }
        public var subjectID: String { view.text(5) }
        /// In basis points: 10,000 is the whole.
        public var severity: Int64 { view.integer(3) }
        /// Each: The id of an event, or its source, one space and its id.
        public var evidenceEventIDs: [String] { view.texts(0) }
        public var ruleVersion: Int64 { view.integer(2) }
    }
}

extension InsightEvent {
    /// `signal.cleared`.
    public struct SignalCleared: Sendable {
        let view: DataFields
        public var signalID: String { view.text(1) }
        public var cause: String { view.text(0) }
    }
}

extension InsightEvent {
    /// `prediction.recorded`.
    public struct PredictionRecorded: Sendable {
        let view: DataFields
        public var modelID: String { view.text(1) }
        public var modelVersion: Int64 { view.integer(2) }
        public var params: JSON { view.json(3) }
        public var inputPosition: Int64 { view.integer(0) }
        /// A party's stream name, such as `account-42`.
        public var subjectID: String? { view.optionalText(4) }
        public var valueNano: Int64 { view.integer(5) }
    }
}
