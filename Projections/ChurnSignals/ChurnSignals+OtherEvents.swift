import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// The types of the catalog that have no Swift value of their own yet, read by their fields' names.
extension ChurnSignals {
    func apply(_ data: JSONNode, _ event: CRMEvent) {
        switch event.type {
        case "order.returned":
            note(.orderReturned(Ref(event.stream.id), refund: data["refund_due"]?.integer ?? 0), event)
        case "invoice.issued": invoice(data, event)
        case "invoice.adjusted":
            note(.invoiceAdjusted(Ref(event.stream.id), amount: data["amount"]?.integer ?? 0), event)
        case "payment.allocated": allocate(data, event)
        case "ticket.opened":
            anchor(event)
            let isComplaint = data["kind"]?.hasText("complaint") == true
            note(.ticketOpened(Ref(event.stream.id), isComplaint: isComplaint), event)
        case "ticket.classified":
            guard let kind = data["kind"] else { return }
            note(.ticketClassified(Ref(event.stream.id), isComplaint: kind.hasText("complaint")), event)
        case "sla.concluded":
            switch data["outcome"]?.text {
            case "fulfilled": note(.promiseEnded(isBroken: false), event)
            case "breached": note(.promiseEnded(isBroken: true), event)
            default: break
            }
        case "survey.sent": ask(data, event)
        case "usage.reported": use(data, event)
        case "consent.withdrawn": note(.consentWithdrawn, event)
        case "subscription.started":
            anchor(event)
            note(.subscribed(Ref(event.stream.id)), event)
        case "subscription.status_changed":
            note(.subscriptionBecame(Ref(event.stream.id), Fact.Subscription(data["to"]?.text ?? "")), event)
        case "contact.linked": link(data, event)
        case "party.merged": merge(data, "merged_ids", .merged, event)
        case "party.unmerged": merge(data, "restored_ids", .restored, event)
        case "prediction.recorded": record(data, event)
        default: contract(data, event)
        }
    }

    private func contract(_ data: JSONNode, _ event: CRMEvent) {
        let ref = Ref(event.stream.id)
        switch event.type {
        case "contract.drafted":
            anchor(event)
            // What we buy, and promises of silence, are no reason to fear for a customer.
            guard let kind = data["kind"]?.text, ["sales", "service", "lease"].contains(kind) else { return }
            note(
                .contractDrafted(
                    ref, endDay: data["end_date"]?.day ?? .max,
                    noticeDays: Int32(clamping: data["notice_days"]?.integer ?? 0)), event)
        case "contract.activated":
            if let day = data["effective_date"]?.day { note(.contractActivated(ref, day: day), event) }
        case "contract.amended": amend(data, ref, event)
        case "contract.renewed":
            if let day = data["new_end_date"]?.day { note(.contractRenewed(ref, endDay: day), event) }
        case "contract.ended":
            if let day = data["effective_date"]?.day { note(.contractEnded(ref, day: day), event) }
        default: break
        }
    }

    private func amend(_ data: JSONNode, _ ref: Ref, _ event: CRMEvent) {
        var (end, notice): (Int32?, Int32?)
        for change in data["changes"]?.elements.map({ $0 }) ?? [] {
            switch change["field"]?.text {
            case "end_date": end = change["new"]?.day ?? .max
            case "notice_days": notice = Int32(clamping: change["new"]?.integer ?? 0)
            default: break
            }
        }
        if end != nil || notice != nil { note(.contractAmended(ref, endDay: end, noticeDays: notice), event) }
    }

    private func invoice(_ data: JSONNode, _ event: CRMEvent) {
        anchor(event)
        guard let total = data["total"]?.integer, let currency = data["currency"]?.text, let due = data["due_date"]?.day
        else { return }
        note(
            .invoiced(Ref(event.stream.id), Money(currency: CurrencyCode(currency), amount: total), dueDay: due), event)
    }

    private func allocate(_ data: JSONNode, _ event: CRMEvent) {
        for part in data["allocations"]?.elements.map({ $0 }) ?? [] {
            guard let invoice = part["invoice_id"]?.text, let amount = part["amount"]?.integer else { continue }
            note(.allocated(payment: Ref(event.stream.id), invoice: Ref(invoice), amount: amount), event)
        }
    }

    private func ask(_ data: JSONNode, _ event: CRMEvent) {
        guard let survey = data["survey_id"]?.text, let party = data["party_id"]?.text else { return }
        note(.asked(Fact.Survey(data["kind"]?.text ?? ""), Ref(survey), party: Ref(party)), event)
    }

    /// A period that begins and ends at midnight is so many days; a broken day counts as a whole one.
    private func use(_ data: JSONNode, _ event: CRMEvent) {
        guard let metric = data["metric"]?.text, let milli = data["quantity_milli"]?.integer,
            let start = data["period_start"]?.integer, let end = data["period_end"]?.integer
        else { return }
        let days = max(1, (end - start + Timestamp.millisecondsPerDay - 1) / Timestamp.millisecondsPerDay)
        note(
            .used(
                metric: Ref(metric), milli: milli, startDay: Int32(clamping: Self.day(of: start)),
                dayCount: Int32(clamping: days)), event)
    }

    private func link(_ data: JSONNode, _ event: CRMEvent) {
        guard data["target_type"]?.hasText("account") == true, let account = data["target_id"]?.text,
            let contact = data["contact_id"]?.text
        else { return }
        let decides = data["role"]?.hasText("decision_maker") == true
        let kind: TieRow.Kind =
            data["active"]?.boolean == false
            ? decides ? .unlinkedAsDecisionMaker : .unlinked : decides ? .linkedAsDecisionMaker : .linked
        tie(.account(account), PartyKey(.contact, contact), kind, event)
    }

    private func merge(_ data: JSONNode, _ list: String, _ kind: TieRow.Kind, _ event: CRMEvent) {
        guard let survivor = data["surviving_id"]?.text.flatMap(PartyKey.init(ownStream:)) else { return }
        for element in data[list]?.elements.map({ $0 }) ?? [] {
            guard let other = element.text.flatMap(PartyKey.init(ownStream:)), other != survivor else { continue }
            tie(survivor, other, kind, event)
        }
    }

    /// Keeps the parameters of a whole model; a prediction about one party is not one.
    private func record(_ data: JSONNode, _ event: CRMEvent) {
        guard data["subject_id"] == nil, let model = data["model_id"]?.text,
            let parameters = data["params"]?.members.compactMap({ name, value in
                value.integer.map { ParameterRow.Parameter(name: name, nano: $0) }
            }), !parameters.isEmpty
        else { return }
        self.parameters[PositionKey(event.position.index)] = ParameterRow(
            time: event.time.milliseconds, model: model, version: data["model_version"]?.integer ?? 0,
            inputPosition: data["input_position"]?.integer ?? 0, parameters: parameters)
        changed(event, model, parameters.reduce(0) { $0 &* 31 &+ $1.nano })
    }

    /// Keeps a churn rule. A body that the catalog would refuse holds what it holds.
    func publish(_ rule: RuleEvent.Published, _ event: CRMEvent) {}
}

extension Fact.Subscription {
    /// Past due and unpaid are a matter of payment; only a cancellation ends it.
    init(_ status: String) {
        switch status {
        case "paused": self = .paused
        case "canceled", "incomplete_expired": self = .canceled
        default: self = .live
        }
    }
}

extension JSONNode {
    /// A civil day in days since 1970-01-01.
    fileprivate var day: Int32? { text.flatMap { CivilDay($0) }.map { Int32(clamping: $0.daysSinceEpoch) } }
}
