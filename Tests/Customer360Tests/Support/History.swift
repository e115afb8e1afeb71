import CanonicalJSON
import EventModel

/// A log in the making: events get the next position, and the next revision of their stream.
struct History {
    private(set) var events: [RecordedEvent] = []
    private var revisions: [String: UInt64] = [:]

    /// Minute 0 of every history: 2026-01-05T00:00:00Z.
    static let start: Int64 = 1_767_571_200_000

    /// The time of a minute.
    static func minute(_ minute: Int64) -> Int64 { start + minute * 60_000 }

    /// Records an event at a minute; by default one minute per position. Returns its id.
    @discardableResult
    mutating func add(
        _ type: String, _ stream: String, _ data: JSON = [:], personal: PersonalContent? = nil, minute: Int64? = nil
    ) -> String {
        let position = UInt64(events.count)
        let revision = revisions[stream, default: 0]
        revisions[stream] = revision + 1
        let time = Timestamp(milliseconds: Self.minute(minute ?? Int64(position)))
        let id = "e\(position)"
        var event = RecordedEvent(
            position: Position(position), stream: StreamName(recorded: stream), revision: Revision(revision),
            time: time, recorded: time,
            content: EventContent(type: type, key: EventKey(source: "/test", id: id), data: data.canonicalBytes))
        if let personal { event.personal = [personal] }
        events.append(event)
        return id
    }

    /// The same history as a reader finds it after the keys of some streams' persons were erased, or without them.
    func with(_ content: PersonalContent, in streams: Set<String>) -> History {
        var history = self
        for (index, event) in events.enumerated() where streams.contains(event.stream.text) && !event.personal.isEmpty {
            history.events[index].personal = [content]
        }
        return history
    }
}

extension History {
    /// The same history as a reader finds it who comes after the erasures of some streams' persons: what they had said
    /// until then is gone, also for who asks about a moment before.
    func erasing(_ erasures: [String: Position]) -> History {
        var history = self
        for (index, event) in events.enumerated() where !event.personal.isEmpty {
            guard let erasure = erasures[event.stream.text], event.position < erasure else { continue }
            history.events[index].personal = [.erased(at: erasure)]
        }
        return history
    }
}

extension History {
    /// The history when the event at a position was its newest.
    func truncated(after position: Position) -> History {
        var history = self
        history.events = events.filter { $0.position <= position }
        return history
    }
}

/// Events with the fields that their type requires, and short names for what the tests vary.
extension History {
    mutating func account(_ id: String, _ more: JSON.Members = [:], minute: Int64? = nil) {
        add(
            "account.created", "account-\(id)",
            .object((["account_id": .text(id), "natural_person": false] as JSON.Members).merging(more) { $1 }),
            minute: minute)
    }

    mutating func lead(_ id: String, minute: Int64? = nil) {
        add(
            "lead.captured", "lead-\(id)",
            ["lead_id": .text(id), "source": "fair", "channel": "event", "company_name": "Muster AG"], minute: minute)
    }

    mutating func convert(_ lead: String, to account: String, minute: Int64? = nil) {
        add(
            "lead.converted", "lead-\(lead)",
            ["account_id": .text(account), "contact_id": "c1", "created": ["account"]], minute: minute)
    }

    mutating func talk(_ id: String, with parties: [String], by channel: String = "call", minute: Int64? = nil) {
        add(
            "interaction.recorded", "interaction-\(id)",
            [
                "interaction_id": .text(id), "channel": .text(channel), "direction": "out",
                "party_ids": .array(parties.map { .text($0) }), "started_at": .integer(Self.minute(minute ?? 0)),
            ], minute: minute)
    }

    mutating func mail(_ id: String, reaches party: String, minute: Int64? = nil) {
        add(
            "email.engaged", "interaction-\(id)",
            ["message_id": .text(id), "party_id": .text(party), "kind": "opened"], minute: minute)
    }

    mutating func visit(_ stream: String, by party: String?, minute: Int64? = nil) {
        let who: (String, JSON) = party.map { ("party_id", .text($0)) } ?? ("anonymous_id", "v1")
        add(
            "behavior.tracked", "behavior-\(stream)", .object([who.0: who.1, "name": "page_viewed"]), minute: minute)
    }

    mutating func deal(
        _ id: String, of account: String, amount: Int64?, currency: String? = "CNY", minute: Int64? = nil
    ) {
        var data: JSON.Members = [
            "opportunity_id": .text(id), "account_id": .text(account), "name": "Deal", "pipeline_id": "standard",
            "pipeline_version": 1, "stage_id": "qualification", "owner_id": "u1", "type": "new",
        ]
        if let amount { data["amount"] = .integer(amount) }
        if let currency { data["currency"] = .text(currency) }
        add("opportunity.opened", "opportunity-\(id)", .object(data), minute: minute)
    }

