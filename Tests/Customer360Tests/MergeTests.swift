import CanonicalJSON
import Testing

@Suite struct `Merged parties` {
    private static let blocks = [
        "profile", "classification", "tags", "owner", "pipeline", "won", "commerce", "consent", "lifecycle", "scores",
        "contracts", "subscriptions", "loyalty", "service",
    ]

    /// Two accounts with something in every block that a merge adds up.
    private var twoAccounts: History {
        var history = History()
        history.account("a", ["industry": "retail", "owner_id": "u1"])
        history.account("b", ["industry": "steel", "domain": "b.example", "owner_id": "u2"])
        history.order("r1", of: "a", 100)
        history.order("r2", of: "b", 40)
        history.deal("o1", of: "b", amount: 7)
        history.lead("9")
        history.convert("9", to: "b")
        history.add(
            "tag.changed", "account-b",
            ["target_type": "account", "target_id": "b", "added": ["vip"], "removed": []])
        history.answer("s1", by: "account-b", "nps", 9)
        return history
    }

    @Test func `are one customer under either name, with the rows of both`() async throws {
        var history = twoAccounts
        let merge = history.merge("b", into: "a")
        let customers = try await Customers(history)
        let page = try #require(try await customers.customer("a"))
        #expect(try await customers.customer("account-b") == page)
        #expect(
            page["identity"] == [
                "kind": "account", "id": "a", "leads": ["9"], "external_ids": [], "links": [],
                "merged": [["party": "account-b", "into": "account-a", "event": .text(merge), "position": 9]],
            ])
        #expect(page.at("commerce.revenue.CNY") == 140)
        #expect(page.at("pipeline.open") == 1)
        #expect(page.at("tags.vip.event") == "e7")
        #expect(page.at("profile.domain.value") == "b.example")
        #expect(page.positions == Array((0...9).reversed()))
        #expect(try await customers.scan().rows.compactMap { $0["account_id"]?.text } == ["a"])
    }

    @Test func `stand alone again after an unmerge, as if nothing had happened`() async throws {
        var history = twoAccounts
        let before = try await Customers(history)
        history.merge("b", into: "a")
        history.unmerge("b", from: "a")
        let after = try await Customers(history)
        for key in ["a", "b"] {
            let (then, now) = (try await before.customer(key), try await after.customer(key))
            for block in Self.blocks { #expect(then?[block] == now?[block], "\(key), \(block)") }
        }
        #expect(try await after.customer("b")?.at("identity.merged") == [])
        #expect(try await after.scan().rows.count == 2)
    }

    @Test func `seen from before the merge are apart`() async throws {
        var history = twoAccounts
        history.merge("b", into: "a")
        let then = try await Customers(history, at: 8)
        #expect(try await then.customer("b")?.at("identity.id") == "b")
        #expect(try await then.customer("a")?.at("commerce.revenue.CNY") == 100)
    }

    @Test func `follow a chain of merges, and the last assertion about a party`() async throws {
        var history = History()
        for account in ["a", "b", "c"] { history.order("r\(account)", of: account, 1) }
        history.merge("a", into: "b")
        history.merge("b", into: "c")
        #expect(try await Customers(history).customer("a")?.at("identity.id") == "c")
        #expect(try await Customers(history).customer("a")?.at("commerce.revenue.CNY") == 3)
        // Now a survives, though it had been merged into b.
        history.merge("c", into: "a")
        let page = try #require(try await Customers(history).customer("b"))
        #expect(page.at("identity.id") == "a")
        #expect(page.at("commerce.revenue.CNY") == 3)
        history.unmerge("c", from: "a")
        #expect(try await Customers(history).customer("a")?.at("commerce.revenue.CNY") == 1)
        #expect(try await Customers(history).customer("b")?.at("identity.id") == "c")
    }
}

@Suite struct `Golden record` {
    private var history: History {
        var history = History()
        history.account("a", ["industry": "retail"])
        history.account("b", ["industry": "steel"])
        history.update("a", "industry", "retail")
        history.merge("b", into: "a")
        history.update("b", "industry", "logistics")
        history.update("b", "industry", "")
        return history
    }

    @Test func `takes the value said last, ignoring empty ones`() async throws {
        let page = try #require(try await Customers(history).customer("a"))
        #expect(page.at("profile.industry") == ["value": "logistics", "event": "e4"])
    }

    @Test func `takes the value said most often`() async throws {
        let page = try #require(try await Customers(history).customer("a", ["golden": "most_frequent"]))
        #expect(page.at("profile.industry") == ["value": "retail", "event": "e2"])
    }

