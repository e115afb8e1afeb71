import CRMEvents
import CivilTime
import EventModel
import ProjectionRuntime

extension Customer360 {
    /// What the event does to figures, after the row of its deal, order or ticket was changed.
    func effect(of event: CRMEvent, on party: PartyKey) -> PartyEffect {
        let time = event.time.milliseconds
        switch event.body {
        case .opportunity(let step): return deal(event, of: party) { $0.take(step, at: time) }
        case .order(let step): return effect(of: step, event, on: party)
        case .payment(let step): return effect(of: step, event, on: party)
        case .survey(.responded(let answer)):
            let score = LastScores.Score(
                value: answer.score, scaleMax: answer.scaleMax, time: time, position: event.position.index)
            return .score(score, kind: answer.kind)
        case .interaction, .behavior: return event.isOwnDoing ? .engaged(at: time) : .none
        case .lead(.converted(let converted)): convert(event, party, to: converted.accountID)
        case .ticket(let step): return effect(of: step, event, on: party)
        case .invoice(let step): invoice(stream, of: party) { $0.take(step) }
        case .contract(let step):
            contracts.update(OwnedKey(party, stream), orInsert: ContractRow()) { $0.take(step) }
        case .subscription(let step):
            subscriptions.update(OwnedKey(party, stream), orInsert: SubscriptionRow()) {
                $0.take(step, at: time)
            }
        case .loyalty(let step):
            memberships.update(OwnedKey(party, stream), orInsert: LoyaltyRow()) {
                $0.take(step, on: CivilZone.utc.dayNumber(of: time))
            }
        default: break
        }
        return .none
    }

    private func deal(_ event: CRMEvent, of party: PartyKey, _ change: (inout DealRow) -> Void) -> PartyEffect {
        var (before, after) = (DealRow(), DealRow())
        deals.update(OwnedKey(party, stream), orInsert: DealRow()) { deal in
            before = deal
            change(&deal)
            after = deal
        }
        follow(before, after, event, of: party)
        return .deal(before: before, after: after)
    }

    private func order(_ event: CRMEvent, of party: PartyKey, _ change: (inout OrderRow) -> Void) -> PartyEffect {
        var (before, after) = (OrderRow(), OrderRow())
        orders.update(OwnedKey(party, stream), orInsert: OrderRow()) { order in
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
                guard !order.isPlaced else { return }
                order.isPlaced = true
                order.total = placed.total
                order.currency = placed.currency
                order.time = event.time.milliseconds
                order.lines = placed.lines.map { .init(product: $0.productID, quantityMilli: $0.quantityMilli) }
            case .cancelled(let cancelled): if cancelled.lines.isEmpty { order.isCancelled = true }
            case .returned(let returned): order.refunds &+= returned.refundDue
            case .approved, .fulfilled: break
            }
        }
    }

    private func effect(of step: TicketEvent, _ event: CRMEvent, on party: PartyKey) -> PartyEffect {
        let time = event.time.milliseconds
        if case .slaApplied = step { return .none }
        if case .slaConcluded(let sla) = step {
            return sla.outcome == "breached" ? .breach(at: min(time, sla.at)) : .none
        }
        var (before, after) = (TicketRow(), TicketRow())
        tickets.update(OwnedKey(party, stream), orInsert: TicketRow()) { ticket in
            before = ticket
            ticket.take(step, at: time)
            after = ticket
        }
        return .ticket(before: before, after: after)
    }

    /// Links a lead to its account. Of several conversions the last one in the log holds.
    private func convert(_ event: CRMEvent, _ party: PartyKey, to account: String) {
        guard party.kind == .lead, party.facet == account else { return }
        var former: String?
        var tally = EventTally()
        parties.update(party.bare, orInsert: PartyRow()) { row in
            former = row.account
            if former == nil { tally = row.tally }
            row.account = account
        }
        if let former {
            leadLinks.update(LeadLinkKey(account: former, lead: party.id), orInsert: LeadLinkRow(Origin(event))) {
                $0.isCurrent = false
            }
        } else {
            countConversion(tally)
        }
        leadLinks[LeadLinkKey(account: account, lead: party.id)] = LeadLinkRow(Origin(event))
    }
}

extension CRMEvent {
    /// Whether the customer did it of its own accord: it wrote or called, opened, clicked or answered a mail, or did
    /// something on a page. What a machine probably did doesn't count.
    var isOwnDoing: Bool {
        switch body {
        case .interaction(.recorded(let interaction)): return interaction.direction == "in"
        case .interaction(.emailEngaged(let engaged)):
            let kind = engaged.kind
            return (kind == "opened" || kind == "clicked" || kind == "replied") && !engaged.botSuspected
        case .behavior(.tracked): return true
        default: return false
        }
    }
}
