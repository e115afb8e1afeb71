import CanonicalJSON
import Testing

@Suite struct `Commerce, touches and scores` {
    @Test func `orders and payments add up per currency`() async throws {
        var history = History()
        history.order("r1", of: "42", 100)
        history.order("r2", of: "42", 30, currency: "EUR")
        history.order("r3", of: "42", 11)
        history.pay("p1", by: "42", 60)
        history.pay("p2", by: "42", 7)
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(
            customer["commerce"]?.members("orders", "revenue", "paid") == [
                "orders": 3, "revenue": ["CNY": 111, "EUR": 30], "paid": ["CNY": 67],
            ])
    }

    @Test func `cancelling a whole order takes its revenue back, once`() async throws {
        var history = History()
        history.order("r1", of: "42", 100)
        history.order("r2", of: "42", 30)
        history.add("order.cancelled", "order-r1", ["reason": "customer"])
        history.add("order.cancelled", "order-r1", ["reason": "customer"])
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(
            customer["commerce"]?.members("orders", "revenue", "paid") == [
                "orders": 1, "revenue": ["CNY": 30], "paid": [:],
            ])
        #expect(customer.at("counts")?["order.placed"] == 2)
    }

    @Test func `cancelling some lines leaves the revenue alone, since the event tells no money`() async throws {
        var history = History()
        history.order("r1", of: "42", 100)
        history.add(
            "order.cancelled", "order-r1",
            ["reason": "customer", "lines": [["line_id": "l1", "quantity_milli": 1000]]])
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(
            customer["commerce"]?.members("orders", "revenue", "paid") == [
                "orders": 1, "revenue": ["CNY": 100], "paid": [:],
            ])
    }

    @Test func `placing an order twice counts the first one`() async throws {
        var history = History()
        history.order("r1", of: "42", 100)
        history.order("r1", of: "42", 70)
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(
            customer["commerce"]?.members("orders", "revenue", "paid") == [
                "orders": 1, "revenue": ["CNY": 100], "paid": [:],
            ])
    }

    @Test func `first and last touch go by time, also when an event arrives late`() async throws {
        var history = History()
        history.talk("i1", with: ["account-42"], minute: 50)
        history.visit("x", by: "account-42", minute: 90)
        history.mail("i1", reaches: "account-42", minute: 20)
        history.pay("p1", by: "42", 1)
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(customer["first_touch_ms"] == .integer(History.minute(20)))
        #expect(customer["last_touch_ms"] == .integer(History.minute(90)))
        #expect(customer["last_event_ms"] == .integer(History.minute(90)))
    }

    @Test func `an order is no touch`() async throws {
        var history = History()
        history.order("r1", of: "42", 100)
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(customer["first_touch_ms"] == .null)
        #expect(customer["last_touch_ms"] == .null)
        #expect(customer["last_event_ms"] == .integer(History.minute(0)))
    }

    @Test func `the last score of each kind goes by time, and by position at one time`() async throws {
        var history = History()
        history.answer("s1", by: "account-42", "nps", 9, minute: 30)
        history.answer("s2", by: "account-42", "nps", 3, minute: 10)
        history.answer("s3", by: "account-42", "nps", 7, minute: 30)
        history.answer("s4", by: "account-42", "csat", 4, of: 5, minute: 5)
        history.answer("s5", by: "account-42", "custom", 1, minute: 99)
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(
            customer["scores"] == [
                "nps": [
                    "score": 7, "scale_max": 10, "time_ms": .integer(History.minute(30)), "position": 2,
                ],
                "csat": ["score": 4, "scale_max": 5, "time_ms": .integer(History.minute(5)), "position": 3],
                "ces": .null,
            ])
    }

    @Test func `sums past 64 bits wrap and come back instead of trapping`() async throws {
        var history = History()
        let greatest: Int64 = (1 << 53) - 1
        let orders = (0..<1100).map { "r\($0)" }
        for order in orders { history.order(order, of: "42", greatest) }
        history.deal("o1", of: "42", amount: -greatest)
        for order in orders.dropFirst() { history.add("order.cancelled", "order-\(order)", ["reason": "absurd"]) }
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(
            customer["commerce"]?.members("orders", "revenue", "paid") == [
                "orders": 1, "revenue": ["CNY": .integer(greatest)], "paid": [:],
            ])
        #expect(customer.at("pipeline.amount") == ["CNY": .integer(-greatest)])
    }
}
