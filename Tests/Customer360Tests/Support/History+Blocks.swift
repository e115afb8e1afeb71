import CanonicalJSON
import EventModel

extension Int64 {
    /// Minutes of days.
    static func days(_ days: Int64) -> Int64 { days * 1440 }
}

/// Events behind the blocks of the page.
extension History {
    @discardableResult
    mutating func merge(_ account: String, into survivor: String, choosing: JSON.Members = [:]) -> String {
        add(
            "party.merged", "account-\(survivor)",
            [
                "surviving_id": .text("account-\(survivor)"), "merged_ids": [.text("account-\(account)")],
                "method": "manual", "field_choices": .object(choosing),
            ])
    }

    mutating func unmerge(_ account: String, from survivor: String) {
        unmerge(party: "account-" + account, from: "account-" + survivor)
    }

    mutating func merge(party: String, into survivor: String) {
        add(
            "party.merged", survivor,
            ["surviving_id": .text(survivor), "merged_ids": [.text(party)], "method": "manual"])
    }

    mutating func unmerge(party: String, from survivor: String) {
        add(
            "party.unmerged", survivor,
            ["surviving_id": .text(survivor), "restored_ids": [.text(party)], "reason": "mistake"])
    }

    mutating func update(_ account: String, _ field: String, _ value: JSON) {
        add("account.updated", "account-\(account)", ["changes": [["field": .text(field), "new": value]]])
    }

    mutating func allocate(_ payment: String, _ amount: Int64, to invoice: String) {
        add(
            "payment.allocated", "payment-\(payment)",
            [
                "payment_id": .text(payment),
                "allocations": [["invoice_id": .text(invoice), "amount": .integer(amount)]],
            ])
    }

    mutating func cost(_ product: String, _ amount: Int64, from day: String) {
        add(
            "price.set", "product-\(product)",
            [
                "product_id": .text(product), "kind": "cost", "amount": .integer(amount), "currency": "CNY",
                "effective_from": .text(day), "source": "erp",
            ])
    }

    mutating func earn(_ entry: String, _ points: Int64, until day: String?) {
        var data: JSON.Members = [
            "entry_id": .text(entry), "member_id": "m", "points": .integer(points), "reason": "order",
        ]
        if let day { data["expires_on"] = .text(day) }
        add("loyalty.points_earned", "loyalty-m", .object(data))
    }

    mutating func contract(
        _ id: String, of account: String, until end: String, noticeDays: Int64?, isActive: Bool = true
    ) {
        var data: JSON.Members = [
            "contract_id": .text(id), "number": "1", "kind": "sales", "party_ids": [.text("account-\(account)")],
            "start_date": "2026-01-01", "end_date": .text(end),
        ]
        if let noticeDays { data["notice_days"] = .integer(noticeDays) }
        add("contract.drafted", "contract-\(id)", .object(data))
        if isActive { add("contract.activated", "contract-\(id)", ["effective_date": "2026-01-01"]) }
    }

    mutating func subscribe(_ id: String, of account: String, _ mrr: Int64, trialEnd: Int64? = nil) {
        var data: JSON.Members = [
            "subscription_id": .text(id), "account_id": .text(account), "plan_id": "basic", "mrr": .integer(mrr),
            "currency": "CNY", "current_period_end": 0,
        ]
        if let trialEnd { data["trial_end"] = .integer(trialEnd) }
        add("subscription.started", "subscription-\(id)", .object(data))
    }

    @discardableResult
    mutating func consent(
        _ party: String, _ purpose: String, _ channel: String, until end: Int64? = nil, minute: Int64? = nil
    ) -> String {
        var data: JSON.Members = [
            "party_id": .text(party), "purpose": .text(purpose), "channel": .text(channel), "legal_basis": "consent",
            "text_version": "1", "evidence": "form",
        ]
        if let end { data["expires_at"] = .integer(end) }
        return add("consent.granted", "consent-\(party)", .object(data), minute: minute)
    }

    mutating func ticket(_ id: String, of account: String, _ kind: String, minute: Int64? = nil) {
        add(
            "ticket.opened", "ticket-\(id)",
            [
                "ticket_id": .text(id), "number": "1", "account_id": .text(account), "channel": "email",
                "kind": .text(kind), "priority": "low",
            ], minute: minute)
    }

    mutating func breach(_ ticket: String, minute: Int64) {
        add(
            "sla.concluded", "sla-\(ticket)",
            [
                "ticket_id": .text(ticket), "metric": "resolution", "outcome": "breached", "elapsed": 9,
                "at": .integer(Self.minute(minute)),
            ], minute: minute)
    }
}