    mutating func move(_ deal: String, to stage: String, minute: Int64? = nil) {
        add(
            "opportunity.stage_changed", "opportunity-\(deal)",
            ["from_stage_id": "qualification", "to_stage_id": .text(stage), "direction": "forward"], minute: minute)
    }

    mutating func reprice(_ deal: String, from old: Int64, to new: Int64, currency: String = "CNY") {
        add(
            "opportunity.amount_changed", "opportunity-\(deal)",
            ["old_amount": .integer(old), "new_amount": .integer(new), "currency": .text(currency)])
    }

    mutating func win(_ deal: String, _ amount: Int64, currency: String = "CNY") {
        add(
            "opportunity.won", "opportunity-\(deal)",
            ["amount": .integer(amount), "currency": .text(currency), "won_at": .integer(Self.start)])
    }

    mutating func lose(_ deal: String) {
        add(
            "opportunity.lost", "opportunity-\(deal)",
            ["reason_code": "price", "lost_at": .integer(Self.start), "stage_id": "qualification"])
    }

    mutating func reopen(_ deal: String) {
        add(
            "opportunity.reopened", "opportunity-\(deal)",
            ["to_stage_id": "proposal", "reason": "budget_found", "reverses": "e0"])
    }

    mutating func order(
        _ id: String, of account: String, _ total: Int64, currency: String = "CNY",
        lines: [(product: String, quantityMilli: Int64)] = [], minute: Int64? = nil
    ) {
        let lines: [JSON] = lines.enumerated().map { index, line in
            [
                "line_id": .text("\(index)"), "product_id": .text(line.product),
                "quantity_milli": .integer(line.quantityMilli), "unit_price": 1,
            ]
        }
        add(
            "order.placed", "order-\(id)",
            [
                "order_id": .text(id), "number": .text("N\(id)"), "account_id": .text(account),
                "lines": .array(lines), "total": .integer(total), "currency": .text(currency), "channel": "shop",
                "placed_at": .integer(Self.start),
            ], minute: minute)
    }

    mutating func invoice(
        _ id: String, of account: String, _ total: Int64, due: String, currency: String = "CNY", minute: Int64? = nil
    ) {
        add(
            "invoice.issued", "invoice-\(id)",
            [
                "invoice_id": .text(id), "number": .text("N\(id)"), "account_id": .text(account), "lines": [],
                "total": .integer(total), "currency": .text(currency), "issue_date": "2026-01-05",
                "due_date": .text(due),
            ], minute: minute)
    }

    mutating func pay(
        _ id: String, by account: String, _ amount: Int64, currency: String = "CNY", kind: String = "receipt",
        valueDate: String = "2026-01-05"
    ) {
        add(
            "payment.received", "payment-\(id)",
            [
                "payment_id": .text(id), "account_id": .text(account), "amount": .integer(amount),
                "currency": .text(currency), "method": "transfer", "value_date": .text(valueDate), "kind": .text(kind),
            ])
    }

    mutating func answer(
        _ stream: String, by party: String, _ kind: String, _ score: Int64, of scaleMax: Int64 = 10,
        minute: Int64? = nil
    ) {
        add(
            "survey.responded", "survey-\(stream)",
            [
                "survey_id": "s1", "party_id": .text(party), "kind": .text(kind), "score": .integer(score),
                "scale_max": .integer(scaleMax),
            ], minute: minute)
    }
}

/// Persons, with what is sealed in a real log opened.
extension History {
    mutating func contact(_ id: String, named name: String, email: String? = nil, title: String = "CTO") {
        var person: JSON.Members = ["family_name": .text(name)]
        if let email { person["email"] = .text(email) }
        add(
            "contact.created", "contact-\(id)", ["contact_id": .text(id), "job_title": .text(title)],
            personal: .opened(.object(person)))
    }

    mutating func link(_ contact: String, to account: String, as role: String, isActive: Bool = true) {
        add(
            "contact.linked", "contact-\(contact)",
            [
                "contact_id": .text(contact), "target_type": "account", "target_id": .text(account),
                "role": .text(role), "active": .boolean(isActive),
            ])
    }
}

extension PersonalContent {
    static func opened(_ fields: JSON) -> PersonalContent { .opened(fields.canonicalBytes) }
}
