import CanonicalJSON
import EventModel
import ProjectionRuntime
import Testing

@Suite struct `Merged customers` {
    private func log() -> OrderLog {
        var log = OrderLog()
        log.place("1", by: "a", on: "2026-01-01", 100)
        log.place("2", by: "b", on: "2026-01-11", 200)
        log.place("3", by: "c", on: "2026-01-21", 400)
        return log
    }

    @Test func `answer as one, under the survivor's id and under each other's`() async throws {
        var log = self.log()
        log.merge("account-b", into: "account-a", on: "2026-02-01")
        let view = try await FoldedOrders(log)
        let merged = "a 2 1 10 31 200 200"
        #expect(try view.brief() == merged + "\nc 1 0 0 11 0 null")
        #expect(try view.customer("b")?["account_id"] == "a")
        #expect(try view.customer("b") == view.customer("a"))
        #expect(try view.report()["customers"] == 2)
        // Not yet merged on the day before.
        #expect(try view.brief(["as_of_day": "2026-01-31"]).hasPrefix("a 1 0 0 30 0 null\nb 1 0 0 20"))
    }

    @Test func `are apart after an unmerge from the one that both had become`() async throws {
        var log = self.log()
        log.merge("account-b", into: "account-a", on: "2026-02-01")
        log.merge("account-a", into: "account-c", on: "2026-02-02")
        #expect(try await FoldedOrders(log).report()["customers"] == 1)
        log.unmerge("account-b", from: "account-c", on: "2026-02-03")
        let view = try await FoldedOrders(log)
        #expect(try view.customer("b")?["account_id"] == "b" && view.customer("a")?["account_id"] == "c")
        log.unmerge("account-c", from: "account-b", on: "2026-02-04")  // never part of it
        #expect(try await FoldedOrders(log).customer("a")?["account_id"] == "c")
    }

    @Test func `did what somebody unidentified had done who is merged into them`() async throws {
        var log = OrderLog()
        log.contract("c", with: "a", from: "2026-01-01", to: nil)
        log.record(
            "behavior.tracked", "behavior-party-v1", on: "2026-03-01", ["anonymous_id": "v1", "name": "page_viewed"])
        #expect(try await FoldedOrders(log).measure("engagement_loss", of: "a", on: "2026-04-01") == "10000 0")
        log.merge("party-v1", into: "account-a", on: "2026-03-15")
        let view = try await FoldedOrders(log)
        #expect(try view.measure("engagement_loss", of: "a", on: "2026-04-01") == "0 0")
        #expect(try view.report(["as_of_day": "2026-04-01"])["accounts"] == 1)
        log.unmerge("party-v1", from: "account-a", on: "2026-03-16")
        #expect(try await FoldedOrders(log).measure("engagement_loss", of: "a", on: "2026-04-01") == "10000 0")
    }

