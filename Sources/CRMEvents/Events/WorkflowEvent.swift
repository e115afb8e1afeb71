// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `workflow`.
public enum WorkflowEvent: Sendable {
    /// A workflow began, finished, failed or undid a step.
    case advanced(Advanced)
    /// A project reached a milestone.
    case milestoneReached(MilestoneReached)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "workflow.advanced": { .workflow(.advanced(.init(view: $0))) },
        "milestone.reached": { .workflow(.milestoneReached(.init(view: $0))) },
    ]
}

extension WorkflowEvent {
    /// `workflow.advanced`.
    public struct Advanced: Sendable {
        let view: DataFields
        public var workflowID: String { view.text(4) }
        public var definitionVersion: Int64 { view.integer(0) }
        public var step: String { view.text(3) }
        /// `started`, `done`, `failed`, `compensated`.
        public var status: String { view.text(2) }
        public var department: String? { view.optionalText(1) }
    }
}

extension WorkflowEvent {
    /// `milestone.reached`.
    public struct MilestoneReached: Sendable {
        let view: DataFields
        /// `project`, `training`, `golive`, `delivery`.
        public var kind: String { view.text(0) }
        public var subjectID: String { view.text(3) }
        /// A civil date, `YYYY-MM-DD`.
        public var plannedOn: String? { view.optionalText(1) }
        /// A civil date, `YYYY-MM-DD`.
        public var reachedOn: String { view.text(2) }
    }
}
