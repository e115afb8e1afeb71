@testable import CRMEvents
import CanonicalJSON
import EventModel
import Testing

/// Each case is worked by hand from the remarks of CATALOG.md section 5.
@Suite struct `Rules of the whole catalog` {
    /// The full example of a type with other members.
    private func changed(_ type: String, _ changes: [String: JSON?]) throws -> EventExample {
        let example = try #require(Catalog.standard.example(of: type, .full, personal: .leftOut))
        let data = changes.reduce(example.data) { $0.with($1.key, $1.value) }
        return EventExample(type: type, stream: example.stream, data: data)
    }

    private func faults(_ type: String, _ changes: [String: JSON?]) throws -> [String] {
        let example = try changed(type, changes)
        return try problems(type, example.stream, example.data).map(\.description)
    }

    private func accepts(_ type: String, _ changes: [String: JSON?]) throws {
        let example = try changed(type, changes)
        _ = try check(type, example.stream, example.data)
    }

    @Test func `keep the ends of periods in order`() throws {
        #expect(
            try faults("usage.reported", ["period_start": 2, "period_end": 1]) == ["period_start is after period_end"])
        try accepts("usage.reported", ["period_start": 2, "period_end": 2])
        for (type, first, last) in [
            ("campaign.created", "start_date", "end_date"), ("contract.drafted", "start_date", "end_date"),
            ("goal.set", "period_start", "period_end"), ("invoice.issued", "issue_date", "due_date"),
        ] {
            #expect(
                try faults(type, [first: "2026-03-01", last: "2026-02-28"]) == ["\(first) is after \(last)"])
            try accepts(type, [first: "2026-02-28", last: "2026-03-01"])
        }
        #expect(
            try faults("import.rolled_back", ["compensated_range": ["from": 5, "to": 4]])
                == ["compensated_range.from is after the end that stands beside it"])
        #expect(try faults("replay.performed", ["from": 5, "to": 4]) == ["from is after to"])
    }

    @Test func `let points be negative with a reversal, and only then`() throws {
        #expect(
            try faults("loyalty.points_earned", ["points": -5, "reverses_entry_id": nil])
                == ["points is negative, allowed is that only with reverses_entry_id"])
        #expect(
            try faults("loyalty.points_earned", ["points": 5])
                == ["points is not negative, and with reverses_entry_id it must be"])
        try accepts("loyalty.points_earned", ["points": -5])
        try accepts("loyalty.points_earned", ["points": 5, "reverses_entry_id": nil])
    }

    @Test func `pay an invoice, or an instalment of a plan`() throws {
        func allocations(_ entry: JSON) throws -> [String] { try faults("payment.allocated", ["allocations": [entry]]) }
        #expect(
            try allocations(["amount": 5])
                == ["allocations[0] has 0 of invoice_id and plan_id, allowed is exactly one of them"])
        #expect(
            try allocations(["invoice_id": "i1", "plan_id": "p1", "instalment_no": 1])
                == ["allocations[0] has 2 of invoice_id and plan_id, allowed is exactly one of them"])
        #expect(
            try allocations(["plan_id": "p1"])
                == ["allocations[0] has one of plan_id and instalment_no, allowed are both or neither"])
        try accepts("payment.allocated", ["allocations": [["plan_id": "p1", "instalment_no": 1]]])
    }

    @Test func `award an amount with its currency, or points without one`() throws {
        #expect(try faults("incentive.awarded", ["currency": nil])[0].hasPrefix("currency is missing, required beside"))
        #expect(
            try faults("incentive.awarded", ["amount": nil, "points": 5])
                == ["currency stands without amount, allowed is only beside it"])
        try accepts("incentive.awarded", ["amount": nil, "points": 5, "currency": nil])
    }

    @Test func `name a fingerprint for each destroyed key`() throws {
        #expect(
            try faults("privacy.subject_erased", ["key_ids": ["k1", "k2"]])
                == ["key_ids has 2 entries, allowed are as many as key_fingerprints has"])
    }

    @Test func `sum the lines of quotes and invoices`() throws {
        for type in ["quote.created", "quote.revised", "invoice.issued"] {
            #expect(
                try faults(type, ["total": 1]) == [
                    "total is not the sum of the 1 lines, each net and tax rounded half up"
                ])
        }
    }

    @Test(
        arguments: [
            ("fx", ["rates": [["base": "USD", "quote": "CNY", "rate_e9": 7_100_000_000]]], "body.rates[0].valid_from"),
            ("churn", ["signals": [], "bands": ["high"]], "body.bands[0]"),
            ("calendar", ["time_zone": "Asia/Shanghai", "week": [["day": 1, "from": "09:00"]]], "body.week[0].to"),
            ("sla", ["metric": "kindness", "targets": [], "calendar_id": "c1"], "body.metric"),
            ("retention", ["types": [], "purpose": "sales", "keep": -1, "legal_basis": "law"], "body.keep"),
        ] as [(String, JSON, String)])
    func `check the bodies of rules`(kind: String, body: JSON, path: String) throws {
        let example = try changed("rule.published", ["kind": .text(kind), "body": body])
        #expect(try problems("rule.published", example.stream, example.data).map(\.path) == [path])
    }

    @Test(
        arguments: [
            ("contact.linked", ["target_type": "partner", "target_id": "p5"], ["partner:p5"]),
            ("pool.claimed", ["entity_type": "lead", "entity_id": "9"], ["lead:9", "pool:pool1", "owner:owner1"]),
            (
                "contract.sent_for_signature", ["signers": [["contact_id": "1"], ["contact_id": "2", "order": 2]]],
                ["contact:1", "contact:2"]
            ),
            (
                "payment.allocated",
                ["allocations": [["invoice_id": "i1"], ["plan_id": "p1", "instalment_no": 1], ["invoice_id": "i2"]]],
                ["invoice:i1", "invoice:i2", "payment_plan:p1"]
            ),
            ("sync.conflict_detected", ["entity": "account", "id": "42"], ["account:42"]),
            ("prediction.recorded", ["subject_id": "account-42"], ["account:42"]),
            ("quote.accepted", ["accepted_by": "17"], ["contact:17"]),
            ("quote.sent", ["to_contact_ids": ["17", "18"]], ["contact:17", "contact:18"]),
            ("goal.set", ["owner_type": "team", "owner_id": "t1"], ["team:t1"]),
            ("party.merged", ["merged_ids": ["lead-9", "account-43"]], ["lead:9", "account:43"]),
            ("signal.raised", ["subject_type": "account", "subject_id": "42"], ["account:42"]),
            ("kb.article_published", [:], []),
            ("approval.requested", ["subject_type": "quote", "subject_id": "q8"], ["quote:q8"]),
        ] as [(String, JSON.Members, [String])])
    func `make terms of pairs, lists and named namespaces`(
        type: String, changes: JSON.Members, terms: [String]
    ) throws {
        let changes = Dictionary(uniqueKeysWithValues: changes.map { ($0.key, Optional($0.value)) })
        let data = try changed(type, changes).data
        let definition = try #require(Catalog.standard[type])
        let stream = ExampleMaker(extent: .full, personal: .leftOut).stream(definition.stream, data.members)
        #expect(try check(type, stream, data) == terms)
    }

    @Test(
        arguments: [
            ("tag.changed", ["target_type": "lead", "target_id": "9"], "lead-9", "account-9"),
            ("identity.linked", ["party_id": "party-a1"], "party-a1", "account-a1"),
            ("party.merged", ["surviving_id": "contact-17"], "contact-17", "contact-18"),
            ("pool.claimed", ["entity_type": "lead", "entity_id": "9"], "pool-lead-9", "pool-account-9"),
            (
                "privacy.subject_erased", ["party_ids": ["lead-9", "account-42"]], "privacy-account-42",
                "privacy-lead-8"
            ),
            ("campaign.cost_recorded", ["campaign_id": "k3"], "campaign-k3", "campaign-sales"),
            ("campaign.cost_recorded", ["campaign_id": nil, "scope": "sales"], "campaign-sales", "campaign-k3"),
            ("clock.day_ended", [:], "clock-day", "clock-night"),
            ("checkpoint.anchored", [:], "system-log", "system-log2"),
            ("journey.step_executed", ["party_id": "lead-9"], "journey-journey1-lead-9", "journey-journey1-lead-8"),
        ] as [(String, [String: JSON?], String, String)])
    func `want the stream that the document names`(
        type: String, changes: [String: JSON?], right: String, wrong: String
    ) throws {
        let example = try #require(Catalog.standard.example(of: type, .full))
        let data = changes.reduce(example.data) { $0.with($1.key, $1.value) }
        _ = try verdict(type, right, data).get()
        guard case .failure(.problems(_, let found, _)) = try verdict(type, wrong, data) else {
            Issue.record("\(wrong) was accepted")
            return
        }
        #expect(found.map(\.path) == ["stream"])
    }

    @Test func `take the correction of any event in its stream`() throws {
        let data: JSON = [
            "corrects_event_id": "e1", "reason": "typo",
            "changes": [["field": "industry", "old": 1, "new": ["any": 2]]],
        ]
        for stream in ["account-42", "order-r9"] { _ = try check("event.corrected", stream, data) }
        let personal = data.with("changes", [["field": "family_name", "new": "x"]])
        #expect(try problems("event.corrected", "account-42", personal).map(\.path) == ["changes[0].field"])
    }
}

