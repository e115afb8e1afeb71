import CRMEvents
import EventModel

// What the rows take over from an event. An unknown deal or lead gets a row at its first event, whatever
// that is: the folds over the steps say later what was out of order.

extension DealRow {
    /// Takes over one event of the opportunity.
    mutating func take(_ event: OpportunityEvent, at time: Int64, position: Int64) {
        switch event {
        case .opened(let opened):
            if facts == nil { facts = DealFacts(opened) }
            // The products stand first: a deal is opened with them.
            add(opened.lines, at: time, position: position)
            add(DealChange(opened), at: time, position: position)
        case .stageChanged(let move):
            let change = DealChange.stageChanged(
                to: move.toStageID, from: move.fromStageID, pipeline: move.toPipelineID,
                direction: StageDirection(recorded: move.direction), probability: move.probability)
            add(change, at: time, position: position)
        case .amountChanged(let change):
            add(change.lines, at: time, position: position)
            add(.amountChanged(to: change.newAmount, currency: change.currency), at: time, position: position)
        case .closeDateChanged(let change):
            guard let old = day(change.oldDate), let new = day(change.newDate) else { return }
            add(.closeDateChanged(from: old, to: new), at: time, position: position)
        case .forecastChanged(let change):
            let changed = DealChange.forecastChanged(
                category: change.category, probability: change.probability, isOverridden: change.overridden)
            add(changed, at: time, position: position)
        case .ownerAssigned(let assigned):
            let change = DealChange.ownerAssigned(to: assigned.ownerID, from: assigned.previousOwnerID)
            add(change, at: time, position: position)
        case .won(let won):
            let wonAt = won.wonAt == time ? nil : won.wonAt
            let change = DealChange.won(
                amount: won.amount, currency: won.currency, at: wonAt, order: won.orderID, contract: won.contractID)
            add(change, at: time, position: position)
        case .lost(let lost):
            let lostAt = lost.lostAt == time ? nil : lost.lostAt
            add(
                .lost(reason: lost.reasonCode, competitor: lost.competitor, at: lostAt), at: time, position: position)
        case .reopened(let reopened): add(.reopened(stage: reopened.toStageID), at: time, position: position)
        }
    }

    private mutating func add(_ lines: [LineItem], at time: Int64, position: Int64) {
        for (index, line) in lines.enumerated() {
            add(.product(line.productID, isFirst: index == 0), at: time, position: position)
        }
    }
}

extension DealFacts {
    fileprivate init(_ opened: OpportunityEvent.Opened) {
        self.init(
            accountID: opened.accountID, type: opened.type, source: opened.source, campaignID: opened.campaignID,
            leadID: opened.leadID)
    }
}

extension DealChange<String> {
    fileprivate init(_ opened: OpportunityEvent.Opened) {
        self = .opened(
            stage: opened.stageID, pipeline: opened.pipelineID, owner: opened.ownerID, amount: opened.amount,
            currency: opened.currency, probability: opened.probability,
            closeDay: opened.expectedCloseDate.flatMap(day))
    }
}

/// A civil date as days since 1970-01-01; `nil` for a text that is none.
private func day(_ text: String) -> Int64? { CivilDay(text).map { Int64($0.daysSinceEpoch) } }

extension LeadRow {
    /// Takes over one event of the lead.
    mutating func take(_ event: LeadEvent, at time: Int64, position: Int64) {
        switch event {
        case .captured(let captured):
            if facts == nil {
                facts = LeadFacts(
                    source: captured.source, channel: captured.channel, campaignID: captured.campaignID,
                    partnerID: captured.partnerID)
            }
            add(.captured, at: time, position: position)
        case .assigned(let assigned): add(.assigned(to: assigned.ownerID), at: time, position: position)
        case .qualified(let qualified): add(.qualified(stage: qualified.stage), at: time, position: position)
        case .disqualified: add(.disqualified, at: time, position: position)
        case .recycled: add(.recycled, at: time, position: position)
        case .converted: add(.converted, at: time, position: position)
        case .updated, .scored: break
        }
    }
}

extension PipelineVersion {
    /// A published pipeline; `nil` for a rule of another kind.
    init?(_ rule: RuleEvent.Published, position: Int64) {
        guard rule.kind == "pipeline" else { return nil }
        version = rule.version
        effectiveFrom = rule.effectiveFrom
        self.position = position
        stages = rule.stages.map {
            ListedStage(stage: $0.stageID, ordinal: $0.ordinal, probability: $0.probability)
        }
    }
}
