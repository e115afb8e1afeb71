import CanonicalJSON
import EventModel
import ProjectionRuntime
import SalesFunnel
import Testing

@Suite struct `A folded log` {
    private var log: DealLog {
        var log = DealLog()
        log.open("o1", in: "a", at: day, 1000, products: ["p1", "p2"])
        log.publish("sales", "a", "b", chances: [2000, 5000])
        log.open("o2", in: "a", at: 2 * day, 500)
        let move: JSON = ["from_stage_id": "a", "to_stage_id": "b", "direction": "forward"]
        log.deal("o1", "stage_changed", at: 3 * day, move)
        log.deal("o2", "close_date_changed", at: 4 * day, ["old_date": "1970-02-01", "new_date": "1970-03-01"])
        log.deal(
            "o1", "won", at: 40 * day, ["amount": 1200, "currency": "CNY", "won_at": .integer(40 * day)])
        let again: JSON = ["to_stage_id": "b", "reason": "back", "reverses": "e5"]
        log.deal("o1", "reopened", at: 41 * day, again)
        log.deal("o2", "lost", at: 42 * day, ["reason_code": "price", "lost_at": .integer(42 * day), "stage_id": "a"])
        return log
    }

    /// Every report, of everything.
    private let questions: [JSON] = [
        [:], ["report": "deals", "group_by": "product"], ["report": "path", "steps": "a,b,won"],
        ["report": "forecast"], ["report": "accuracy", "from": "1970-02-01", "to": "1970-03-01"],
        ["report": "waterfall", "group_by": "pipeline"], ["report": "slippage"],
        ["report": "restatement", "since": 2, "from": "1970-01-01", "to": "1970-02-01"], ["report": "leads"],
    ]