    @Test func `takes the value of the first source that has one`() async throws {
        let customers = try await Customers(history)
        let own = try #require(try await customers.customer("a", ["golden": "source_order"]))
        #expect(own.at("profile.industry") == ["value": "retail", "event": "e2"])
        let other = try #require(
            try await customers.customer("a", ["golden": "source_order", "sources": "account-b,account-a"]))
        #expect(other.at("profile.industry") == ["value": "logistics", "event": "e4"])
        await #expect(throws: (any Error).self) { try await customers.customer("a", ["sources": "account-b"]) }
    }

    @Test func `keeps what somebody chose at the merge until the field is said again`() async throws {
        var history = History()
        history.account("a", ["industry": "retail"])
        history.account("b", ["industry": "steel"])
        history.merge("b", into: "a", choosing: ["industry": "account-a"])
        #expect(try await Customers(history).customer("a")?.at("profile.industry.value") == "retail")
        history.update("a", "industry", "wood")
        #expect(try await Customers(history).customer("a")?.at("profile.industry.value") == "wood")
    }

    @Test func `refuses a rule that there is not`() async throws {
        let customers = try await Customers(history)
        await #expect(throws: (any Error).self) { try await customers.customer("a", ["golden": "newest"]) }
    }

    @Test func `an unmerge takes a party out, whatever it was merged into on the way`() async throws {
        var history = History()
        for account in ["a", "b", "c"] { history.order("r\(account)", of: account, 1) }
        history.merge("c", into: "b")
        history.merge("b", into: "a")
        history.unmerge("c", from: "a")
        #expect(try await Customers(history).customer("c")?.at("identity.id") == "c")
        #expect(try await Customers(history).customer("a")?.at("commerce.revenue.CNY") == 2)
        history.unmerge("a", from: "b")  // never part of it
        #expect(try await Customers(history).customer("b")?.at("identity.id") == "a")
    }

    @Test(.timeLimit(.minutes(1))) func `a chain of any length is walked, not climbed down`() async throws {
        var history = History()
        let count = 20_000
        history.account("0")
        for number in 1..<count {
            history.account("\(number)")
            history.merge("\(number)", into: "\(number - 1)")
        }
        let customers = try await Customers(history)
        let page = try #require(try await customers.customer("\(count - 1)"))
        #expect(page.at("identity.id") == "0" && page["events"] == .from(2 * count - 1))
        #expect(try await customers.scan().rows.count == 1)
        #expect(try await customers.report().at("unattributed.events") == 0)
    }

    @Test func `a choice comes back when the merge that overruled it is taken back`() async throws {
        var history = History()
        for (account, industry) in [("1", "retail"), ("2", "steel"), ("3", "wood")] {
            history.account(account, ["industry": .text(industry)])
        }
        history.merge("2", into: "1", choosing: ["industry": "account-1"])
        history.merge("3", into: "1", choosing: ["industry": "account-3"])
        #expect(try await Customers(history).customer("1")?.at("profile.industry.value") == "wood")
        history.unmerge("3", from: "1")
        #expect(try await Customers(history).customer("1")?.at("profile.industry.value") == "retail")
        // Also where the survivor is merged further.
        history.account("0")
        history.merge("1", into: "0")
        #expect(try await Customers(history).customer("0")?.at("profile.industry.value") == "retail")
    }

    @Test(arguments: [["b", "a"], ["a", "b"]])
    func `an unmerge of several takes all of them out, in whatever order it names them`(restored: [String]) async throws
    {
        var history = History()
        for account in ["a", "b", "c"] { history.order("r\(account)", of: account, 1) }
        history.merge("a", into: "b")
        history.merge("b", into: "c")
        history.add(
            "party.unmerged", "account-c",
            [
                "surviving_id": "account-c", "restored_ids": .array(restored.map { .text("account-" + $0) }),
                "reason": "mistake",
            ])
        for account in ["a", "b", "c"] {
            let page = try #require(try await Customers(history).customer(account))
            #expect(page.at("identity.id")?.text == account && page.at("commerce.revenue.CNY") == 1)
        }
    }

    @Test func `a choice for the survivor goes with the merge at which it was made`() async throws {
        var history = History()
        history.account("s", ["industry": "retail"])
        history.account("y", ["industry": "steel"])
        history.account("x", ["industry": "wood"])
        history.merge("y", into: "s")
        history.update("y", "industry", "iron")
        history.merge("x", into: "s", choosing: ["industry": "account-s"])
        #expect(try await Customers(history).customer("s")?.at("profile.industry.value") == "retail")
        history.unmerge("x", from: "s")
        #expect(try await Customers(history).customer("s")?.at("profile.industry.value") == "iron")
    }
}
