import CRMEvents
import CivilTime
import EventModel
import ProjectionRuntime

/// Invoices, payments and instalments. Every row belongs to the customer whose event changes it.
extension Customer360 {
    private func receive(_ payment: PaymentEvent.Received, _ event: CRMEvent, from party: PartyKey) -> PartyEffect {
        let isPrepayment = payment.kind == "prepayment" || payment.kind == "deposit"
        var isNews = false
        payments.update(OwnedKey(party, stream), orInsert: PaymentRow()) { row in
            isNews = !row.isReceived
            guard isNews else { return }
            row.isReceived = true
            row.currency = payment.currency
            row.isPrepayment = isPrepayment
            row.valueDay = civilDay(payment.valueDate) ?? CivilZone.utc.dayNumber(of: event.time.milliseconds)
        }
        guard isNews else { return .none }
        return .payment(amount: payment.amount, currency: payment.currency, isPrepayment: isPrepayment)
    }

    func effect(of step: PaymentEvent, _ event: CRMEvent, on party: PartyKey) -> PartyEffect {
        switch step {
        case .received(let payment): return receive(payment, event, from: party)
        case .paymentPlanScheduled(let plan):
            plans.update(OwnedKey(party, stream), orInsert: PlanRow()) { row in
                row.currency = plan.currency
                row.reschedule()
                for part in plan.instalments {
                    row.schedule(part.no ?? 0, dueDay: part.dueDate.flatMap(civilDay), amount: part.amount ?? 0)
                }
            }
            return .none
        case .allocated(let allocated):
            let payment = payments[OwnedKey(party, stream)] ?? PaymentRow()
            var sum: Int64 = 0
            for part in allocated.allocations {
                sum &+= part.amount ?? 0
                let day = CivilZone.utc.dayNumber(of: event.time.milliseconds)
                allocate(part, allocated.fxRateE9, payment, day, of: party)
            }
            return .applied(amount: sum, currency: payment.currency, isPrepayment: payment.isPrepayment)
        case .refunded(let refund):
            let payment = payments[OwnedKey(party, stream)] ?? PaymentRow()
            return .applied(amount: refund.amount, currency: payment.currency, isPrepayment: payment.isPrepayment)
        }
    }

    /// What a payment settles is in the currency of the payment; with a rate it is converted into that of the invoice.
    private func allocate(
        _ part: PaymentEvent.Allocated.Allocation, _ rate: Int64?, _ payment: PaymentRow, _ day: Int32,
        of party: PartyKey
    ) {
        let amount =
            rate.map { rate in
                Int64(clamping: roundedHalfUp(Int128(part.amount ?? 0) * Int128(rate), by: 1_000_000_000))
            } ?? part.amount ?? 0
        if let id = part.invoiceID {
            let key = OwnedKey(party, "invoice-" + id)
            if invoices[key]?.isIssued == true {
                invoice(key.stream, of: party) { $0.allocate(amount, valueDay: payment.valueDay, on: day) }
            } else {
                settlements.update(SettlementKey(id, party), orInsert: InvoiceRow()) {
                    $0.allocate(amount, valueDay: payment.valueDay, on: day)
                }
            }
        } else if let plan = part.planID {
            plans.update(OwnedKey(party, "payment_plan-" + plan), orInsert: PlanRow()) {
                $0.receive(amount, for: part.instalmentNo ?? 0)
            }
        }
    }

    /// Changes an invoice, and keeps the list of those that are not settled.
    func invoice(_ stream: String, of party: PartyKey, _ change: (inout InvoiceRow) -> Void) {
        let key = OwnedKey(party, stream)
        var row = invoices[key] ?? InvoiceRow()
        change(&row)
        invoices[key] = row
        openInvoices[key] = row.isSettled ? nil : row
    }
}

extension InvoiceRow {
    mutating func take(_ event: InvoiceEvent) {
        switch event {
        case .issued(let issued):
            isIssued = true
            total = issued.total
            currency = issued.currency
            dueDay = civilDay(issued.dueDate)
        case .adjusted(let adjustment): adjusted &+= adjustment.amount
        }
    }
}
