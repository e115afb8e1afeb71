import CRMEvents
import EventModel
import ProjectionRuntime

extension Customer360 {
    /// What the event does to figures, after the row of its deal or order was changed.
    func effect(of event: CRMEvent, on party: PartyKey) -> PartyEffect {
        switch event.body {
        case .opportunity(let step): return effect(of: step, event, on: party)
        case .order(let step): return effect(of: step, event, on: party)
        case .payment(.received(let payment)):
            return .payment(amount: payment.amount, currency: payment.currency)
        case .survey(.responded(let answer)):
            let score = LastScores.Score(
                value: answer.score, scaleMax: answer.scaleMax, time: event.time.milliseconds,
                position: event.position.index)
            return .score(score, kind: answer.kind)
        default: return .none
        }
    }

    private func effect(of step: OpportunityEvent, _ event: CRMEvent, on party: PartyKey) -> PartyEffect {
        let first = DealRow(of: party, isAnchor: event.revision == .first)
        var before = first
        var after = first
        deals.update(StreamKey(event), orInsert: first) { deal in
            before = deal
            deal.take(step, at: event.time.milliseconds)
            after = deal
        }
        return .deal(before: before, after: after)
    }

    /// Cancelling some lines leaves the revenue alone: the event tells quantities, not money.
    private func effect(of step: OrderEvent, _ event: CRMEvent, on party: PartyKey) -> PartyEffect {
        let first = OrderRow(of: party, isAnchor: event.revision == .first)
        var before = first
        var after = first
        orders.update(StreamKey(event), orInsert: first) { order in
            before = order
            switch step {
            case .placed(let placed):
                order.isStanding = true
                order.total = placed.total
                order.currency = placed.currency
            case .cancelled(let cancelled):
                if cancelled.lines.isEmpty { order.isStanding = false }
            default: break
            }
            after = order
        }
        return .order(before: before, after: after)
    }
}