@Suite struct `Personal members` {
    private func paths(_ type: String, _ stream: String, _ data: JSON) throws -> [String] {
        var terms = TermList()
        var personal = PersonalPlaces()
        let document = try JSONDocument(parsing: data.canonicalBytes)
        for _ in 0..<2 {  // the second time with the memory of the first
            try Catalog.standard.check(
                type: type.utf8.span, schema: 1, stream: stream.utf8.span, data: document.cursor, terms: &terms,
                personal: &personal)
        }
        return (0..<personal.count).map { index in
            document.cursor.path(to: personal[index]).map { step in
                switch step {
                case .member(let name): name
                case .element(let index): "\(index)"
                }
            }.joined(separator: ".")
        }
    }

    @Test func `are found where they stand, those of an object one by one`() throws {
        let lead: JSON = [
            "lead_id": "9", "source": "fair", "channel": "web", "person": ["email": "a", "phone": "b"], "message": "c",
            "note": "d",
        ]
        #expect(
            try paths("lead.captured", "lead-9", lead) == ["message", "note", "person.email", "person.phone"])
    }

    @Test func `of a change are its old and its new value`() throws {
        let changes: JSON = [
            ["field": "locale", "old": "de", "new": "en"], ["field": "email", "old": nil, "new": "a"],
            ["field": "phone", "new": "b"],
        ]
        #expect(
            try paths("contact.updated", "contact-17", ["changes": changes])
                == ["changes.1.new", "changes.1.old", "changes.2.new"])
    }

    @Test func `of an account depend on whether it is a person`() throws {
        let account: JSON = ["account_id": "42", "name": "Li Si", "natural_person": true, "domain": "x"]
        #expect(try paths("account.created", "account-42", account) == ["name"])
        #expect(try paths("account.created", "account-42", account.with("natural_person", false)) == [])
    }

    @Test func `are still checked for their kind`() throws {
        let contact: JSON = ["contact_id": "17", "family_name": "Li", "birth_date": "1990-02-30"]
        guard case .failure(.problems(_, let found, _)) = try verdict("contact.created", "contact-17", contact) else {
            Issue.record("accepted")
            return
        }
        #expect(found.map(\.path) == ["birth_date"])
    }
}

@Suite struct `An open type` {
    private let catalog = Catalog([
        EventTypeDefinition(
            "x.seen", "Something was seen.", in: .operations, stream: .category("x"),
            fields: [.required("kind", .object([.required("name", .text)]))], isOpen: true)
    ])

    private func paths(_ data: JSON) throws -> [String] {
        let stream = try StreamName("x-1")
        let node = try JSONDocument(parsing: data.canonicalBytes).root
        do throws(InvalidEvent) {
            _ = try catalog.check(type: "x.seen", schema: 1, stream: stream, data: node)
            return []
        } catch {
            guard case .problems(_, let found, _) = error else { return [error.description] }
            return found.map(\.path)
        }
    }

    @Test func `keeps fields that it does not know, but not inside of those it knows`() throws {
        #expect(try paths(["kind": ["name": "a"], "colour": "blue"]) == [])
        #expect(try paths(["kind": ["name": "a", "colour": "blue"]]) == ["kind.colour"])
        #expect(try paths(["colour": "blue"]) == ["kind"])
    }
}