    @Test func `are merged into whom their survivor was merged into`() async throws {
        var log = self.log()
        log.merge("account-b", into: "account-a", on: "2026-02-01")
        log.merge("account-a", into: "account-c", on: "2026-02-02")
        let view = try await FoldedOrders(log)
        #expect(try view.brief() == "c 3 2 20 32 600 300")
        for account in ["a", "b", "c"] { #expect(try view.customer(account)?["account_id"] == "c") }
    }

    @Test func `stand alone again when they are unmerged, and can be merged elsewhere`() async throws {
        var log = self.log()
        let before = try await FoldedOrders(log).brief(["as_of_day": "2026-02-03"])
        log.merge("account-b", into: "account-a", on: "2026-02-01")
        log.unmerge("account-b", from: "account-a", on: "2026-02-02")
        #expect(try await FoldedOrders(log).brief(["as_of_day": "2026-02-03"]) == before)
        log.merge("account-b", into: "account-c", on: "2026-02-03")
        let view = try await FoldedOrders(log)
        #expect(try view.brief() == "a 1 0 0 33 0 null\nc 2 1 10 23 400 400")
        // As known before each of the assertions.
        #expect(try view.brief(["known_at": 2, "as_of_day": "2026-02-03"]) == before)
        #expect(try view.brief(["known_at": 3, "as_of_day": "2026-02-03"]).hasPrefix("a 2 1 10"))
    }

    @Test func `belong to the last survivor where two were merged into each other`() async throws {
        var log = self.log()
        log.merge("account-b", into: "account-a", on: "2026-02-01")
        log.merge("account-a", into: "account-b", on: "2026-02-01")
        let view = try await FoldedOrders(log)
        #expect(try view.brief() == "b 2 1 10 31 200 200\nc 1 0 0 11 0 null")
        for account in ["a", "b"] { #expect(try view.customer(account)?["account_id"] == "b") }
    }

    @Test func `stay merged when another merge is taken back, also a former one`() async throws {
        var log = self.log()
        log.merge("account-b", into: "account-a", on: "2026-02-01")
        log.merge("account-b", into: "account-c", on: "2026-02-02")
        log.unmerge("account-b", from: "account-a", on: "2026-02-03")
        let view = try await FoldedOrders(log)
        #expect(try view.brief() == "a 1 0 0 33 0 null\nc 2 1 10 23 400 400")
        #expect(try view.customer("b")?["account_id"] == "c")
    }

    @Test func `keep the account that they were converted to when a merge is taken back`() async throws {
        var log = OrderLog()
        log.interact("i", with: "lead-l", on: "2026-01-01", "in")
        log.record(
            "lead.converted", "lead-l", on: "2026-01-02", ["account_id": "a", "contact_id": "k", "created": []])
        log.merge("lead-l", into: "lead-m", on: "2026-01-03")
        #expect(try await FoldedOrders(log).customer("a") == nil)
        log.unmerge("lead-l", from: "lead-m", on: "2026-01-04")
        #expect(try await FoldedOrders(log).customer("a") != nil)
    }

    @Test func `do not change their owners by being merged`() async throws {
        var log = OrderLog()
        log.own("a", by: "u1", on: "2026-01-01")
        log.own("b", by: "u2", on: "2026-01-02")
        log.own("a", by: "u1", on: "2026-01-03")
        log.own("b", by: "u2", on: "2026-01-04")
        log.merge("account-b", into: "account-a", on: "2026-01-05")
        #expect(try await FoldedOrders(log).measure("owner_churn", of: "a", on: "2026-01-06") == "0 0")
    }

    @Test func `bring a lead's history along`() async throws {
        var log = OrderLog()
        log.interact("i", with: "lead-l", on: "2025-12-01", "in")
        log.record(
            "lead.converted", "lead-l", on: "2026-01-01",
            ["account_id": "a", "contact_id": "k", "created": ["account"]])
        log.contract("c", with: "a", from: "2026-01-02", to: nil)
        log.record(
            "consent.withdrawn", "consent-lead-l", on: "2026-01-03",
            ["party_id": "lead-l", "purpose": "marketing", "channel": "email", "trigger": "subject"])
        let view = try await FoldedOrders(log)
        #expect(try view.measure("consent_withdrawn", of: "a", on: "2026-01-05") == "10000 2")
        #expect(try view.customer("a", ["as_of_day": "2025-12-31"]) == nil)
        #expect(try view.scan().rows.count == 1)
    }
}

@Suite struct `Contacts` {
    private func withdraw(_ log: inout OrderLog, _ contact: String, _ day: String) {
        log.record(
            "consent.withdrawn", "consent-contact-" + contact, on: day,
            ["party_id": .text("contact-" + contact), "purpose": "m", "channel": "email", "trigger": "subject"])
    }

    @Test func `count for an account while they are linked to it`() async throws {
        var log = OrderLog()
        withdraw(&log, "k", "2026-01-01")
        log.link("k", to: "a", on: "2026-01-10")
        #expect(try await FoldedOrders(log).customer("a", ["as_of_day": "2026-01-20"]) == nil)
        withdraw(&log, "k", "2026-01-12")
        log.link("k", to: "a", on: "2026-01-20", active: false)
        log.link("k", to: "b", on: "2026-01-21")
        withdraw(&log, "k", "2026-01-25")
        let view = try await FoldedOrders(log)
        #expect(try view.measure("consent_withdrawn", of: "a", on: "2026-01-30") == "10000 18")
        #expect(try view.measure("consent_withdrawn", of: "b", on: "2026-01-30") == "10000 5")
        #expect(try view.scan(["as_of_day": "2026-01-30"]).rows.map { $0["account_id"] } == ["a", "b"])
    }

    @Test func `take who was merged into them along`() async throws {
        var log = OrderLog()
        log.link("k", to: "a", on: "2026-01-01")
        log.merge("contact-m", into: "contact-k", on: "2026-01-02")
        withdraw(&log, "m", "2026-01-03")
        #expect(try await FoldedOrders(log).measure("consent_withdrawn", of: "a", on: "2026-01-03") == "10000 0")
    }

    @Test func `count once where both of a merged pair are linked`() async throws {
        var log = OrderLog()
        log.link("k", to: "a", on: "2026-01-01")
        log.link("m", to: "a", on: "2026-01-01")
        log.merge("contact-m", into: "contact-k", on: "2026-01-02")
        withdraw(&log, "m", "2026-01-03")
        let view = try await FoldedOrders(log)
        #expect(try view.evidence(of: "consent_withdrawn", "a", on: "2026-01-03") == [3])
    }

    @Test func `count for one account, the one that they were linked to last`() async throws {
        var log = OrderLog()
        log.link("k", to: "a", on: "2026-01-01")
        log.link("k", to: "b", on: "2026-01-02")
        withdraw(&log, "k", "2026-01-03")
        let view = try await FoldedOrders(log)
        #expect(try view.customer("a", ["as_of_day": "2026-01-03"]) == nil)
        #expect(try view.measure("consent_withdrawn", of: "b", on: "2026-01-03") == "10000 0")
        log.link("k", to: "b", on: "2026-01-04", active: false)
        withdraw(&log, "k", "2026-01-05")
        #expect(try await FoldedOrders(log).measure("consent_withdrawn", of: "a", on: "2026-01-05") == "10000 0")
    }
}
