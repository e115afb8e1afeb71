import CRMEvents
import CanonicalJSON
import EventModel

/// What the customer ordered, owes and is bound by.
extension ChurnSignals {
    func apply(_ change: OrderEvent, _ event: CRMEvent) {
        switch change {
        case .placed(let order):
            let money = Money(currency: CurrencyCode(order.currency), amount: order.total)
            note(.ordered(Ref(event.stream.id), money), event)
        case .cancelled(let cancellation):
            if cancellation.lines.isEmpty { note(.orderCancelled(Ref(event.stream.id)), event) }
        case .returned(let items): note(.orderReturned(Ref(event.stream.id), refund: items.refundDue), event)
        case .approved, .fulfilled: break
        }
    }

    func apply(_ change: InvoiceEvent, _ event: CRMEvent) {
        switch change {
        case .issued(let invoice):
            guard let due = invoice.dueDate.civilDay else { return }
            let money = Money(currency: CurrencyCode(invoice.currency), amount: invoice.total)
            note(.invoiced(Ref(event.stream.id), money, dueDay: due), event)
        case .adjusted(let adjustment):
            note(.invoiceAdjusted(Ref(event.stream.id), amount: adjustment.amount), event)
        }
    }

    func apply(_ change: PaymentEvent, _ event: CRMEvent) {
        switch change {
        case .received(let payment):
            if let day = payment.valueDate.civilDay { note(.paid(Ref(event.stream.id), valueDay: day), event) }
        case .allocated(let payment):
            for part in payment.allocations {
                guard let invoice = part.invoiceID, let paid = part.amount else { continue }
                let amount = payment.fxRateE9.map { Self.converted(paid, $0) } ?? paid
                note(.allocated(payment: Ref(event.stream.id), invoice: Ref(invoice), amount: amount), event)
            }
        case .paymentPlanScheduled, .refunded: break
        }
    }

    /// What a payment in another currency settles, in that of the invoice, rounded half up.
    private static func converted(_ amount: Int64, _ rateE9: Int64) -> Int64 {
        Int64(clamping: (Int128(amount) * Int128(rateE9)).dividedHalfUp(by: 1_000_000_000))
    }

    func apply(_ change: ContractEvent, _ event: CRMEvent) {
        let ref = Ref(event.stream.id)
        switch change {
        case .drafted(let contract):
            // What we buy, and promises of silence, are no reason to fear for a customer.
            guard ["sales", "service", "lease"].contains(contract.kind) else { return }
            note(
                .contractDrafted(
                    ref, endDay: contract.endDate?.civilDay ?? .max,
                    noticeDays: Int32(clamping: contract.noticeDays ?? 0), renewsItself: contract.autoRenew), event)
        case .activated(let contract):
            if let day = contract.effectiveDate.civilDay { note(.contractActivated(ref, day: day), event) }
        case .amended(let amendment): amend(amendment.changes, ref, event)
        case .renewed(let renewal):
            if let day = renewal.newEndDate.civilDay { note(.contractRenewed(ref, endDay: day), event) }
        case .ended(let end):
            if let day = end.effectiveDate.civilDay { note(.contractEnded(ref, day: day), event) }
        case .sentForSignature, .signed: break
        }
    }

    private func amend(_ changes: [FieldChange], _ ref: Ref, _ event: CRMEvent) {
        var (end, notice): (Int32?, Int32?)
        var renewsItself: Bool?
        for change in changes {
            switch change.field {
            case "end_date": end = change.new.text?.civilDay ?? .max
            case "notice_days": notice = Int32(clamping: change.new.integer ?? 0)
            case "auto_renew": renewsItself = change.new.boolean ?? false
            default: break
            }
        }
        guard end != nil || notice != nil || renewsItself != nil else { return }
        note(.contractAmended(ref, endDay: end, noticeDays: notice, renewsItself: renewsItself), event)
    }

    func apply(_ change: SubscriptionEvent, _ event: CRMEvent) {
        let ref = Ref(event.stream.id)
        switch change {
        case .started:
            note(.subscribed(ref), event)
        case .statusChanged(let change): note(.subscriptionBecame(ref, Fact.Subscription(change.to)), event)
        case .changed: break
        }
    }
}

extension Fact.Subscription {
    /// Past due and unpaid are a matter of payment; only a cancellation ends it.
    fileprivate init(_ status: String) {
        switch status {
        case "paused": self = .paused
        case "canceled", "incomplete_expired": self = .canceled
        default: self = .live
        }
    }
}

extension String {
    /// A civil date in days since 1970-01-01; `nil` if it is none.
    fileprivate var civilDay: Int32? { CivilDay(self).map { Int32(clamping: $0.daysSinceEpoch) } }
}