    @Test func `answers every report, and says which`() async throws {
        let folded = try await FoldedDeals(log.events)
        for question in questions {
            let answer = try folded.report(question)
            #expect(answer["report"] == question["report"] ?? "funnel")
            #expect(answer["time_zone"] == "UTC")
        }
        #expect(
            try folded.report(["report": "deals", "group_by": "product"]).groups("deals", "opened") == [
                "- 1", "p1 1", "p2 1",
            ])
        #expect(try folded.report(["report": "forecast"]).at("forecast", "weighted", "CNY") == 500)
    }

    @Test func `answers as of a position as a log that ends there does`() async throws {
        let (log, folded) = (log, try await FoldedDeals(log.events))
        for end in 1..<log.events.count {
            let truncated = try await FoldedDeals(Array(log.events.prefix(end)))
            for question in questions where question["report"] != "restatement" {
                guard case .object(var bounded) = question else { continue }
                bounded["known_at"] = .from(end - 1)
                guard case .object(var now) = try folded.report(.object(bounded)),
                    case .object(var then) = try truncated.report(question)
                else { continue }
                (now["known_at"], then["known_at"]) = (nil, nil)
                #expect(now == then, "\(end) events, \(question.canonicalText)")
            }
        }
    }

    @Test func `answers as of a time as one that left out what came later`() async throws {
        let asOf = try #require(Timestamp("1970-02-10T23:59:59.999Z"))
        let (folded, bounded) = (try await FoldedDeals(log.events), try await FoldedDeals(log.events, asOf: asOf))
        for question in questions {
            guard case .object(var members) = question else { continue }
            members["as_of"] = "1970-02-10"
            // The day that a question names stands in its answer, the bound of the log in the stamp beside it.
            let now = try folded.report(.object(members))
            #expect(now["as_of"] == (question["report"] == "leads" ? nil : "1970-02-10"))
            let said = now.canonicalText.replacing(#""as_of":"1970-02-10""#, with: #""as_of":null"#)
            #expect(said == (try bounded.report(question).canonicalText), "\(question.canonicalText)")
        }
    }

    /// The live view saw everybody, as they came; a rebuild comes after the erasures and finds marks in their place.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `has the same rows however it is folded, wherever it stopped and whoever was erased`(
        seed: UInt64
    ) async throws {
        let random = RandomDealLog(seed: seed)
        let erased = random.afterErasures
        #expect(erased.contains { $0.personal.contains { if case .erased = $0 { true } else { false } } })
        let replayed = try await FoldedDeals(erased, partitionCount: 1)
        #expect(try SalesFunnel.violations(in: replayed.snapshot) == [], "seed \(seed)")
        for partitionCount in [1, 2, 3, 64] {
            let live = try await FoldedDeals(
                random.log.events, stoppingAt: [20, 21, 90], partitionCount: partitionCount)
            let rebuilt = try await FoldedDeals(erased, partitionCount: partitionCount)
            #expect(live.stateHash == replayed.stateHash, "seed \(seed), \(partitionCount) partitions")
            #expect(rebuilt.stateHash == replayed.stateHash, "seed \(seed), \(partitionCount) partitions")
        }
    }

    @Test(arguments: 21...30 as ClosedRange<UInt64>)
    func `answers any history of a day as known at a position as a log that ends there does`(
        seed: UInt64
    ) async throws {
        let log = RandomDealLog(seed: seed)
        let folded = try await FoldedDeals(log.afterErasures)
        for end in [40, 95, 130] {
            let truncated = try await FoldedDeals(Array(log.log.events.prefix(end)))
            for question in questions where question["report"] != "restatement" {
                // Without a day the moment is that of the newest deal here and of the newest event there.
                guard case .object(var bounded) = question else { continue }
                bounded["as_of"] = "1970-03-02"
                let ofTheDay = JSON.object(bounded)
                bounded["known_at"] = .from(end - 1)
                guard case .object(var now) = try folded.report(.object(bounded)),
                    case .object(var then) = try truncated.report(ofTheDay)
                else { continue }
                (now["known_at"], then["known_at"]) = (nil, nil)
                #expect(now == then, "seed \(seed), \(end) events, \(question.canonicalText)")
            }
        }
    }

    @Test func `counts the deals of merged accounts as one, and apart again after an unmerge`() async throws {
        var log = log
        log.add(
            "opportunity.opened", "opportunity-o3", at: day,
            [
                "opportunity_id": "o3", "account_id": "umbrella", "name": "x", "pipeline_id": "sales",
                "pipeline_version": 1, "stage_id": "a", "owner_id": "u1",
            ])
        func merge(_ parties: JSON, into survivor: String) {
            log.add(
                "party.merged", survivor, at: 50 * day,
                ["surviving_id": .text(survivor), "merged_ids": [parties], "method": "manual"])
        }
        merge("account-umbrella", into: "account-acme")
        merge("account-acme", into: "account-final")
        log.add(
            "party.unmerged", "account-acme", at: 60 * day,
            ["surviving_id": "account-acme", "restored_ids": ["account-umbrella"], "reason": "mistake"])
        let folded = try await FoldedDeals(log.events)
        func accounts(_ parameters: JSON.Members) throws -> [String] {
            let question: JSON.Members = ["report": "deals", "group_by": "account"]
            return try folded.report(.object(question.merging(parameters) { own, _ in own })).groups("deals", "opened")
        }
        #expect(try accounts([:]) == ["final 2", "umbrella 1"])
        #expect(try accounts(["known_at": 8]) == ["acme 2", "umbrella 1"])
        #expect(try accounts(["known_at": 9]) == ["acme 3"])
        #expect(try accounts(["known_at": 10]) == ["final 3"])
        #expect(try accounts(["account": "final"]) == ["final 2"])
    }

    @Test func `counts accounts that were merged into each other as the last survivor's`() async throws {
        var log = log
        func assert(_ type: String, _ survivor: String, _ party: String) {
            log.add(
                type, survivor, at: 50 * day,
                [
                    "surviving_id": .text(survivor), "merged_ids": [.text(party)], "restored_ids": [.text(party)],
                    "method": "manual", "reason": "mistake",
                ])
        }
        func accounts() async throws -> [String] {
            try await FoldedDeals(log.events).report(["report": "deals", "group_by": "account"])
                .groups("deals", "opened")
        }
        assert("party.merged", "account-final", "account-acme")
        assert("party.merged", "account-acme", "account-final")
        #expect(try await accounts() == ["acme 2"])
        assert("party.merged", "account-other", "account-acme")
        // A merge that holds no more cannot be taken back.
        assert("party.unmerged", "account-final", "account-acme")
        #expect(try await accounts() == ["other 2"])
    }

    @Test(arguments: [["account-umbrella", "account-acme"], ["account-acme", "account-umbrella"]])
    func `takes all accounts of one unmerge out, in whatever order it names them`(restored: [String]) async throws {
        var log = log
        for (party, survivor) in [("umbrella", "acme"), ("acme", "final")] {
            log.add(
                "party.merged", "account-" + survivor, at: 50 * day,
                [
                    "surviving_id": .text("account-" + survivor), "merged_ids": [.text("account-" + party)],
                    "method": "manual",
                ])
        }
        log.add(
            "party.unmerged", "account-final", at: 60 * day,
            [
                "surviving_id": "account-final", "restored_ids": .array(restored.map { .text($0) }),
                "reason": "mistake",
            ])
        let answer = try await FoldedDeals(log.events).report(["report": "deals", "group_by": "account"])
        #expect(answer.groups("deals", "opened") == ["acme 2"])
    }

    @Test func `counts leads that were merged once, and apart again after an unmerge`() async throws {
        var log = DealLog()
        for (lead, source) in [("l1", "fair"), ("l2", "web"), ("l3", "web")] {
            log.add(
                "lead.captured", "lead-" + lead, at: lead == "l1" ? 2 * day : day,
                ["lead_id": .text(lead), "source": .text(source), "channel": "web"])
        }
        log.add("lead.disqualified", "lead-l2", at: 3 * day, ["reason": "duplicate"])
        log.add("lead.qualified", "lead-l2", at: 3 * day, ["stage": "mql", "by": "u1", "criteria_version": 1])
        log.add("lead.disqualified", "lead-l2", at: 3 * day, ["reason": "duplicate"])
        func say(_ type: String) {
            log.add(
                type, "lead-l1", at: 4 * day,
                [
                    "surviving_id": "lead-l1", "merged_ids": ["lead-l2"], "restored_ids": ["lead-l2"],
                    "method": "manual", "reason": "mistake",
                ])
        }
        func leads(_ parameters: JSON.Members = [:]) async throws -> JSON {
            let question: JSON.Members = ["report": "leads", "group_by": "source"]
            return try await FoldedDeals(log.events).report(.object(question.merging(parameters) { _, own in own }))
        }
        #expect(try await leads().groups("leads", "captured") == ["fair 1", "web 2"])
        say("party.merged")
        let merged = try await leads()
        #expect(merged.groups("leads", "captured") == ["fair 1", "web 1"])
        #expect(merged.groups("leads", "qualified") == ["fair 1", "web 0"])
        #expect(merged.groups("leads", "disqualified") == ["fair 0", "web 0"])
        #expect(
            try await leads(["from": "1970-01-02", "to": "1970-01-03"]).groups("leads", "captured") == [
                "fair 1", "web 1",
            ])
        #expect(try await leads(["known_at": 5]).groups("leads", "captured") == ["fair 1", "web 2"])
        #expect(try await leads(["known_at": 5]).groups("leads", "disqualified") == ["fair 0", "web 1"])
        // Together they became part of an account: they are one lead all the same.
        log.add(
            "party.merged", "account-a", at: 5 * day,
            ["surviving_id": "account-a", "merged_ids": ["lead-l1"], "method": "manual"])
        #expect(try await leads().groups("leads", "captured") == ["fair 1", "web 1"])
        say("party.unmerged")
        #expect(try await leads().groups("leads", "captured") == ["fair 1", "web 2"])
    }

    @Test func `counts what was merged into a lead that nobody saw as one`() async throws {
        var log = DealLog()
        for lead in ["l2", "l3"] {
            log.add(
                "lead.captured", "lead-" + lead, at: day, ["lead_id": .text(lead), "source": "web", "channel": "web"])
        }
        log.add(
            "party.merged", "lead-l1", at: 2 * day,
            ["surviving_id": "lead-l1", "merged_ids": ["lead-l2", "lead-l3"], "method": "manual"])
        #expect(try await FoldedDeals(log.events).report(["report": "leads"]).at("leads", "captured") == 1)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `restates what was first reported as it was first reported`(seed: UInt64) async throws {
        let folded = try await FoldedDeals(RandomDealLog(seed: seed).log.events)
        for since in [20, 60, 100] as [Int64] {
            var first: JSON.Members = ["group_by": "account"]
            let restated = try folded.report(
                .object(first.merging(["report": "restatement", "since": .integer(since)]) { own, _ in own }))
            first["report"] = "deals"
            first["view"] = "activity"
            first["known_at"] = .integer(since)
            let reported = try folded.report(.object(first))
            #expect(
                restated.at("as_first_reported", "groups") == reported["groups"], "seed \(seed), position \(since)")
        }
    }

    @Test func `names the rules that its answers rest on`() async throws {
        var log = log
        log.publish("other", "x")
        let folded = try await FoldedDeals(log.events)
        #expect(
            try SalesFunnel.rules(of: nil, ViewParameters(), in: folded.snapshot) == [
                RuleVersion(kind: "pipeline", id: "other", version: 1),
                RuleVersion(kind: "pipeline", id: "sales", version: 1),
            ])
        for question in questions where question["report"] != "leads" && question["report"] != "restatement" {
            let versions = try folded.report(question)["rule_versions"]
            #expect(versions == ["other": 1, "sales": 1], "\(question.canonicalText)")
        }
    }

    @Test func `keeps its identities`() async throws {
        #expect(try SalesFunnel.violations(in: try await FoldedDeals(log.events).snapshot) == [])
        #expect(try SalesFunnel.violations(in: try await FoldedDeals([]).snapshot) == [])
    }

    @Test func `shows one deal with everything that a report counts`() async throws {
        let folded = try await FoldedDeals(log.events)
        let deal = try #require(try SalesFunnel.get("o1", ViewParameters(), in: folded.snapshot))
        #expect(deal["probability"] == 5000 && deal["category"] == "pipeline" && deal["state"] == "open")
        #expect(deal["products"]?.canonicalText == #"["p1","p2"]"# && deal["amount"] == 1000)
        let other = try #require(try SalesFunnel.get("o2", ViewParameters(), in: folded.snapshot))
        #expect(other["expected_close_date"] == "1970-03-01" && other["push_days"] == 28 && other["state"] == "lost")
        #expect(try SalesFunnel.scan(ViewParameters(["limit": 1]), in: folded.snapshot).next == "o2")
    }

    @Test func `refuses a parameter that means nothing to the report`() async throws {
        let folded = try await FoldedDeals([])
        for question in [
            ["report": "forecast", "steps": "a"], ["report": "leads", "product": "p1"],
            ["report": "deals", "order": "any"],
            ["since": 3], ["report": "nothing"], ["report": "accuracy", "group_by": "owner"],
        ] as [JSON] {
            #expect(throws: ViewError.self, "\(question.canonicalText)") { try folded.report(question) }
        }
    }
}
