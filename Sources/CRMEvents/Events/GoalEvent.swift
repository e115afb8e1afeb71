// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `goal`.
public enum GoalEvent: Sendable {
    /// Somebody has a goal to reach in a period.
    case set(Set)
    /// Somebody earned a reward for what they reached.
    case incentiveAwarded(IncentiveAwarded)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "goal.set": { .goal(.set(.init(view: $0))) },
        "incentive.awarded": { .goal(.incentiveAwarded(.init(view: $0))) },
    ]
}

extension GoalEvent {
    /// `goal.set`.
    public struct Set: Sendable {
        let view: DataFields
        public var goalID: String { view.text(2) }
        /// `kpi`, `quota`.
        public var kind: String { view.text(3) }
        public var metric: String { view.text(4) }
        public var unit: String { view.text(12) }
        public var baselineMilli: Int64? { view.optionalInteger(0) }
        public var baselinePosition: Int64? { view.optionalInteger(1) }
        public var targetMilli: Int64 { view.integer(11) }
        /// A civil date, `YYYY-MM-DD`.
        public var periodStart: String { view.text(8) }
        /// A civil date, `YYYY-MM-DD`.
        public var periodEnd: String { view.text(7) }
        public var ownerType: String? { view.optionalText(6) }
        public var ownerID: String? { view.optionalText(5) }
        public var revision: Int64 { view.integer(9) }
        public var supersedes: String? { view.optionalText(10) }
    }
}

extension GoalEvent {
    /// `incentive.awarded`.
    public struct IncentiveAwarded: Sendable {
        let view: DataFields
        public var userID: String { view.text(5) }
        /// In minor units.
        public var amount: Int64? { view.optionalInteger(0) }
        public var points: Int64? { view.optionalInteger(3) }
        /// ISO 4217.
        public var currency: String? { view.optionalText(2) }
        /// Each: The id of an event, or its source, one space and its id.
        public var basisEventIDs: [String] { view.texts(1) }
        public var ruleVersion: Int64? { view.optionalInteger(4) }
    }
}
