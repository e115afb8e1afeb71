import CRMEvents

// What the rows take over from an event. An unknown deal or lead gets a row at its first event, whatever
// that is: the folds over the steps say later what was out of order.

extension DealRow {
    /// Whether an event changes anything that the funnel reports on.
    static func keeps(_ event: OpportunityEvent) -> Bool {
        switch event {
        case .opened, .stageChanged, .amountChanged, .ownerAssigned, .won, .lost, .reopened: true
        default: false
        }
    }

    /// Takes over one event of the opportunity.
    mutating func take(_ event: OpportunityEvent, at time: Int64) {
        switch event {
        case .opened(let opened):
            accountID = opened.accountID
            type = opened.type
            source = opened.source
            currency = opened.currency ?? currency
            campaignID = opened.campaignID
            leadID = opened.leadID
            add(
                .opened(
                    stage: opened.stageID, pipeline: opened.pipelineID, amount: opened.amount,
                    owner: opened.ownerID),
                at: time)
        case .stageChanged(let move):
            let direction = StageDirection(recorded: move.direction)
            add(.stageChanged(to: move.toStageID, pipeline: move.toPipelineID, direction: direction), at: time)
        case .amountChanged(let change):
            currency = change.currency
            add(.amountChanged(to: change.newAmount), at: time)
        case .ownerAssigned(let assigned): add(.ownerAssigned(to: assigned.ownerID), at: time)
        case .won(let won): add(.won(amount: won.amount, currency: won.currency), at: time)
        case .lost: add(.lost, at: time)
        case .reopened(let reopened): add(.reopened(stage: reopened.toStageID), at: time)
        default: break
        }
    }

    private mutating func add(_ change: DealChange, at time: Int64) {
        steps.append(DealStep(time: time, change: change))
    }
}

extension LeadRow {
    /// Takes over one event of the lead.
    mutating func take(_ event: LeadEvent, at time: Int64) {
        switch event {
        case .captured(let captured):
            source = captured.source
            channel = captured.channel
            campaignID = captured.campaignID
            add(.captured, at: time)
        case .assigned(let assigned): add(.assigned(to: assigned.ownerID), at: time)
        case .qualified(let qualified): add(.qualified(stage: qualified.stage), at: time)
        case .disqualified: add(.disqualified, at: time)
        case .converted: add(.converted, at: time)
        default: break
        }
    }

    private mutating func add(_ change: LeadChange, at time: Int64) {
        steps.append(LeadStep(time: time, change: change))
    }
}

extension PipelineVersion {
    /// A published pipeline; `nil` for a rule of another kind.
    init?(_ rule: RuleEvent.Published) {
        guard rule.kind == "pipeline" else { return nil }
        version = rule.version
        effectiveFrom = rule.effectiveFrom
        stages = rule.stages.map { ListedStage(stage: $0.stageID, ordinal: $0.ordinal) }
    }
}
