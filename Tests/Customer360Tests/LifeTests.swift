import CanonicalJSON
import ProjectionRuntime
import Testing

@Suite struct `Stages, consents, service and quality` {
    @Test func `the stage of life is derived, moves back and can be set by hand`() async throws {
        var history = History()
        history.lead("9", minute: 0)
        history.add("lead.qualified", "lead-9", ["stage": "mql", "criteria_version": 1, "by": "u1"], minute: 1)
        history.convert("9", to: "42", minute: 2)
        history.deal("o1", of: "42", amount: 1, minute: 3)
        history.add(
            "opportunity.lost", "opportunity-o1", ["reason_code": "price", "lost_at": 0, "stage_id": "x"], minute: 4)
        history.order("r1", of: "42", 1, minute: 5)
        let page = try #require(try await Customers(history).customer("42"))
        let stages = page.at("lifecycle.intervals")?.elements?.compactMap { $0["stage"]?.text }
        #expect(stages == ["lead", "mql", "opportunity", "mql", "customer"])
        #expect(page.at("lifecycle.since_ms") == .integer(History.minute(5)))
        history.add("account.classified", "account-42", ["scheme": "lifecycle", "value": "at_risk"], minute: 6)
        #expect(try await Customers(history).customer("42")?.at("lifecycle.stage") == "at_risk")
    }

    @Test func `a win leads from an opportunity to a customer, with no stage between`() async throws {
        var history = History()
        history.lead("9", minute: 0)
        history.convert("9", to: "42", minute: 1)
        history.deal("o1", of: "42", amount: 1, minute: 2)
        history.win("o1", 1)
        let page = try #require(try await Customers(history).customer("42"))
        let stages = page.at("lifecycle.intervals")?.elements?.compactMap { $0["stage"]?.text }
        #expect(stages == ["lead", "opportunity", "customer"])
    }

    @Test func `consents stand in a matrix of purposes and channels, and run out`() async throws {
        var history = History()
        let grant = history.consent("account-42", "news", "email", until: History.minute(30), minute: 1)
        history.consent("account-42", "news", "sms", minute: 2)
        history.add(
            "consent.withdrawn", "consent-account-42",
            ["party_id": "account-42", "purpose": "news", "channel": "sms", "trigger": "subject"], minute: 3)
        let page = try #require(try await Customers(history).customer("42"))
        #expect(page.at("consent.news.email.state") == "granted")
        #expect(page.at("consent.news.email.event") == .text(grant))
        #expect(page.at("consent.news.sms.state") == "withdrawn" && page.at("consent.news.sms.trigger") == "subject")
        history.visit("x", by: "account-42", minute: 30)
        #expect(try await Customers(history).customer("42")?.at("consent.news.email.state") == "expired")
    }

    @Test func `service looks back ninety days`() async throws {
        var history = History()
        history.ticket("t1", of: "42", "complaint", minute: 0)
        history.ticket("t2", of: "42", "question", minute: .days(40))
        history.add("ticket.classified", "ticket-t2", ["kind": "complaint"], minute: .days(41))
        history.breach("t1", minute: .days(1))
        history.add(
            "ticket.resolved", "ticket-t1", ["resolution_code": "done", "resolver_id": "u1"], minute: .days(2))
        history.answer("s1", by: "account-42", "csat", 2, of: 5, minute: .days(3))
        let service = try #require(try await Customers(history).customer("42")?["service"])
        #expect(service["open_tickets"] == 1 && service["complaints_90d"] == 2 && service["sla_breaches_90d"] == 1)
        #expect(service.at("last_csat.score") == 2)
        history.visit("x", by: "account-42", minute: .days(90))
        let later = try #require(try await Customers(history).customer("42")?["service"])
        #expect(later["complaints_90d"] == 1 && later["sla_breaches_90d"] == 1)
        history.visit("x", by: "account-42", minute: .days(91))
        #expect(try await Customers(history).customer("42")?.at("service.sla_breaches_90d") == 0)
    }

