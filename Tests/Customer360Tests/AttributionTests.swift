import CanonicalJSON
import Testing

/// Whose event is it: one test per rule of READ_MODELS.md section 0 and the README of the CRM benchmark.
@Suite struct `Attribution` {
    @Test func `an account that the event names owns it`() async throws {
        var history = History()
        history.pay("p1", by: "42", 500)
        let customers = try await Customers(history)
        #expect(try await customers.customer("42")?.at("commerce.paid.CNY") == 500)
    }

    @Test func `among several parties the account beats the lead, whatever their order`() async throws {
        var history = History()
        history.talk("i1", with: ["contact-7", "lead-9", "account-42"])
        let customers = try await Customers(history)
        #expect(try await customers.customer("42")?["events"] == 1)
        #expect(try await customers.customer("lead-9") == nil)
    }

    @Test func `an event that names nobody belongs to whom the first of its stream named`() async throws {
        var history = History()
        history.deal("o1", of: "42", amount: 100)
        history.move("o1", to: "proposal")
        history.order("r1", of: "42", 100)
        history.add("order.cancelled", "order-r1", ["reason": "out_of_stock"])
        history.talk("i1", with: ["account-42"])
        history.mail("i1", reaches: "contact-7")
        let customers = try await Customers(history)
        let counts = try await customers.customer("42")?["counts"]
        #expect(
            counts == [
                "opportunity.opened": 1, "opportunity.stage_changed": 1, "order.placed": 1, "order.cancelled": 1,
                "interaction.recorded": 1, "email.engaged": 1,
            ])
    }

    @Test func `only the first event of a stream is its anchor`() async throws {
        var history = History()
        history.visit("shared", by: "contact-7")
        history.visit("shared", by: "account-42")
        history.visit("shared", by: nil)
        let customers = try await Customers(history)
        #expect(try await customers.customer("42")?["events"] == 1)
        #expect(try await customers.report()["unattributed"] == ["events": 2, "counts": ["behavior.tracked": 2]])
    }

    @Test func `an anchored account beats the lead that a later event names`() async throws {
        var history = History()
        history.talk("i1", with: ["account-42"])
        history.mail("i1", reaches: "lead-9")
        let customers = try await Customers(history)
        #expect(try await customers.customer("42")?["events"] == 2)
        #expect(try await customers.customer("lead-9") == nil)
    }

    @Test func `a named account beats the lead that the stream is anchored to`() async throws {
        var history = History()
        history.talk("i1", with: ["lead-9"])
        history.mail("i1", reaches: "account-42")
        history.mail("i1", reaches: "contact-7")
        let customers = try await Customers(history)
        #expect(try await customers.customer("42")?["events"] == 1)
        #expect(try await customers.customer("lead-9")?["events"] == 2)
    }

    @Test func `a named lead beats the lead that the stream is anchored to`() async throws {
        var history = History()
        history.visit("x", by: "lead-1")
        history.visit("x", by: "lead-2")
        let customers = try await Customers(history)
        #expect(try await customers.customer("lead-1")?["events"] == 1)
        #expect(try await customers.customer("lead-2")?["events"] == 1)
    }

    @Test func `a party's own stream belongs to it`() async throws {
        var history = History()
        history.account("42")
        history.add("account.classified", "account-42", ["scheme": "tier", "value": "gold"])
        history.lead("9")
        history.add("lead.assigned", "lead-9", ["owner_id": "u1"])
        let customers = try await Customers(history)
        #expect(try await customers.customer("account-42")?["events"] == 2)
        #expect(try await customers.customer("lead-9")?["events"] == 2)
    }

    @Test func `what names nobody is counted apart`() async throws {
        var history = History()
        history.add("campaign.created", "campaign-k1", ["campaign_id": "k1", "name": "Spring", "type": "email"])
        history.visit("party-v1", by: nil)
        history.talk("i1", with: ["contact-7"])
        history.account("42")
        let report = try await Customers(history).report()
        #expect(report["events"] == 4)
        #expect(report["accounts"] == 1)
        #expect(
            report["unattributed"] == [
                "events": 3, "counts": ["campaign.created": 1, "behavior.tracked": 1, "interaction.recorded": 1],
            ])
    }

    @Test func `what a contact began stays where it began, also when the contact has left`() async throws {
        var history = History()
        history.account("42")
        history.account("43")
        history.link("7", to: "42", as: "user")
        let ticket: JSON = [
            "ticket_id": "t", "number": "1", "contact_id": "7", "channel": "email", "kind": "question",
            "priority": "low",
        ]
        history.add("ticket.opened", "ticket-t", ticket)
        #expect(try await Customers(history).customer("42")?.at("service.open_tickets") == 1)
        history.link("7", to: "42", as: "user", isActive: false)
        history.link("7", to: "43", as: "user")
        history.add("ticket.resolved", "ticket-t", ["resolution_code": "done", "resolver_id": "u1"])
        for account in ["42", "43"] {
            let page = try #require(try await Customers(history).customer(account))
            #expect(page.at("service.open_tickets") == 0, "\(account)")
        }
        let new = try #require(try await Customers(history).customer("43"))
        #expect(new["counts"]?["ticket.resolved"] == 1, "an event counts where the contact is then")
    }
}
