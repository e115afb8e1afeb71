import CanonicalJSON
import Customer360
import EventModel
import Testing

@testable import ProjectionRuntime

@Suite struct `Why a value is what it is` {
    private func why(_ key: String, _ field: String, _ history: History, _ parameters: JSON = [:]) throws -> JSON? {
        let log = IndexedHistory(history)
        let box = try #require(try AsOfViews(DecodedLog(log)).entitySnapshot(Customer360.self, key, ReplayBounds()))
        return try Customer360.why(key, field: field, try ViewParameters(parameters), in: box.open())
    }

    private func positions(_ answer: JSON?) -> [Int64]? {
        answer?["events"]?.elements?.compactMap { $0["position"]?.integer }
    }

    private var history: History {
        var history = History()
        history.account("42", ["industry": "retail", "owner_id": "u1"])
        history.update("42", "domain", "m.example")
        history.update("42", "industry", "steel")
        history.order("r1", of: "42", 100)
        history.add("order.cancelled", "order-r1", ["reason": "odd"])
        history.order("r2", of: "42", 60)
        history.add("account.owner_assigned", "account-42", ["owner_id": "u2", "mode": "manual"])
        history.consent("account-42", "news", "email")
        history.consent("account-42", "news", "sms")
        return history
    }

    @Test func `an event has its position, id, type, time and stream`() throws {
        let answer = try #require(try why("42", "profile.domain", history))
        #expect(answer["value"] == ["value": "m.example", "event": "e1"])
        #expect(
            answer["events"] == [
                [
                    "position": 1, "id": "e1", "type": "account.updated", "time_ms": .integer(History.minute(1)),
                    "stream": "account-42",
                ]
            ])
    }

    @Test(
        arguments: [
            ("profile.industry", [2, 0]), ("commerce.revenue", [5, 4, 3]), ("owner", [6, 0]),
            ("consent.news.email", [7]),
            ("consent", [8, 7]), ("commerce.first_order_date", [5, 3]),
        ] as [(String, [Int64])])
    func `the events of a value are those of its kind that say something about it`(
        field: String, expected: [Int64]
    ) throws {
        #expect(positions(try why("42", field, history)) == expected)
    }

    @Test(
        arguments: [
            ("pipeline.weighted_amount", [5, 1]), ("pipeline.amount", [5]), ("commerce.margin", [6, 2]),
            ("commerce.revenue", [6]), ("quality.uniqueness_bp", [7, 3]), ("contacts.c1", [4, 0]),
        ] as [(String, [Int64])])
    func `rules, costs, suspicions and what was said of a contact before its link are among them`(
        field: String, expected: [Int64]
    ) throws {
        var history = History()
        history.add(
            "contact.created", "contact-c1", ["contact_id": "c1"],
            personal: .opened(["name": ["family_name": "Muster"]]))
        history.add(
            "rule.published", "rule-standard",
            [
                "rule_id": "standard", "kind": "pipeline", "version": 1, "effective_from": 0,
                "body": ["stages": [["stage_id": "qualification", "ordinal": 1, "probability": 1500]]],
            ])
        history.cost("p1", 30, from: "2025-01-01")
        history.account("42")
        history.link("c1", to: "42", as: "user")
        history.deal("o1", of: "42", amount: 10)
        history.order("r1", of: "42", 100, lines: [("p1", 1_000)])
        history.add(
            "party.duplicate_detected", "duplicate-d1",
            [
                "candidate_ids": ["account-42", "account-43"], "score": 9000, "rule_id": "r", "rule_version": 1,
                "evidence": [],
            ])
        #expect(positions(try why("42", field, history)) == expected)
        // In pages of one event of the customer's own, nothing is told twice and nothing is left out.
        var found: [Int64] = []
        var parameters: JSON.Members = ["limit": 1]
        repeat {
            let page = try #require(try why("42", field, history, .object(parameters)))
            found += try #require(positions(page))
            parameters["before"] = page["next"]?.integer.map { .integer($0) }
        } while parameters["before"] != nil
        #expect(found == expected)
    }

    @Test(
        arguments: [
            ("counts.order.placed", 2, [5, 3]), ("counts.consent.granted", 2, [8, 7]), ("tags.v1.2.event", "e9", [9]),
            ("contacts.c.1.role", "user", [11]), ("consent.news.email.state", "granted", [7]),
        ] as [(String, JSON, [Int64])])
    func `names on the way to a value may have dots of their own`(
        field: String, value: JSON, expected: [Int64]
    ) throws {
        var history = history
        history.add(
            "tag.changed", "account-42",
            ["target_type": "account", "target_id": "42", "added": ["v1.2"], "removed": []])
        history.contact("c.1", named: "Li")
        history.link("c.1", to: "42", as: "user")
        let answer = try #require(try why("42", field, history))
        #expect(answer["value"] == value)
        #expect(positions(answer) == expected)
    }

    @Test func `events come in pages, newest first`() throws {
        let page = try #require(try why("42", "events", history, ["limit": 4]))
        #expect(positions(page) == [8, 7, 6, 5] && page["next"] == 5 && page["value"] == 9)
        #expect(positions(try why("42", "events", history, ["before": 5])) == [4, 3, 2, 1, 0])
    }

    @Test func `nobody has no value, and a path that leads nowhere is refused`() throws {
        #expect(try why("43", "owner", history) == nil)
        #expect(throws: ViewError.self) { try why("42", "nonsense", history) }
    }

    @Test(arguments: [
        ("commerce.nosuch", "revenue"), ("commerce.receivables.nosuch", "overdue"), ("service.tickets", "open_tickets"),
        ("owner.name", "team"), ("events.order.placed", "'events' itself"),
        ("lifecycle.intervals.0", "'lifecycle.intervals' itself"),
    ])
    func `a member that the page does not have is refused, with those that it has`(
        field: String, named: String
    ) throws {
        let error = #expect(throws: ViewError.self) { try why("42", field, history) }
        #expect("\(try #require(error))".contains(named))
    }

    @Test(arguments: [
        "profile.employee_count", "consent.news.fax", "counts.quote.sent", "contacts.c9", "tags.x", "scores.nps",
        "classification.tier", "commerce.revenue.USD", "won.revenue.USD",
    ])
    func `what nobody said anything of yet has no value`(field: String) throws {
        #expect(try why("42", field, history)?["value"] == .null)
    }
}
