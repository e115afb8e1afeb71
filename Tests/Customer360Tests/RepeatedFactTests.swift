import CanonicalJSON
import Testing

/// The same fact told again, under another id: an import of another system's export of the same business.
@Suite struct `A fact that is told twice` {
    /// Everything that has one beginning, and what followed.
    private var history: History {
        var history = History()
        history.order("r1", of: "42", 100)
        history.add("order.cancelled", "order-r1", ["reason": "odd"])
        history.order("r2", of: "42", 60)
        history.pay("p1", by: "42", 60)
        history.subscribe("s1", of: "42", 10)
        history.add("subscription.status_changed", "subscription-s1", ["from": "active", "to": "canceled"])
        history.contract("c1", of: "42", until: "2026-03-31", noticeDays: 30)
        history.add("contract.renewed", "contract-c1", ["new_end_date": "2027-03-31"])
        history.contract("c2", of: "42", until: "2026-03-31", noticeDays: 30)
        history.add("contract.ended", "contract-c2", ["outcome": "terminated", "effective_date": "2026-01-05"])
        history.ticket("t1", of: "42", "complaint")
        history.add("ticket.resolved", "ticket-t1", ["resolution_code": "done", "resolver_id": "u1"])
        history.deal("o1", of: "42", amount: 70)
        history.win("o1", 80)
        return history
    }

    @Test func `changes no figure`() async throws {
        var again = history
        again.order("r1", of: "42", 100)
        again.pay("p1", by: "42", 60)
        again.subscribe("s1", of: "42", 10)
        again.contract("c1", of: "42", until: "2026-03-31", noticeDays: 30)
        again.contract("c2", of: "42", until: "2026-03-31", noticeDays: 30)
        again.ticket("t1", of: "42", "complaint")
        again.deal("o1", of: "42", amount: 70)
        again.win("o1", 80)
        let (once, twice) = (try await Customers(history).customer("42"), try await Customers(again).customer("42"))
        for block in ["commerce", "subscriptions", "contracts", "service", "won", "lifecycle"] {
            #expect(once?[block] == twice?[block], "\(block)")
        }
        #expect(once?.at("commerce.revenue.CNY") == 60 && once?.at("commerce.paid.CNY") == 60)
        #expect(once?.at("subscriptions.active") == 0 && once?.at("service.open_tickets") == 0)
        #expect(once?.at("contracts.active") == 1 && once?.at("contracts.next_end.date") == "2027-03-31")
        #expect(twice?.at("pipeline.open") == 0 && twice?.at("won.opportunities") == 1)
        #expect(twice?.at("pipeline.out_of_order") == 2)
    }

    @Test func `that moves a closed deal on opens it again, as the funnel says`() async throws {
        var history = History()
        history.deal("o1", of: "42", amount: 70)
        history.win("o1", 80)
        history.move("o1", to: "proposal")
        let page = try #require(try await Customers(history).customer("42"))
        #expect(page.at("won.opportunities") == 0 && page.at("pipeline.open") == 1)
    }
}
