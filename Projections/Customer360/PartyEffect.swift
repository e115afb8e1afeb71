import CRMEvents
import EventModel

/// What an event does to its party's figures beyond being counted.
enum PartyEffect {
    case none
    /// A deal's contribution is withdrawn and the new one added.
    case deal(before: DealRow, after: DealRow)
    /// An order's contribution is withdrawn and the new one added.
    case order(before: OrderRow, after: OrderRow)
    case payment(amount: Int64, currency: String)
    case score(LastScores.Score, kind: String)

    /// The party whose figures change, where that isn't simply the party of the event.
    var party: PartyKey? {
        switch self {
        case .none, .payment, .score: nil
        case .deal(_, let after): after.party
        case .order(_, let after): after.party
        }
    }
}

extension PartyRow {
    /// Changes the figures. Contributions are withdrawn and added as a whole, so no history can make them drift.
    mutating func take(_ effect: PartyEffect) {
        switch effect {
        case .none: break
        case .deal(let before, let after):
            count(before, sign: -1)
            count(after, sign: 1)
            outOfOrderCount &+= after.outOfOrderCount &- before.outOfOrderCount
            if let time = after.stageTime { lastStageChange = max(lastStageChange ?? time, time) }
        case .order(let before, let after):
            count(before, sign: -1)
            count(after, sign: 1)
        case .payment(let amount, let currency): paid.add(amount, currency)
        case .score(let score, let kind): scores.take(score, of: kind)
        }
    }

    private mutating func count(_ deal: DealRow, sign: Int64) {
        switch deal.state {
        case .unseen, .lost: break
        case .open:
            openDealCount &+= sign
            openPipeline.add(deal.amount &* sign, deal.currency)
        case .won:
            wonDealCount &+= sign
            wonRevenue.add(deal.wonAmount &* sign, deal.wonCurrency)
        }
    }

    private mutating func count(_ order: OrderRow, sign: Int64) {
        guard order.isStanding else { return }
        orderCount &+= sign
        revenue.add(order.total &* sign, order.currency)
    }
}
