import CRMEvents
import EventModel
import ProjectionRuntime

extension Customer360 {
    /// What the event does to figures, after the row of its deal, order or ticket was changed.
    func effect(of event: CRMEvent, on party: PartyKey) -> PartyEffect {
        let time = event.time.milliseconds
        switch event.body {
        case .opportunity(let step): return deal(event, of: party) { $0.take(step, at: time) }
        case .order(let step): return effect(of: step, event, on: party)
        case .payment(.received(let payment)): return receive(payment, event, from: party)
        case .survey(.responded(let answer)):
            let score = LastScores.Score(
                value: answer.score, scaleMax: answer.scaleMax, time: time, position: event.position.index)
            return .score(score, kind: answer.kind)
        case .interaction(.recorded(let interaction)):
            return interaction.direction == "in" ? .engaged(day: DayCounts.day(time)) : .none
        case .interaction(.emailEngaged(let engaged)):
            let isOwn = ["opened", "clicked", "replied"].contains(engaged.kind) && !engaged.botSuspected
            return isOwn ? .engaged(day: DayCounts.day(time)) : .none
        case .behavior(.tracked): return .engaged(day: DayCounts.day(time))
        case .lead(.converted(let converted)): return convert(event, party, to: converted.accountID)
        case .account, .lead, .campaign, .rule, .unrecognised: return .none
        case .other(let other): return effect(of: other, event, on: party)
        }
    }

    private func effect(of other: OtherEvent, _ event: CRMEvent, on party: PartyKey) -> PartyEffect {
        let fields = Fields(node: other.data)
        let stream = event.stream.text
        let day = DayCounts.day(event.time.milliseconds)
        if event.type == "opportunity.forecast_changed" {
            let probability = fields.boolean("overridden") ? fields.optionalInteger("probability") : nil
            return deal(event, of: party) { $0.override(probability) }
        }
        if event.type == "order.returned" {
            return order(event, of: party) { $0.refunds &+= fields.integer("refund_due") }
        }
        if let step = TicketEvent(event.type, fields) { return effect(of: step, stream, day, on: party) }
        if let step = MoneyEvent(event.type, fields) { return effect(of: step, stream, day, on: party) }
        if let step = InvoiceEvent(event.type, fields) {
            invoice(stream, of: party) { $0.take(step) }
        } else if let step = ContractEvent(event.type, fields) {
            contracts.update(OwnedKey(party, stream), orInsert: ContractRow()) { $0.take(step) }
        } else if let step = SubscriptionEvent(event.type, fields) {
            subscriptions.update(OwnedKey(party, stream), orInsert: SubscriptionRow()) {
                $0.take(step, at: event.time.milliseconds)
            }
        } else if let step = LoyaltyEvent(event.type, fields) {
            memberships.update(OwnedKey(party, stream), orInsert: LoyaltyRow()) { $0.take(step, on: day) }
        }
        return .none
    }

    private func deal(_ event: CRMEvent, of party: PartyKey, _ change: (inout DealRow) -> Void) -> PartyEffect {
        var (before, after) = (DealRow(), DealRow())
        deals.update(OwnedKey(party, event.stream.text), orInsert: DealRow()) { deal in
            before = deal
            change(&deal)
            after = deal
        }
        follow(before, after, event, of: party)
        return .deal(before: before, after: after)
    }

    private func order(_ event: CRMEvent, of party: PartyKey, _ change: (inout OrderRow) -> Void) -> PartyEffect {
        var (before, after) = (OrderRow(), OrderRow())
        orders.update(OwnedKey(party, event.stream.text), orInsert: OrderRow()) { order in
            before = order
            change(&order)
            after = order
        }
        if after.isStanding, !before.isStanding { note(.bought, event, of: party) }
        return .order(before: before, after: after)
    }

    /// Cancelling some lines leaves the revenue alone: the event tells quantities, not money.
    private func effect(of step: OrderEvent, _ event: CRMEvent, on party: PartyKey) -> PartyEffect {
        order(event, of: party) { order in
            switch step {
            case .placed(let placed):
                order.isStanding = true
                order.total = placed.total
                order.currency = placed.currency
                order.time = event.time.milliseconds
            case .cancelled(let cancelled):
                if cancelled.lineIDs.isEmpty { order.isStanding = false }
            }
        }
    }

    private func effect(of step: TicketEvent, _ stream: String, _ day: Int32, on party: PartyKey) -> PartyEffect {
        if case .slaConcluded(let sla) = step {
            return sla.outcome == "breached" ? .breach(day: min(day, DayCounts.day(sla.at))) : .none
        }
        var (before, after) = (TicketRow(), TicketRow())
        tickets.update(OwnedKey(party, stream), orInsert: TicketRow()) { ticket in
            before = ticket
            ticket.take(step, on: day)
            after = ticket
        }
        return .ticket(before: before, after: after)
    }

    /// Links a lead to its account. Of several conversions the last one in the log holds.
    private func convert(_ event: CRMEvent, _ lead: PartyKey, to account: String) -> PartyEffect {
        guard lead.kind == .lead else { return .none }
        if let former = parties[lead]?.account, former != account {
            leadLinks[LeadLinkKey(account: former, lead: lead.id)] = nil
        }
        leadLinks[LeadLinkKey(account: account, lead: lead.id)] = LeadLinkRow(Origin(event))
        return .converted(to: account)
    }
}
