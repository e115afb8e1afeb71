import CanonicalJSON
import EventModel
import ProjectionRuntime
import Testing

@Suite struct `Purchase days` {
    @Test func `are counted per account and merged within a UTC day`() async throws {
        var log = OrderLog()
        log.place("1", by: "a", on: "2026-01-01", 1_000)
        log.place("2", by: "a", on: "2026-01-01T00:00:00Z", 500)
        log.place("3", by: "a", on: "2026-01-11T23:59:59.999Z", 701)
        log.place("4", by: "b", on: "2026-01-05", 300)
        log.place("5", by: "a", on: "2026-01-12T00:00:00Z", 700)
        log.touch(on: "2026-01-31")
        let view = try await FoldedOrders(log)
        #expect(
            try view.brief() == """
                a 3 2 11 30 1401 701
                b 1 0 0 26 0 null
                """)
        let a = try #require(try view.customer("a"))
        #expect(a["orders"] == 4)
        #expect(a["revenue"] == ["CNY": 2_901])
        #expect(a["first_day"] == "2026-01-01" && a["last_day"] == "2026-01-12")
        #expect(a["as_of_day"] == "2026-01-31")
        #expect(try view.customer("nobody") == nil)
    }

    @Test func `take a late order in where it belongs`() async throws {
        var inOrder = OrderLog()
        inOrder.place("1", by: "a", on: "2026-01-01", 1)
        inOrder.place("2", by: "a", on: "2026-01-05", 2)
        inOrder.place("3", by: "a", on: "2026-01-09", 4)
        var late = OrderLog()
        late.place("3", by: "a", on: "2026-01-09", 4)
        late.place("1", by: "a", on: "2026-01-01", 1)
        late.place("2", by: "a", on: "2026-01-05", 2)
        let expected = "a 3 2 8 8 6 3"
        #expect(try await FoldedOrders(inOrder).brief() == expected)
        #expect(try await FoldedOrders(late).brief() == expected)
    }

    @Test func `lose a cancelled order, and the day that it stood on alone`() async throws {
        var log = OrderLog()
        log.place("1", by: "a", on: "2026-01-01", 100)
        log.place("2", by: "a", on: "2026-01-05", 200)
        log.place("3", by: "a", on: "2026-01-05", 400)
        log.place("4", by: "a", on: "2026-01-09", 800, "EUR")
        log.cancel("2", on: "2026-01-10")
        log.cancel("4", on: "2026-01-10")
        log.cancel("4", on: "2026-01-10")
        log.cancel("unknown", on: "2026-01-10")
        let view = try await FoldedOrders(log)
        #expect(try view.brief() == "a 2 1 4 9 400 400")
        #expect(try view.customer("a")?["revenue"] == ["CNY": 500])
        #expect(try view.customer("a")?["orders"] == 2)
    }

    @Test func `stay when single lines are cancelled, and go with the last order`() async throws {
        var log = OrderLog()
        log.place("1", by: "a", on: "2026-01-01", 100)
        log.place("2", by: "b", on: "2026-01-01", 100)
        log.cancel("1", on: "2026-01-02", lines: ["l1"])
        log.cancel("2", on: "2026-01-02")
        let view = try await FoldedOrders(log)
        #expect(try view.brief() == "a 1 0 0 1 0 null")
        #expect(try view.customer("b")?["order_days"] == 0)
    }

    @Test func `are the same for every fold of the same log and other for another`() async throws {
        var log = OrderLog()
        log.place("1", by: "a", on: "2026-01-01", 100)
        log.place("2", by: "b", on: "2026-01-02", 100)
        let first = try await FoldedOrders(log)
        let second = try await FoldedOrders(log)
        #expect(first.stateHash == second.stateHash)
        log.touch(on: "2026-01-03")
        #expect(try await FoldedOrders(log).stateHash == first.stateHash)
        log.cancel("2", on: "2026-01-03")
        #expect(try await FoldedOrders(log).stateHash != first.stateHash)
    }

    @Test func `count an order once, even if it is placed twice`() async throws {
        var log = OrderLog()
        log.place("1", by: "a", on: "2026-01-01", 100)
        log.place("1", by: "a", on: "2026-01-03", 100)
        #expect(try await FoldedOrders(log).brief() == "a 1 0 0 2 0 null")
    }

    @Test func `are never added up over currencies`() async throws {
        var log = OrderLog()
        log.place("1", by: "a", on: "2026-01-01", 100, "EUR")
        log.place("2", by: "a", on: "2026-01-02", 100, "CNY")
        log.place("3", by: "a", on: "2026-01-03", 100, "CNY")
        log.place("4", by: "b", on: "2026-01-03", 900, "EUR")
        let view = try await FoldedOrders(log)
        let a = try #require(try view.customer("a"))
        #expect(a["revenue"] == ["CNY": 200, "EUR": 100] && a["currency"] == "CNY")
        #expect(a["repeat_amount"] == .null && a["repeat_mean"] == .null)
        // Alone among the buyers in CNY, above one in EUR.
        #expect(a["rfm"]?["monetary"] == 5)
        #expect(try view.customer("b")?["rfm"]?["monetary"] == 5)
    }
}

