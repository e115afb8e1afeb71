import CRMEvents
import EventModel

/// What an event does to its party's figures beyond being counted.
enum PartyEffect {
    case none
    /// A deal's contribution is withdrawn and the new one added.
    case deal(before: DealRow, after: DealRow)
    /// An order's contribution is withdrawn and the new one added.
    case order(before: OrderRow, after: OrderRow)
    case payment(amount: Int64, currency: String, isPrepayment: Bool)
    /// Money of a payment found its use, or went back.
    case applied(amount: Int64, currency: String, isPrepayment: Bool)
    case score(LastScores.Score, kind: String)
    /// A ticket's contribution is withdrawn and the new one added.
    case ticket(before: TicketRow, after: TicketRow)
    /// A promise was broken at a time.
    case breach(at: Int64)
    /// The customer did something of its own accord.
    case engaged(at: Int64)
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
            if let time = after.stageTime { lastStageChange = latest(lastStageChange, time) }
        case .order(let before, let after):
            orders.add(before, sign: -1)
            orders.add(after, sign: 1)
            if after.isStanding { firstOrder = earliest(firstOrder, after.time) }
        case .payment(let amount, let currency, let isPrepayment):
            paid.add(amount, currency)
            unapplied.add(amount, currency)
            if isPrepayment { unappliedPrepayment.add(amount, currency) }
        case .applied(let amount, let currency, let isPrepayment):
            unapplied.subtract(amount, currency)
            if isPrepayment { unappliedPrepayment.subtract(amount, currency) }
        case .score(let score, let kind): scores.take(score, of: kind)
        case .ticket(let before, let after):
            count(before, sign: -1)
            count(after, sign: 1)
        case .breach(let time): breaches.add(at: time, window: Self.serviceWindow)
        case .engaged(let time): engagement.add(at: time, window: Self.engagementWindow)
        }
    }

    private mutating func count(_ deal: DealRow, sign: Int64) {
        switch deal.state {
        case .unseen, .lost: break
        case .open: openDeals.add(sign, deal.amount &* sign, at: deal.place)
        case .won:
            wonDealCount &+= sign
            wonRevenue.add(deal.wonAmount &* sign, deal.wonCurrency)
        }
    }

    private mutating func count(_ ticket: TicketRow, sign: Int32) {
        if ticket.state == .open { openTicketCount &+= Int64(sign) }
        if ticket.isComplaint { complaints.add(sign, at: ticket.openedAt, window: Self.serviceWindow) }
    }
}
