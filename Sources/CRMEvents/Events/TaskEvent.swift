// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `task`.
public enum TaskEvent: Sendable {
    /// Somebody has something to do.
    case created(Created)
    /// A task was done, dropped or closed after its time.
    case completed(Completed)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "task.created": { .task(.created(.init(view: $0))) },
        "task.completed": { .task(.completed(.init(view: $0))) },
    ]
}

extension TaskEvent {
    /// `task.created`.
    ///
    /// Personal, in ``CRMEvent/personal``: `title`.
    public struct Created: Sendable {
        let view: DataFields
        public var taskID: String { view.text(6) }
        public var assigneeID: String { view.text(2) }
        /// Milliseconds since 1970 in UTC.
        public var dueAt: Int64 { view.integer(3) }
        public var aboutType: String? { view.optionalText(1) }
        public var aboutID: String? { view.optionalText(0) }
        /// `low`, `normal`, `high`.
        public var priority: String? { view.optionalText(4) }
        public var ruleID: String? { view.optionalText(5) }
    }
}

extension TaskEvent {
    /// `task.completed`.
    public struct Completed: Sendable {
        let view: DataFields
        public var taskID: String { view.text(2) }
        /// `done`, `cancelled`, `overdue_closed`.
        public var result: String { view.text(1) }
        /// Milliseconds since 1970 in UTC.
        public var completedAt: Int64 { view.integer(0) }
    }
}
