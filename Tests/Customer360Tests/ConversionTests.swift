import CanonicalJSON
import Testing

@Suite struct `Conversion of a lead` {
    @Test func `hands the lead's whole history to the account, before and after`() async throws {
        var history = History()
        history.lead("9", minute: 0)
        history.talk("i1", with: ["lead-9"], minute: 5)
        history.account("42", minute: 10)
        history.convert("9", to: "42", minute: 11)
        history.visit("x", by: "lead-9", minute: 20)
        let customers = try await Customers(history)
        let customer = try #require(try await customers.customer("42"))
        #expect(
            customer["identity"]?.members("kind", "id", "leads", "merged")
                == ["kind": "account", "id": "42", "leads": ["9"], "merged": []])
        #expect(customer["events"] == 5)
        #expect(customer["first_touch_ms"] == .integer(History.minute(5)))
        #expect(customer["last_touch_ms"] == .integer(History.minute(20)))
        #expect(customer.positions == [4, 3, 2, 1, 0])
    }

    @Test func `counts a lead that was merged into another lead once, for whom was said last`() async throws {
        var history = History()
        for lead in ["8", "9"] {
            history.lead(lead)
            history.talk("i" + lead, with: ["lead-" + lead])
        }
        history.convert("8", to: "42")
        history.convert("9", to: "42")
        history.add(
            "party.merged", "lead-9", ["surviving_id": "lead-9", "merged_ids": ["lead-8"], "method": "manual"])
        let same = try #require(try await Customers(history).customer("42"))
        #expect(same.positions == [6, 5, 4, 3, 2, 1, 0] && same["events"] == 7)
        history.convert("9", to: "43")
        let moved = try await Customers(history)
        #expect(try await moved.customer("43")?.positions == [7, 6, 3, 2, 1, 0])
        #expect(try await moved.customer("42")?.positions == [5, 4])
        history.convert("8", to: "42")
        let back = try await Customers(history)
        #expect(try await back.customer("42")?.positions == [8, 5, 4, 1, 0])
        #expect(try await back.customer("43")?.positions == [7, 6, 3, 2])
        #expect(try await back.customer("lead-8")?.at("identity.id") == "8")
    }

    @Test func `leaves the lead's own row in place and names the account there`() async throws {
        var history = History()
        history.lead("9")
        history.convert("9", to: "42")
        let customers = try await Customers(history)
        let lead = try #require(try await customers.customer("lead-9"))
        #expect(
            lead["identity"]?.members("kind", "id", "account", "merged", "leads")
                == ["kind": "lead", "id": "9", "account": "42", "merged": []])
        #expect(lead["events"] == 1)
        #expect(lead.at("profile.company_name.value") == "Muster AG")
        #expect(try await customers.customer("42")?["events"] == 2)
    }

    @Test func `takes the lead's events out of the unattributed ones`() async throws {
        var history = History()
        history.lead("8")
        history.lead("9")
        history.talk("i1", with: ["lead-9"])
        let before = try await Customers(history).report()
        #expect(before["leads"] == ["open": 2, "converted": 0])
        #expect(
            before["unattributed"] == ["events": 3, "counts": ["lead.captured": 2, "interaction.recorded": 1]])

        history.convert("9", to: "42")
        history.talk("i2", with: ["lead-9"])
        let after = try await Customers(history).report()
        #expect(after["leads"] == ["open": 1, "converted": 1])
        #expect(after["accounts"] == 1)
        #expect(after["events"] == 5)
        #expect(after["unattributed"] == ["events": 1, "counts": ["lead.captured": 1]])
    }

    @Test func `gathers several leads in one account, listed by id`() async throws {
        var history = History()
        for lead in ["9", "10", "8"] {
            history.lead(lead)
            history.answer("s\(lead)", by: "lead-\(lead)", "nps", Int64(lead) ?? 0)
        }
        for lead in ["9", "10", "8"] { history.convert(lead, to: "42") }
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(customer.at("identity.leads") == ["10", "8", "9"])
        #expect(customer["events"] == 9)
        #expect(customer.at("scores.nps.score") == 8)
        #expect(customer.positions == [8, 7, 6, 5, 4, 3, 2, 1, 0])
    }

    @Test func `of several conversions of one lead the last one holds`() async throws {
        var history = History()
        history.lead("9")
        history.convert("9", to: "41")
        history.convert("9", to: "42")
        history.convert("9", to: "42")
        let customers = try await Customers(history)
        #expect(try await customers.customer("41")?["events"] == 1)
        #expect(try await customers.customer("41")?.at("identity.leads") == [])
        #expect(try await customers.customer("42")?["events"] == 3)
        #expect(try await customers.customer("42")?.at("identity.leads") == ["9"])
        #expect(try await customers.report()["leads"] == ["open": 0, "converted": 1])
    }

    @Test func `may come before anything else that is known of the lead`() async throws {
        var history = History()
        history.convert("9", to: "42")
        history.talk("i1", with: ["lead-9"])
        let customers = try await Customers(history)
        #expect(try await customers.customer("42")?["events"] == 2)
        #expect(try await customers.report()["leads"] == ["open": 0, "converted": 1])
        #expect(try await customers.report().at("unattributed.events") == 0)
    }
}
