import CanonicalJSON
import EventModel

/// Short ways to tell what happened to customers.
extension OrderLog {
    /// Milliseconds of noon of a day.
    static func noon(_ day: String) -> JSON { .integer((Timestamp(day + "T12:00:00Z"))?.milliseconds ?? 0) }

    /// Midnight of a day.
    static func midnight(_ day: CivilDay) -> JSON { .integer(day.start.milliseconds) }

    mutating func ticket(_ id: String, of account: String, on day: String, kind: String = "question") {
        record(
            "ticket.opened", "ticket-" + id, on: day,
            [
                "ticket_id": .text(id), "number": .text(id), "account_id": .text(account), "channel": "email",
                "kind": .text(kind), "priority": "normal",
            ])
    }

    mutating func promise(on ticket: String, day: String, isKept: Bool) {
        record(
            "sla.concluded", "sla-" + ticket, on: day,
            [
                "ticket_id": .text(ticket), "metric": "first_reply", "outcome": isKept ? "fulfilled" : "breached",
                "elapsed": 60, "at": Self.noon(day),
            ])
    }

    mutating func answer(
        _ survey: String, by party: String, on day: String, _ score: Int64, kind: String = "nps", of scale: Int64 = 10
    ) {
        record(
            "survey.responded", "survey-\(survey)-\(party)", on: day,
            [
                "survey_id": .text(survey), "party_id": .text(party), "kind": .text(kind), "score": .integer(score),
                "scale_max": .integer(scale),
            ])
    }

    mutating func interact(
        _ id: String, with party: String, on day: String, _ direction: String, outcome: String? = nil
    ) {
        var data: JSON.Members = [
            "interaction_id": .text(id), "channel": "call", "direction": .text(direction),
            "party_ids": [.text(party)], "started_at": Self.noon(day),
        ]
        data["outcome"] = outcome.map { .text($0) }
        record("interaction.recorded", "interaction-" + id, on: day, .object(data))
    }

    mutating func invoice(_ id: String, to account: String, on day: String, due: String, _ total: Int64) {
        record(
            "invoice.issued", "invoice-" + id, on: day,
            [
                "invoice_id": .text(id), "number": .text(id), "account_id": .text(account), "lines": [],
                "total": .integer(total), "currency": "CNY", "issue_date": .text(day), "due_date": .text(due),
            ])
    }

    /// A payment that is received and wholly allocated to one invoice.
    mutating func pay(_ id: String, by account: String, on day: String, invoice: String, _ amount: Int64) {
        record(
            "payment.received", "payment-" + id, on: day,
            [
                "payment_id": .text(id), "account_id": .text(account), "amount": .integer(amount), "currency": "CNY",
                "method": "transfer", "value_date": .text(day), "kind": "receipt",
            ])
        record(
            "payment.allocated", "payment-" + id, on: day,
            ["payment_id": .text(id), "allocations": [["invoice_id": .text(invoice), "amount": .integer(amount)]]])
    }

    mutating func contract(
        _ id: String, with account: String, from start: String, to end: String?, notice: Int64 = 0,
        kind: String = "service"
    ) {
        var data: JSON.Members = [
            "contract_id": .text(id), "number": .text(id), "kind": .text(kind),
            "party_ids": [.text("account-" + account)], "start_date": .text(start), "notice_days": .integer(notice),
        ]
        data["end_date"] = end.map { .text($0) }
        record("contract.drafted", "contract-" + id, on: start, .object(data))
        record("contract.activated", "contract-" + id, on: start, ["effective_date": .text(start)])
    }

    mutating func endContract(_ id: String, on day: String) {
        record("contract.ended", "contract-" + id, on: day, ["outcome": "terminated", "effective_date": .text(day)])
    }

    mutating func subscribe(_ id: String, _ account: String, on day: String) {
        record(
            "subscription.started", "subscription-" + id, on: day,
            [
                "subscription_id": .text(id), "account_id": .text(account), "plan_id": "p", "mrr": 100,
                "currency": "CNY", "current_period_end": Self.noon(day),
            ])
    }

    mutating func subscription(_ id: String, from old: String = "active", becomes new: String, on day: String) {
        record(
            "subscription.status_changed", "subscription-" + id, on: day, ["from": .text(old), "to": .text(new)])
    }

    /// One report on one day or several.
    mutating func use(_ account: String, on day: CivilDay, days: Int = 1, _ milli: Int64, metric: String = "logins") {
        let end = CivilDay(daysSinceEpoch: day.daysSinceEpoch + days)
        record(
            "usage.reported", "usage-" + account, on: day.description,
            [
                "account_id": .text(account), "metric": .text(metric), "quantity_milli": .integer(milli),
                "period_start": Self.midnight(day), "period_end": Self.midnight(end), "unit": "count",
            ])
    }

    mutating func own(_ account: String, by owner: String, on day: String) {
        record(
            "account.owner_assigned", "account-" + account, on: day, ["owner_id": .text(owner), "mode": "manual"])
    }

    mutating func link(
        _ contact: String, to account: String, on day: String, role: String? = nil, active: Bool = true
    ) {
        var data: JSON.Members = [
            "contact_id": .text(contact), "target_type": "account", "target_id": .text(account),
            "active": .boolean(active),
        ]
        data["role"] = role.map { .text($0) }
        record("contact.linked", "contact-" + contact, on: day, .object(data))
    }

    mutating func merge(_ other: String, into survivor: String, on day: String) {
        record(
            "party.merged", survivor, on: day,
            ["surviving_id": .text(survivor), "merged_ids": [.text(other)], "method": "manual"])
    }

    mutating func unmerge(_ other: String, from survivor: String, on day: String) {
        record(
            "party.unmerged", survivor, on: day,
            ["surviving_id": .text(survivor), "restored_ids": [.text(other)], "reason": "mistake"])
    }
}

extension FoldedOrders {
    /// What is said of one signal about a customer as of a day, as "severity age"; "absent" without grounds.
    func measure(_ signal: String, of account: String, on day: String) throws -> String {
        let row = try customer(account, ["as_of_day": .text(day), "fields": "own"])
        let measure = row?["measures"]?.elements?.first { $0["signal"]?.text == signal }
        guard let measure else { return "absent" }
        return "\(measure["severity_bp"]?.integer ?? -1) \(measure["age_days"]?.integer ?? -1)"
    }

    /// The positions of the events behind a reason.
    func evidence(of signal: String, _ account: String, on day: String) throws -> [Int64]? {
        let row = try customer(account, ["as_of_day": .text(day), "fields": "own"])
        return row?["reasons"]?.elements?.first { $0["signal"]?.text == signal }?["evidence"]?.elements?
            .compactMap(\.integer)
    }
}
