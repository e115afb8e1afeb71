import CanonicalJSON
import Testing

@Suite struct `Receivables and margin` {
    /// The aging example of READ_MODELS.md section 14.4, as of 2026-03-31, in minor units.
    @Test func `are those of the known answer`() async throws {
        var history = History()
        for (id, total, due) in [
            ("i1", 100_000, "2026-03-31"), ("i2", 50_000, "2026-03-30"), ("i3", 80_000, "2026-02-28"),
            ("i4", 30_000, "2025-12-30"),
        ] { history.invoice(id, of: "42", Int64(total), due: due) }
        history.add("invoice.adjusted", "invoice-i2", ["kind": "rebate", "amount": 5_000, "reason": "late"])
        history.pay("p1", by: "42", 40_000)
        history.allocate("p1", 40_000, to: "i1")
        history.visit("x", by: "account-42", minute: .days(85))
        let commerce = try #require(try await Customers(history).customer("42")?["commerce"])
        #expect(
            commerce["receivables"] == [
                "open": ["CNY": 215_000], "overdue": ["CNY": 155_000], "open_invoices": 4, "overdue_invoices": 3,
                "days_overdue_max": 91,
            ])
        #expect(commerce["unapplied"] == [:])
    }

    @Test func `settled invoices are gone, and money taken back makes them open again`() async throws {
        var history = History()
        history.invoice("i1", of: "42", 100, due: "2026-01-05")
        history.pay("p1", by: "42", 150, kind: "prepayment")
        history.allocate("p1", 100, to: "i1")
        let paid = try #require(try await Customers(history).customer("42")?["commerce"])
        #expect(paid.at("receivables.open") == [:] && paid.at("receivables.open_invoices") == 0)
        #expect(paid["unapplied_prepayment"] == ["CNY": 50] && paid["unapplied"] == ["CNY": 50])
        history.allocate("p1", -30, to: "i1")
        let open = try #require(try await Customers(history).customer("42")?["commerce"])
        #expect(open.at("receivables.open.CNY") == 30 && open.at("unapplied.CNY") == 80)
    }

    @Test func `an invoice that was paid or credited beyond its total is not owed, let alone overdue`() async throws {
        var history = History()
        history.invoice("i1", of: "42", 100, due: "2025-12-05")
        history.invoice("i2", of: "42", 40, due: "2025-12-05")
        history.pay("p1", by: "42", 100)
        history.allocate("p1", 100, to: "i1")
        history.add("invoice.adjusted", "invoice-i1", ["kind": "credit_note", "amount": 30, "reason": "broken"])
        let commerce = try #require(try await Customers(history).customer("42")?["commerce"])
        #expect(
            commerce["receivables"] == [
                "open": ["CNY": 40], "overdue": ["CNY": 40], "open_invoices": 1, "overdue_invoices": 1,
                "days_overdue_max": 31,
            ])
    }

    @Test func `a parent that pays for its subsidiary settles the subsidiary's invoice`() async throws {
        var history = History()
        history.invoice("i1", of: "child", 100, due: "2026-01-05")
        history.pay("p1", by: "parent", 100)
        history.allocate("p1", 60, to: "i1")
        let customers = try await Customers(history)
        #expect(try await customers.customer("child")?.at("commerce.receivables.open.CNY") == 40)
        #expect(try await customers.customer("parent")?.at("commerce.receivables.open") == [:])
        #expect(try await customers.customer("parent")?.at("commerce.unapplied.CNY") == 40)
    }

    @Test func `money counts from its value date on`() async throws {
        var history = History()
        history.invoice("i1", of: "42", 100, due: "2026-03-01")
        history.pay("p1", by: "42", 100, valueDate: "2026-01-08")
        history.allocate("p1", 100, to: "i1")
        #expect(try await Customers(history).customer("42")?.at("commerce.receivables.open.CNY") == 100)
        history.visit("x", by: "account-42", minute: .days(3))
        #expect(try await Customers(history).customer("42")?.at("commerce.receivables.open") == [:])
    }

    @Test func `the next instalment is the first by due date that is not wholly paid`() async throws {
        var history = History()
        history.order("r1", of: "42", 90)
        history.add(
            "payment_plan.scheduled", "payment_plan-p",
            [
                "plan_id": "p", "order_id": "r1", "currency": "CNY",
                "instalments": [
                    ["no": 1, "due_date": "2026-02-01", "amount": 30],
                    ["no": 2, "due_date": "2026-03-01", "amount": 60],
                ],
            ])
        history.pay("p1", by: "42", 40)
        history.add(
            "payment.allocated", "payment-p1",
            ["payment_id": "p1", "allocations": [["plan_id": "p", "instalment_no": 1, "amount": 30]]])
        history.add(
            "payment.allocated", "payment-p1",
            ["payment_id": "p1", "allocations": [["plan_id": "p", "instalment_no": 2, "amount": 10]]])
        #expect(
            try await Customers(history).customer("42")?.at("commerce.next_instalment")
                == ["plan_id": "p", "no": 2, "due_date": "2026-03-01", "amount": 50, "currency": "CNY"])
    }

    @Test func `a new plan takes the place of the one before, and what was received stays`() async throws {
        var history = History()
        func schedule(_ parts: (no: Int64, due: String, amount: Int64)...) {
            history.add(
                "payment_plan.scheduled", "payment_plan-p",
                [
                    "plan_id": "p", "order_id": "r1", "currency": "CNY",
                    "instalments": .array(
                        parts.map {
                            ["no": .integer($0.no), "due_date": .text($0.due), "amount": .integer($0.amount)]
                        }),
                ])
        }
        history.order("r1", of: "42", 90)
        schedule((1, "2026-02-01", 30), (2, "2026-03-01", 30), (3, "2026-04-01", 30))
        history.pay("p1", by: "42", 40)
        history.add(
            "payment.allocated", "payment-p1",
            ["payment_id": "p1", "allocations": [["plan_id": "p", "instalment_no": 1, "amount": 30]]])
        schedule((1, "2026-02-01", 45), (4, "2026-05-01", 45))
        let next = try await Customers(history).customer("42")?.at("commerce.next_instalment")
        #expect(next == ["plan_id": "p", "no": 1, "due_date": "2026-02-01", "amount": 15, "currency": "CNY"])
        schedule((4, "2026-05-01", 60))
        let last = try await Customers(history).customer("42")?.at("commerce.next_instalment")
        #expect(last == ["plan_id": "p", "no": 4, "due_date": "2026-05-01", "amount": 60, "currency": "CNY"])
    }

    @Test func `net revenue, average order value and margin follow from orders, returns and costs`() async throws {
        var history = History()
        history.cost("p1", 30, from: "2026-01-01")
        history.cost("p1", 99, from: "2026-01-06")
        history.order("r1", of: "42", 100, lines: [("p1", 2_000)], minute: 10)
        history.order("r2", of: "42", 51, lines: [("p1", 500)], minute: 11)
        history.add("order.returned", "order-r2", ["lines": [], "refund_due": 20, "reason": "broken"])
        let page = try #require(try await Customers(history).customer("42"))
        #expect(page.at("commerce.first_order_date") == "2026-01-05")
        #expect(page.at("commerce.revenue.CNY") == 151 && page.at("commerce.net_revenue.CNY") == 131)
        // 131 ÷ 2 = 65.5, half up; 131 − 2.5 × 30 = 56.
        #expect(page.at("commerce.average_order_value.CNY") == 66 && page.at("commerce.margin.CNY") == 56)
        history.order("r3", of: "42", 10, lines: [("p2", 1_000)])
        #expect(try await Customers(history).customer("42")?.at("commerce.margin") == .null)
    }

    @Test func `a margin stays known where nothing is left of the revenue`() async throws {
        for (refund, margin) in [(999, -599), (1000, -600)] as [(Int64, Int64)] {
            var history = History()
            history.cost("p1", 60, from: "2026-01-01")
            history.order("r1", of: "42", 1000, lines: [("p1", 10_000)], minute: 10)
            history.add(
                "order.returned", "order-r1", ["lines": [], "refund_due": .integer(refund), "reason": "broken"])
            #expect(try await Customers(history).customer("42")?.at("commerce.margin.CNY") == .integer(margin))
        }
    }
}
