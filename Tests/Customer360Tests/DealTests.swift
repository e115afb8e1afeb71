import CanonicalJSON
import Testing

@Suite struct `Pipeline and won deals` {
    private func figures(_ build: (inout History) -> Void) async throws -> (pipeline: JSON, won: JSON) {
        var history = History()
        build(&history)
        let customer = try #require(try await Customers(history).customer("42"))
        return (
            try #require(
                customer["pipeline"]?.members(
                    "open", "amount", "last_stage_change_ms", "out_of_order")), try #require(customer["won"])
        )
    }

    private func pipeline(_ open: Int64, _ amount: JSON, stageChange: Int64, outOfOrder: Int64 = 0) -> JSON {
        [
            "open": .integer(open), "amount": amount, "out_of_order": .integer(outOfOrder),
            "last_stage_change_ms": .integer(History.minute(stageChange)),
        ]
    }

    @Test func `open deals add up per currency, by their current amounts`() async throws {
        let (found, won) = try await figures { history in
            history.deal("o1", of: "42", amount: 100)
            history.deal("o2", of: "42", amount: 70, currency: "EUR")
            history.deal("o3", of: "42", amount: 5)
            history.reprice("o1", from: 100, to: 140)
        }
        #expect(found == pipeline(3, ["CNY": 145, "EUR": 70], stageChange: 2))
        #expect(won == ["opportunities": 0, "revenue": [:]])
    }

    @Test func `a win moves the deal from the pipeline to what was won, at the amount of the win`() async throws {
        let (found, won) = try await figures { history in
            history.deal("o1", of: "42", amount: 100)
            history.move("o1", to: "proposal")
            history.win("o1", 90)
        }
        #expect(found == pipeline(0, [:], stageChange: 1))
        #expect(won == ["opportunities": 1, "revenue": ["CNY": 90]])
    }

    @Test func `a loss takes the deal out of the pipeline`() async throws {
        let (found, won) = try await figures { history in
            history.deal("o1", of: "42", amount: 100)
            history.lose("o1")
        }
        #expect(found == pipeline(0, [:], stageChange: 0))
        #expect(won == ["opportunities": 0, "revenue": [:]])
    }

    @Test func `a reopened win brings back the amount just before the close`() async throws {
        let (found, won) = try await figures { history in
            history.deal("o1", of: "42", amount: 100)
            history.win("o1", 90)
            history.reopen("o1")
        }
        #expect(found == pipeline(1, ["CNY": 100], stageChange: 2))
        #expect(won == ["opportunities": 0, "revenue": [:]])
    }

    @Test func `a deal that is reopened and won again counts once`() async throws {
        let (found, won) = try await figures { history in
            history.deal("o1", of: "42", amount: 100)
            history.lose("o1")
            history.reopen("o1")
            history.reprice("o1", from: 100, to: 80)
            history.win("o1", 80)
            history.reopen("o1")
            history.win("o1", 75, currency: "USD")
        }
        #expect(found == pipeline(0, [:], stageChange: 5))
        #expect(won == ["opportunities": 1, "revenue": ["USD": 75]])
    }

    @Test func `a deal without an amount counts, and has one from its first price`() async throws {
        let (without, _) = try await figures { $0.deal("o1", of: "42", amount: nil, currency: nil) }
        #expect(without == pipeline(1, [:], stageChange: 0))
        let (with, _) = try await figures { history in
            history.deal("o1", of: "42", amount: nil, currency: nil)
            history.reprice("o1", from: 0, to: 60)
        }
        #expect(with == pipeline(1, ["CNY": 60], stageChange: 0))
    }

    @Test func `the last stage change is the latest by time, not by arrival`() async throws {
        let (found, _) = try await figures { history in
            history.deal("o1", of: "42", amount: 1, minute: 10)
            history.deal("o2", of: "42", amount: 1, minute: 11)
            history.move("o1", to: "proposal", minute: 30)
            history.move("o2", to: "proposal", minute: 20)
        }
        #expect(found == pipeline(2, ["CNY": 2], stageChange: 30))
    }

    @Test func `steps that the lifecycle refuses are taken and counted, and figures never drift`() async throws {
        let (found, won) = try await figures { history in
            history.deal("o1", of: "42", amount: 100)
            history.reopen("o1")  // is open
            history.win("o1", 90)
            history.win("o1", 95)  // is won
            history.move("o1", to: "proposal")  // is won, and open again
            history.reprice("o1", from: 100, to: 200)
            history.lose("o1")
            history.lose("o1")  // is lost
            history.deal("o1", of: "42", amount: 7)  // opened before, which changes nothing
        }
        #expect(found == pipeline(0, [:], stageChange: 4, outOfOrder: 5))
        #expect(won == ["opportunities": 0, "revenue": [:]])
    }

    @Test func `a deal stays with the account that its first event named`() async throws {
        var history = History()
        history.deal("o1", of: "42", amount: 100)
        history.deal("o1", of: "43", amount: 50)
        history.win("o1", 50)
        let customers = try await Customers(history)
        #expect(try await customers.customer("42")?["won"] == ["opportunities": 1, "revenue": ["CNY": 50]])
        #expect(try await customers.customer("43")?["events"] == 1)
        #expect(try await customers.customer("43")?["won"] == ["opportunities": 0, "revenue": [:]])
    }

    @Test func `a chance named by hand holds through stages until it is taken back`() async throws {
        func weighted(_ build: (inout History) -> Void) async throws -> JSON? {
            var history = History()
            history.add(
                "opportunity.opened", "opportunity-o1",
                [
                    "opportunity_id": "o1", "account_id": "42", "name": "Deal", "pipeline_id": "p",
                    "pipeline_version": 1, "stage_id": "new", "owner_id": "u1", "amount": 1000, "currency": "CNY",
                    "probability": 7000,
                ])
            build(&history)
            return try await Customers(history).customer("42")?.at("pipeline.weighted_amount.CNY")
        }
        func forecast(_ history: inout History, _ probability: JSON?, _ isOverridden: Bool) {
            var data: JSON.Members = ["category": "commit", "overridden": .boolean(isOverridden)]
            data["probability"] = probability
            history.add("opportunity.forecast_changed", "opportunity-o1", .object(data))
        }
        #expect(try await weighted { forecast(&$0, nil, false) } == 700)
        #expect(try await weighted { forecast(&$0, 9000, true) } == 900)
        #expect(
            try await weighted {
                forecast(&$0, 9000, true); $0.move("o1", to: "late")
            } == 900)
        #expect(
            try await weighted {
                forecast(&$0, 9000, true); forecast(&$0, nil, false)
            } == 700)
    }

    @Test func `a step with an earlier time than the one before is out of order`() async throws {
        var history = History()
        history.deal("o1", of: "42", amount: 100, minute: 20)
        history.move("o1", to: "proposal", minute: 10)
        #expect(try await Customers(history).customer("42")?.at("pipeline.out_of_order") == 1)
    }

    @Test func `a deal that moved is weighed by the version in force`() async throws {
        var history = History()
        func publish(_ version: Int64, from effective: Int64, _ probability: Int64) {
            history.add(
                "rule.published", "rule-q",
                [
                    "rule_id": "q", "kind": "pipeline", "version": .integer(version),
                    "effective_from": .integer(effective), "approved_by": "u1", "approved_at": 0,
                    "body": [
                        "stages": [
                            ["stage_id": "x", "name": "X", "ordinal": 1, "probability": .integer(probability)]
                        ]
                    ],
                ])
        }
        publish(1, from: 0, 2000)
        publish(2, from: 4_000_000_000_000, 9000)  // in the year 2096
        history.deal("o1", of: "42", amount: 1000)
        history.add(
            "opportunity.stage_changed", "opportunity-o1",
            [
                "from_stage_id": "new", "to_stage_id": "x", "direction": "pipeline_move", "to_pipeline_id": "q",
            ])
        let page = try #require(try await Customers(history).customer("42"))
        #expect(page.at("pipeline.weighted_amount.CNY") == 200)
        #expect(page.at("pipeline.rules") == [["rule_id": "q", "version": 1]])
    }

    @Test func `who has lost the only deal is no opportunity any more`() async throws {
        var history = History()
        history.deal("o1", of: "42", amount: 100)
        #expect(try await Customers(history).customer("42")?.at("lifecycle.stage") == "opportunity")
        history.lose("o1")
        let lifecycle = try #require(try await Customers(history).customer("42")?["lifecycle"])
        #expect(lifecycle["stage"] == "other" && lifecycle["intervals"]?.elements?.count == 2)
    }
}
