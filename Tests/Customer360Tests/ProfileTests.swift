import CanonicalJSON
import Testing

@Suite struct `Profile` {
    @Test func `each field carries the event that won`() async throws {
        var history = History()
        history.account("42", ["industry": "retail", "employee_count": 20])
        history.add(
            "account.updated", "account-42",
            ["changes": [["field": "industry", "old": "retail", "new": "logistics"]], "reason": "edit"])
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(customer.at("profile.industry") == ["value": "logistics", "event": "e1"])
        #expect(customer.at("profile.employee_count") == ["value": 20, "event": "e0"])
        #expect(customer.at("profile.natural_person") == ["value": false, "event": "e0"])
        #expect(customer.at("profile.domain") == nil)
    }

    @Test func `an empty value wins over nothing`() async throws {
        var history = History()
        history.account("42", ["industry": "retail"])
        history.add(
            "account.updated", "account-42",
            [
                "changes": [
                    ["field": "industry", "new": .null], ["field": "domain", "new": ""],
                    ["field": "billing_address", "new": ["city": "Köln", "lines": ["Weg 1"]]],
                ], "reason": "sync",
            ])
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(customer.at("profile.industry") == ["value": "retail", "event": "e0"])
        #expect(customer.at("profile.domain") == nil)
        #expect(customer.at("profile.billing_address.value.city") == "Köln")
    }

    @Test func `owner and classes are those of the last event`() async throws {
        var history = History()
        history.account("42", ["owner_id": "u1"])
        #expect(
            try await Customers(history).customer("42")?["owner"] == [
                "id": "u1", "team": .null, "since_ms": .integer(History.minute(0)), "event": "e0",
            ])
        history.add(
            "account.owner_assigned", "account-42", ["owner_id": "u2", "team_id": "north", "mode": "manual"])
        history.add("account.classified", "account-42", ["scheme": "tier", "value": "silver"])
        history.add("account.classified", "account-42", ["scheme": "lifecycle", "value": "customer"])
        history.add("account.classified", "account-42", ["scheme": "tier", "value": "gold"])
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(
            customer["owner"] == [
                "id": "u2", "team": "north", "since_ms": .integer(History.minute(1)), "event": "e1",
            ])
        #expect(
            customer["classification"] == [
                "tier": ["value": "gold", "event": "e4"], "lifecycle": ["value": "customer", "event": "e3"],
            ])
    }

    @Test func `a lead has a profile too`() async throws {
        var history = History()
        history.lead("9")
        history.add("lead.assigned", "lead-9", ["owner_id": "u3"])
        history.add("lead.qualified", "lead-9", ["stage": "sql", "criteria_version": 1, "by": "u3"])
        history.add("lead.disqualified", "lead-9", ["reason": "no_budget"])
        let lead = try #require(try await Customers(history).customer("lead-9"))
        #expect(lead.at("profile.stage") == ["value": "sql", "event": "e2"])
        #expect(lead.at("profile.disqualified_reason") == ["value": "no_budget", "event": "e3"])
        #expect(lead.at("owner.id") == "u3")
    }

    @Test func `whoever is only talked about has an empty profile`() async throws {
        var history = History()
        history.talk("i1", with: ["account-42"])
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(customer["profile"] == [:])
        #expect(customer["owner"] == .null)
        #expect(customer["classification"] == [:])
    }

    @Test func `an account in the pool has no owner, until somebody claims it`() async throws {
        var history = History()
        history.account("a", ["owner_id": "u1"])
        let release = history.add(
            "pool.released", "pool-account-a",
            [
                "pool_id": "sea", "entity_type": "account", "entity_id": "a", "from_owner_id": "u1",
                "reason_code": "idle",
            ])
        let page = try #require(try await Customers(history).customer("a"))
        #expect(page.at("owner.id") == .null && page.at("owner.event") == .text(release))
        history.add(
            "account.owner_assigned", "account-a", ["owner_id": "u2", "previous_owner_id": "u1", "mode": "pool"])
        #expect(try await Customers(history).customer("a")?.at("owner.id") == "u2")
    }

    @Test func `what the pool says late does not undo what was said since`() async throws {
        var history = History()
        history.account("a", ["owner_id": "u1"], minute: 10)
        history.add(
            "account.owner_assigned", "account-a", ["owner_id": "u2", "previous_owner_id": "u1", "mode": "pool"],
            minute: 30)
        history.add(
            "pool.released", "pool-account-a",
            [
                "pool_id": "sea", "entity_type": "account", "entity_id": "a", "from_owner_id": "u1",
                "reason_code": "idle",
            ], minute: 20)
        #expect(try await Customers(history).customer("a")?.at("owner.id") == "u2")
    }
}
