// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `approval`.
public enum ApprovalEvent: Sendable {
    /// Somebody asked for an approval.
    case requested(Requested)
    /// An approver decided on a step.
    case stepDecided(StepDecided)
    /// An approval came to its end.
    case concluded(Concluded)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "approval.requested": { .approval(.requested(.init(view: $0))) },
        "approval.step_decided": { .approval(.stepDecided(.init(view: $0))) },
        "approval.concluded": { .approval(.concluded(.init(view: $0))) },
    ]
}

extension ApprovalEvent {
    /// `approval.requested`.
    public struct Requested: Sendable {
        let view: DataFields
        public var approvalID: String { view.text(1) }
        public var subjectType: String { view.text(6) }
        public var subjectID: String { view.text(5) }
        public var steps: [Step] { view.objects(4, Step.table).map(Step.init(view:)) }
        /// Milliseconds since 1970 in UTC.
        public var dueAt: Int64? { view.optionalInteger(3) }
        /// In minor units.
        public var amount: Int64? { view.optionalInteger(0) }
        /// ISO 4217.
        public var currency: String? { view.optionalText(2) }

        /// What stands in `steps`.
        public struct Step: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("approval.requested", "steps")
            public var no: Int64? { view.optionalInteger(1) }
            public var approvers: [String] { view.texts(0) }
            public var quorum: Int64? { view.optionalInteger(2) }
        }
    }
}

extension ApprovalEvent {
    /// `approval.step_decided`.
    ///
    /// Personal, in ``CRMEvent/personal``: `comment`.
    public struct StepDecided: Sendable {
        let view: DataFields
        public var stepNo: Int64 { view.integer(3) }
        public var approverID: String { view.text(0) }
        /// `approve`, `reject`, `delegate`, `return`.
        public var decision: String { view.text(1) }
        public var toStep: Int64? { view.optionalInteger(4) }
        public var delegateTo: String? { view.optionalText(2) }
    }
}

extension ApprovalEvent {
    /// `approval.concluded`.
    public struct Concluded: Sendable {
        let view: DataFields
        /// `approved`, `rejected`, `withdrawn`, `expired`.
        public var outcome: String { view.text(0) }
    }
}
