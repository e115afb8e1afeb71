import CanonicalJSON
import EventModel

extension Lifecycle {
    /// Approval 审批: in_steps → agreed or refused → approved, rejected, withdrawn or expired.
    ///
    /// Steps are decided in the order of their numbers. Of a step, each approver decides once; the quorum leads to
    /// the next step and past the last one to *agreed*, a rejection to *refused*; a return (驳回到前面的某个节点) goes to an
    /// earlier step, which begins anew, as do those behind it. A delegate is an approver of the step in place of the
    /// one who delegates. A step without approvers is open to everybody, one without a quorum wants all of them.
    ///
    /// The requester is the actor of `approval.requested`, if that is a user: the requester approves nothing, and no
    /// other user withdraws. When an approval expires is read from `due_at` by whoever concludes it.
    static let approval = Lifecycle(
        "approval",
        [
            .move("approval.requested", from: ["none"], to: "in_steps", if: .stepsAreNamed),
            .stay("approval.step_decided", in: ["in_steps"], if: .stepIsDecided),
            .move("approval.concluded", "outcome", is: "approved", from: ["agreed"], to: "approved"),
            .move("approval.concluded", "outcome", is: "rejected", from: ["refused"], to: "rejected"),
            .move(
                "approval.concluded", "outcome", is: "withdrawn", from: ["in_steps", "agreed", "refused"],
                to: "withdrawn", if: .requesterWithdraws),
            .move("approval.concluded", "outcome", is: "expired", from: ["in_steps"], to: "expired"),
        ])
}

extension Condition {
    fileprivate static let stepsAreNamed = Condition("by somebody who approves nothing of it") { state, event in
        state.words["requester"] = event.user
        var isApart = true
        for (place, step) in event.list("steps").enumerated() {
            let number = step["no"]?.integer ?? Int64(place + 1)
            let approvers = (step["approvers"]?.elements.compactMap(\.text)) ?? []
            for approver in approvers {
                state.sums[Step.approver(approver, number)] = Step.undecided
                isApart = isApart && approver != event.user
            }
            state.sums[Step.isOpen(number)] = approvers.isEmpty ? 1 : 0
            state.sums[Step.quorum(number)] = step["quorum"]?.integer ?? max(1, Int64(approvers.count))
        }
        state.sums["step"] = state.steps.first
        return isApart && !state.steps.isEmpty
    }

    fileprivate static let stepIsDecided = Condition(
        "at the step that is due, by one of its approvers who has not decided there and is not the requester; a "
            + "return goes to an earlier step"
    ) { state, event in
        let step = event.integer("step_no")
        let approver = event.text("approver_id") ?? ""
        let seat = Step.approver(approver, step)
        let isSeated = state.sums[seat] == Step.undecided || state.sums[seat] == nil && state.sum(Step.isOpen(step)) > 0
        let isRightful = isSeated && step == state.sums["step"] && approver != state.words["requester"]
        state.sums[seat] = Step.decided
        return state.decide(event, at: step) && isRightful
    }

    fileprivate static let requesterWithdraws = Condition("by the requester") { state, event in
        guard let requester = state.words["requester"], let user = event.user else { return true }
        return user == requester
    }
}

/// The names of the numbers that an approval's state keeps of a step, and their values.
private enum Step {
    static let undecided: Int64 = 1
    static let decided: Int64 = 2

    static func quorum(_ step: Int64) -> String { "quorum \(step)" }
    static func agreed(_ step: Int64) -> String { "agreed \(step)" }
    static func isOpen(_ step: Int64) -> String { "open \(step)" }
    static func approver(_ approver: String, _ step: Int64) -> String { "approver \(step) \(approver)" }
}

extension LifecycleState {
    /// The numbers of the steps, in their order.
    fileprivate var steps: [Int64] {
        sums.keys.compactMap { $0.hasPrefix("quorum ") ? Int64($0.dropFirst(7)) : nil }.sorted()
    }

    /// Takes a decision over; returns whether it is one that can be taken at the step.
    fileprivate mutating func decide(_ event: LifecycleEvent, at step: Int64) -> Bool {
        switch event.text("decision") {
        case "approve":
            add(1, to: Step.agreed(step))
            guard sum(Step.agreed(step)) >= sum(Step.quorum(step)) else { return true }
            if let next = steps.first(where: { $0 > step }) { sums["step"] = next } else { phase = "agreed" }
            return true
        case "reject":
            phase = "refused"
            return true
        case "delegate":
            guard let delegate = event.text("delegate_to") else { return false }
            let isNew = sums[Step.approver(delegate, step)] == nil && delegate != words["requester"]
            sums[Step.approver(delegate, step)] = Step.undecided
            return isNew
        case "return":
            let earlier = event.integer("to_step")
            guard earlier < step, steps.contains(earlier) else { return false }
            for later in steps where later >= earlier { reopen(later) }
            sums["step"] = earlier
            return true
        default:
            return false
        }
    }

    /// Forgets what was decided at a step.
    private mutating func reopen(_ step: Int64) {
        sums[Step.agreed(step)] = nil
        for (name, value) in sums where name.hasPrefix(Step.approver("", step)) && value == Step.decided {
            sums[name] = Step.undecided
        }
    }
}