    @Test func `engagement is what the customer did of its own accord in thirty days`() async throws {
        var history = History()
        history.talk("i1", with: ["account-42"], minute: 0)
        history.mail("i1", reaches: "account-42", minute: 1)
        history.visit("x", by: "account-42", minute: .days(29))
        #expect(try await Customers(history).customer("42")?.at("marketing.engagement_30d") == 2)
        history.visit("x", by: "account-42", minute: .days(30))
        #expect(try await Customers(history).customer("42")?.at("marketing.engagement_30d") == 2)
        #expect(try await Customers(history).customer("42")?.at("marketing.first_touch.position") == 0)
    }

    @Test func `open deals are weighted by their stage, or by what somebody said of them`() async throws {
        var history = History()
        history.add(
            "rule.published", "rule-standard",
            [
                "rule_id": "standard", "kind": "pipeline", "version": 1, "effective_from": 0,
                "body": ["stages": [["stage_id": "qualification", "ordinal": 1, "probability": 1550]]],
            ])
        history.deal("o1", of: "42", amount: 100)
        history.deal("o2", of: "42", amount: 1_000)
        history.deal("o3", of: "42", amount: 1_000)
        history.move("o3", to: "unknown")
        history.add(
            "opportunity.forecast_changed", "opportunity-o2",
            ["category": "commit", "probability": 9_000, "overridden": true])
        let pipeline = try #require(try await Customers(history).customer("42")?["pipeline"])
        // 100 × 15.5 % = 15.5 and 1,000 × 90 % = 900: 915.5, half up.
        #expect(pipeline["weighted_amount"] == ["CNY": 916] && pipeline["without_probability"] == 1)
        let stamp = try #require(try await Customers(history).answer(.get("42")))
        #expect(stamp["rules"] == [["kind": "pipeline", "rule_id": "standard", "version": 1]])
        #expect(stamp["time_zone"] == "UTC" && stamp["position"] == 5)
    }

    /// 91350100M000100Y43 is the example of GB 32100; age 365 days halves freshness (READ_MODELS.md section 11).
    @Test(arguments: [("91350100M000100Y43", 10_000), ("91350100M000100Y44", 0)])
    func `quality has four parts`(code: String, validity: Int64) async throws {
        var history = History()
        history.account(
            "42",
            [
                "name": "Muster AG", "unified_credit_code": .text(code), "industry": "steel", "domain": "m.example",
                "owner_id": "u1",
            ], minute: 0)
        history.visit("x", by: "account-42", minute: .days(365))
        let page = try #require(try await Customers(history).customer("42"))
        #expect(
            page["quality"] == [
                "completeness_bp": 10_000, "validity_bp": .integer(validity), "uniqueness_bp": 10_000,
                "freshness_bp": 5_000, "score_bp": validity > 0 ? 8_750 : 6_250,
            ])
        history.add(
            "party.duplicate_detected", "duplicate-d1",
            [
                "candidate_ids": ["account-42", "account-43"], "score": 9_000, "rule_id": "r", "rule_version": 1,
                "evidence": [],
            ])
        #expect(try await Customers(history).customer("42")?.at("quality.uniqueness_bp") == 0)
        history.add(
            "party.duplicate_reviewed", "duplicate-d1",
            ["candidate_ids": ["account-42", "account-43"], "decision": "distinct", "reviewer_id": "u1"])
        #expect(try await Customers(history).customer("42")?.at("quality.uniqueness_bp") == 10_000)
    }

    @Test func `a contact's events belong to the account that it was linked to when they happened`() async throws {
        var history = History()
        history.contact("c", named: "Smith")
        history.link("c", to: "a", as: "user")
        history.talk("i1", with: ["contact-c"])
        history.link("c", to: "a", as: "user", isActive: false)
        history.link("c", to: "b", as: "user")
        history.talk("i2", with: ["contact-c"])
        let customers = try await Customers(history)
        #expect(try await customers.customer("a")?.positions == [3, 2, 1])
        #expect(try await customers.customer("b")?.positions == [5, 4])
        #expect(try await customers.report().at("unattributed.events") == 1)
        #expect(try await customers.report()["accounts"] == 2)
    }
}