@Suite struct `The as-of day` {
    private var log: OrderLog {
        var log = OrderLog()
        log.place("1", by: "a", on: "2026-01-01", 100)
        log.place("2", by: "b", on: "2026-01-10", 100)
        log.place("3", by: "a", on: "2026-01-20", 300)
        return log
    }

    @Test func `is that of the greatest time in the log unless the question says otherwise`() async throws {
        let view = try await FoldedOrders(log)
        #expect(try view.brief() == "a 2 1 19 19 300 300\nb 1 0 0 10 0 null")
        #expect(try view.brief(["as_of_day": "2026-01-31"]) == "a 2 1 19 30 300 300\nb 1 0 0 21 0 null")
        #expect(try view.brief(["as_of_day": "2026-01-09"]) == "a 1 0 0 8 0 null")
        #expect(try view.customer("b", ["as_of_day": "2026-01-09"]) == nil)
        #expect(try view.report(["as_of_day": "2026-01-09"])["customers"] == 1)
    }

    @Test func `is that of the ASOF bound if there is one`() async throws {
        let view = try await FoldedOrders(log, asOf: Timestamp("2026-01-15T00:00:00Z"))
        #expect(try view.brief() == "a 1 0 0 14 0 null\nb 1 0 0 5 0 null")
        #expect(try view.report()["as_of_day"] == "2026-01-15")
    }

    @Test func `is absent from an empty log, which has empty answers`() async throws {
        let view = try await FoldedOrders(OrderLog())
        #expect(try view.report()["customers"] == 0)
        #expect(try view.report()["as_of_day"] == .null)
        #expect(try view.scan().rows.isEmpty)
        #expect(try view.customer("a") == nil)
    }
}

@Suite struct `Questions` {
    private var log: OrderLog {
        var log = OrderLog()
        for (index, account) in ["d", "b", "a", "c", "e"].enumerated() {
            log.place("\(index)", by: account, on: "2026-01-0\(index + 1)", 100)
        }
        return log
    }

    @Test func `page through the customers in key order`() async throws {
        let view = try await FoldedOrders(log)
        let first = try view.scan(["limit": 2])
        #expect(first.rows.map { $0["account_id"] } == ["a", "b"])
        #expect(first.next == "c")
        let second = try view.scan(["limit": 3, "from": "c"])
        #expect(second.rows.map { $0["account_id"] } == ["c", "d", "e"])
        #expect(second.next == nil)
    }

    @Test func `refuse what they do not know`() async throws {
        let view = try await FoldedOrders(log)
        #expect(throws: ViewError.self) { try view.scan(["limits": 2]) }
        #expect(throws: ViewError.self) { try view.scan(["limit": 0]) }
        #expect(throws: ViewError.self) { try view.scan(["fields": "some"]) }
        #expect(throws: ViewError.self) { try view.customer("a", ["horizon_weeks": 0]) }
        #expect(throws: ViewError.self) { try view.customer("a", ["horizon_weeks": 521]) }
        #expect(throws: ViewError.self) { try view.report(["as_of_day": "yesterday"]) }
        #expect(try view.customer("a", ["horizon_weeks": 520]) != nil)
    }

    @Test func `have no model where nobody bought again, and no risk`() async throws {
        let view = try await FoldedOrders(log)
        let a = try #require(try view.customer("a", ["as_of_day": "2026-12-31"]))
        #expect(a["p_alive_micro"] == .null && a["expected_micro"] == .null && a["model_weak"] == .null)
        #expect(a["risk_bp"] == 0 && a["reasons"] == [] && a["cadence"] == .null)
        #expect(try view.report()["model"] == .null)
    }

    @Test func `never mistake one log for another of the same length`() async throws {
        var other = OrderLog()
        for index in 0..<5 { other.place("\(index)", by: "z\(index)", on: "2026-01-05", 100) }
        #expect(try await FoldedOrders(log).customer("a")?["rfm"]?["recency"] == 3)
        #expect(try await FoldedOrders(other).customer("z0")?["rfm"]?["recency"] == 1)
        #expect(try await FoldedOrders(log).customer("a")?["rfm"]?["recency"] == 3)
    }
}
