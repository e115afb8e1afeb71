import CanonicalJSON
import EventModel
import Testing

@Suite struct `Signals of service` {
    @Test func `fire for six tickets where one and a half are usual`() async throws {
        var log = OrderLog()
        for index in 0..<6 { log.ticket("u\(index)", of: "a", on: "2026-0\(1 + index % 3)-10") }
        for index in 0..<5 { log.ticket("r\(index)", of: "a", on: "2026-06-1\(index)") }
        let five = try await FoldedOrders(log)
        #expect(try five.measure("tickets", of: "a", on: "2026-06-20") == "0 6")
        log.ticket("r5", of: "a", on: "2026-06-18")
        let six = try await FoldedOrders(log)
        #expect(try six.measure("tickets", of: "a", on: "2026-06-20") == "3918 2")
        #expect(try six.evidence(of: "tickets", "a", on: "2026-06-20") == [6, 7, 8, 9, 10, 11])
        // A ticket that is told again is no other ticket.
        var again = log
        for index in 0..<6 { again.ticket("r\(index)", of: "a", on: "2026-06-19") }
        #expect(try await FoldedOrders(again).measure("tickets", of: "a", on: "2026-06-20") == "3918 2")
        // 28 days later they are no longer recent, and what was recent is usual.
        #expect(try six.measure("tickets", of: "a", on: "2026-07-16") == "0 0")
        #expect(try six.measure("complaints", of: "a", on: "2026-06-20") == "absent")
    }

    @Test func `count complaints apart, also those that became one`() async throws {
        var log = OrderLog()
        for index in 0..<5 {
            log.ticket("t\(index)", of: "a", on: "2026-06-1\(index)", kind: index < 4 ? "complaint" : "question")
        }
        log.record("ticket.classified", "ticket-t4", on: "2026-06-15", ["kind": "complaint"])
        let view = try await FoldedOrders(log)
        // λ = 0.5: P(≥ 4) = 0.00175162, −log₁₀ ÷ 6 = 0.45943; P(≥ 5) = 0.000172116, 0.62737.
        #expect(try view.measure("complaints", of: "a", on: "2026-06-14") == "4594 1")
        #expect(try view.measure("complaints", of: "a", on: "2026-06-15") == "6274 1")
        log.record("ticket.classified", "ticket-t0", on: "2026-06-16", ["kind": "question"])
        #expect(try await FoldedOrders(log).measure("complaints", of: "a", on: "2026-06-16") == "4594 2")
    }

    @Test func `fire when more than a quarter of the promises was broken, and two at least`() async throws {
        var log = OrderLog()
        for index in 0..<8 { log.ticket("t\(index)", of: "a", on: "2026-06-01") }
        for index in 0..<6 { log.promise(on: "t\(index)", day: "2026-06-0\(2 + index)", isKept: index > 0) }
        #expect(try await FoldedOrders(log).measure("sla_breach", of: "a", on: "2026-06-20") == "0 18")
        log.promise(on: "t6", day: "2026-06-10", isKept: false)
        #expect(try await FoldedOrders(log).measure("sla_breach", of: "a", on: "2026-06-20") == "2857 10")
        log.promise(on: "t7", day: "2026-06-11", isKept: true)
        // Two of eight are a quarter and not more.
        #expect(try await FoldedOrders(log).measure("sla_breach", of: "a", on: "2026-06-20") == "0 10")
        // From 30 August the first promise that was kept is 90 days old.
        #expect(try await FoldedOrders(log).measure("sla_breach", of: "a", on: "2026-09-08") == "0 0")
    }

    @Test func `take the last answer and not an earlier one`() async throws {
        var log = OrderLog()
        log.answer("s1", by: "account-a", on: "2026-06-01", 6)
        let low = try await FoldedOrders(log)
        #expect(try low.measure("detractor", of: "a", on: "2026-06-11") == "10000 10")
        #expect(try low.measure("detractor", of: "a", on: "2026-08-29") == "10000 89")
        #expect(try low.measure("detractor", of: "a", on: "2026-08-30") == "absent")
        log.answer("s2", by: "account-a", on: "2026-06-05", 7)
        #expect(try await FoldedOrders(log).measure("detractor", of: "a", on: "2026-06-11") == "0 6")
        log.answer("s3", by: "account-a", on: "2026-06-07", 2, kind: "csat", of: 5)
        log.answer("s4", by: "account-a", on: "2026-06-08", 1, kind: "csat", of: 7)
        log.answer("s5", by: "account-a", on: "2026-06-09", 1, kind: "ces", of: 5)
        // An answer on another scale is the last one, and says nothing.
        #expect(try await FoldedOrders(log).measure("detractor", of: "a", on: "2026-06-11") == "0 6")
    }

    @Test func `of ten count, and of two kinds the one that weighs more today`() async throws {
        var log = OrderLog()
        log.answer("s1", by: "account-a", on: "2026-06-01", 5, of: 5)
        #expect(try await FoldedOrders(log).measure("detractor", of: "a", on: "2026-06-11") == "absent")
        log.answer("s2", by: "account-a", on: "2026-06-02", 6)
        log.answer("s3", by: "account-a", on: "2026-08-29", 1, kind: "csat", of: 5)
        let view = try await FoldedOrders(log)
        #expect(try view.measure("detractor", of: "a", on: "2026-06-11") == "10000 9")
        // The old NPS has faded below the new CSAT, so the risk does not rise when it drops out.
        #expect(try view.measure("detractor", of: "a", on: "2026-08-30") == "7000 1")
        #expect(try view.measure("detractor", of: "a", on: "2026-08-31") == "7000 2")
    }

    @Test func `take the last CSAT of five`() async throws {
        var log = OrderLog()
        log.answer("s1", by: "account-a", on: "2026-06-01", 9)
        log.answer("s2", by: "account-a", on: "2026-06-03", 2, kind: "csat", of: 5)
        let view = try await FoldedOrders(log)
        #expect(try view.measure("detractor", of: "a", on: "2026-06-11") == "7000 8")
        let reasons = try #require(try view.customer("a", ["as_of_day": "2026-06-11"])?["reasons"]?.elements)
        // 0.5 · 0.7 · 2^(−8 ÷ 90) = 0.3290863149 (mpmath).
        #expect(reasons.first?["effect_nano"]?.integer == 329_086_315)
    }
}

@Suite struct `Signals of money and use` {
    @Test func `weigh days past due with the overdue share`() async throws {
        var log = OrderLog()
        log.invoice("1", to: "a", on: "2026-01-01", due: "2026-02-01", 600)
        log.invoice("2", to: "a", on: "2026-02-01", due: "2026-06-01", 200)
        log.invoice("3", to: "a", on: "2026-01-01", due: "2026-01-15", 500)
        log.pay("p", by: "a", on: "2026-01-10", invoice: "3", 500)
        let view = try await FoldedOrders(log)
        #expect(try view.measure("payment_overdue", of: "a", on: "2026-03-03") == "0 0")
        // 45 days: 45 ÷ 90 · 600 ÷ 800.
        #expect(try view.measure("payment_overdue", of: "a", on: "2026-03-18") == "3750 0")
        #expect(try view.evidence(of: "payment_overdue", "a", on: "2026-03-18") == [0])
        #expect(try view.measure("payment_overdue", of: "a", on: "2026-05-30") == "7500 0")
        log.record(
            "invoice.adjusted", "invoice-1", on: "2026-03-01",
            ["kind": "credit_note", "amount": 200, "reason": "goodwill"])
        // 45 ÷ 90 · 400 ÷ 600.
        #expect(try await FoldedOrders(log).measure("payment_overdue", of: "a", on: "2026-03-18") == "3333 0")
        log.pay("q", by: "a", on: "2026-03-20", invoice: "1", 400)
        let paid = try await FoldedOrders(log)
        #expect(try paid.measure("payment_overdue", of: "a", on: "2026-03-18") == "3333 0")
        #expect(try paid.measure("payment_overdue", of: "a", on: "2026-03-20") == "0 0")
    }

    @Test func `convert what another currency settled`() async throws {
        var log = OrderLog()
        log.invoice("1", to: "a", on: "2026-01-01", due: "2026-01-15", 72_000)
        log.record(
            "payment.received", "payment-p", on: "2026-01-10",
            [
                "payment_id": "p", "account_id": "a", "amount": 10_000, "currency": "USD", "method": "transfer",
                "value_date": "2026-01-10", "kind": "receipt",
            ])
        log.record(
            "payment.allocated", "payment-p", on: "2026-01-10",
            [
                "payment_id": "p", "allocations": [["invoice_id": "1", "amount": 10_000]],
                "fx_rate_e9": 7_200_000_000,
            ])
        #expect(try await FoldedOrders(log).measure("payment_overdue", of: "a", on: "2026-05-01") == "0 0")
    }

    @Test func `compare four weeks of use with the twelve before`() async throws {
        let first = try #require(CivilDay("2026-01-01")).daysSinceEpoch
        var log = OrderLog()
        log.subscribe("s", "a", on: "2026-01-01")
        for day in 0..<112 {
            log.use("a", on: CivilDay(daysSinceEpoch: first + day), day < 84 ? 10_000 : 5_000)
        }
        // 112 days from 1 January end on 22 April.
        let view = try await FoldedOrders(log)
        #expect(try view.measure("usage_drop", of: "a", on: "2026-04-22") == "5000 0")
        #expect(try view.evidence(of: "usage_drop", "a", on: "2026-04-22")?.count == 20)
        log.subscription("s", becomes: "paused", on: "2026-04-22")
        let paused = try await FoldedOrders(log)
        #expect(try paused.measure("usage_drop", of: "a", on: "2026-04-22") == "absent")
        // A day before, one day of ten is among the recent ones: 3 · 145 ÷ 830 = 0.52410.
        #expect(try paused.measure("usage_drop", of: "a", on: "2026-04-21") == "4759 0")
    }

    @Test func `share out a report on several days, and judge each measure alone`() async throws {
        let start = try #require(CivilDay("2026-01-01"))
        let recent = try #require(CivilDay("2026-03-26"))
        var log = OrderLog()
        log.use("a", on: start, days: 112, 112_000)
        log.use("a", on: start, days: 84, 84_000, metric: "exports")
        log.use("a", on: recent, days: 28, 7_000, metric: "exports")
        let view = try await FoldedOrders(log)
        #expect(try view.measure("usage_drop", of: "a", on: "2026-04-22") == "7500 0")
        #expect(try view.evidence(of: "usage_drop", "a", on: "2026-04-22") == [2])
    }

    @Test func `name the reports before where use has stopped`() async throws {
        let start = try #require(CivilDay("2026-01-01"))
        var log = OrderLog()
        log.use("a", on: start, days: 112, 112_000)
        let view = try await FoldedOrders(log)
        #expect(try view.measure("usage_drop", of: "a", on: "2026-05-20") == "10000 0")
        #expect(try view.evidence(of: "usage_drop", "a", on: "2026-05-20") == [0])
    }
}

@Suite struct `Signals of contracts and people` {
    @Test func `hear the silence before the day to give notice`() async throws {
        var log = OrderLog()
        log.contract("c", with: "a", from: "2026-01-01", to: "2026-12-31", notice: 30)
        log.interact("i", with: "account-a", on: "2026-09-20", "out", outcome: "no_answer")
        // Notice can be given until 1 December; 60 days before is 2 October.
        let view = try await FoldedOrders(log)
        #expect(try view.measure("renewal_silent", of: "a", on: "2026-10-01") == "0 0")
        #expect(try view.measure("renewal_silent", of: "a", on: "2026-10-02") == "10000 0")
        #expect(try view.measure("renewal_silent", of: "a", on: "2026-12-01") == "10000 0")
        #expect(try view.measure("renewal_silent", of: "a", on: "2026-12-02") == "0 0")
        log.interact("j", with: "account-a", on: "2026-10-05", "out", outcome: "connected")
        let spoken = try await FoldedOrders(log)
        #expect(try spoken.measure("renewal_silent", of: "a", on: "2026-11-03") == "0 0")
        #expect(try spoken.measure("renewal_silent", of: "a", on: "2026-11-04") == "10000 0")
        log.record("contract.renewed", "contract-c", on: "2026-11-04", ["new_end_date": "2027-12-31"])
        #expect(try await FoldedOrders(log).measure("renewal_silent", of: "a", on: "2026-11-04") == "0 0")
    }

    @Test func `know amended terms, and pass over what is no customer's contract`() async throws {
        var log = OrderLog()
        log.contract("c", with: "a", from: "2026-01-01", to: nil)
        log.contract("d", with: "b", from: "2026-01-01", to: "2026-02-01", kind: "supplier")
        let view = try await FoldedOrders(log)
        #expect(try view.measure("renewal_silent", of: "a", on: "2026-05-01") == "0 0")
        #expect(try view.measure("renewal_silent", of: "b", on: "2026-01-20") == "absent")
        log.record(
            "contract.amended", "contract-c", on: "2026-04-01",
            ["amendment_no": 1, "changes": [["field": "end_date", "old": .null, "new": "2026-06-01"]]])
        #expect(try await FoldedOrders(log).measure("renewal_silent", of: "a", on: "2026-05-01") == "10000 0")
        log.endContract("c", on: "2026-05-01")
        #expect(try await FoldedOrders(log).measure("renewal_silent", of: "a", on: "2026-05-01") == "absent")
    }

    @Test func `are silent about a contract whose end has passed, unless it renews itself`() async throws {
        var log = OrderLog()
        log.contract("c", with: "a", from: "2026-01-01", to: "2026-03-31", notice: 30)
        log.contract("d", with: "b", from: "2026-01-01", to: "2026-03-31", notice: 30)
        log.record(
            "contract.amended", "contract-d", on: "2026-02-01",
            ["amendment_no": 1, "changes": [["field": "auto_renew", "old": false, "new": true]]])
        let view = try await FoldedOrders(log)
        #expect(try view.measure("engagement_loss", of: "a", on: "2026-03-31") == "0 0")
        #expect(try view.measure("engagement_loss", of: "a", on: "2026-04-01") == "absent")
        #expect(try view.measure("engagement_loss", of: "b", on: "2026-04-01") == "10000 0")
        // Told again as it was signed, the contract is still the amended one.
        log.contract("d", with: "b", from: "2026-01-01", to: "2026-03-31", notice: 30)
        #expect(try await FoldedOrders(log).measure("engagement_loss", of: "b", on: "2026-04-01") == "10000 0")
    }

    @Test func `miss the customer who does not call for 90 days of a contract`() async throws {
        var log = OrderLog()
        log.interact("h", with: "account-a", on: "2025-06-01", "in")
        log.contract("c", with: "a", from: "2026-01-01", to: nil)
        let view = try await FoldedOrders(log)
        #expect(try view.measure("engagement_loss", of: "a", on: "2025-12-31") == "absent")
        #expect(try view.measure("engagement_loss", of: "a", on: "2026-03-31") == "0 0")
        #expect(try view.measure("engagement_loss", of: "a", on: "2026-04-01") == "10000 0")
        log.interact("i", with: "account-a", on: "2026-03-01", "in")
        log.interact("j", with: "account-a", on: "2026-03-20", "out")
        #expect(try await FoldedOrders(log).measure("engagement_loss", of: "a", on: "2026-04-01") == "0 0")
        #expect(try await FoldedOrders(log).measure("engagement_loss", of: "a", on: "2026-05-30") == "10000 0")
    }

    @Test func `see a decision maker leave, and come back`() async throws {
        var log = OrderLog()
        log.interact("i", with: "account-a", on: "2026-01-01", "in")
        log.link("k", to: "a", on: "2026-01-02", role: "decision_maker")
        log.link("l", to: "a", on: "2026-01-02", role: "user")
        log.link("l", to: "a", on: "2026-02-01", active: false)
        #expect(try await FoldedOrders(log).measure("champion_left", of: "a", on: "2026-02-01") == "absent")
        log.link("k", to: "a", on: "2026-03-01", active: false)
        #expect(try await FoldedOrders(log).measure("champion_left", of: "a", on: "2026-03-11") == "10000 10")
        #expect(try await FoldedOrders(log).evidence(of: "champion_left", "a", on: "2026-03-11") == [4])
        log.link("k", to: "a", on: "2026-04-01", role: "decision_maker")
        #expect(try await FoldedOrders(log).measure("champion_left", of: "a", on: "2026-04-02") == "absent")
    }

    @Test func `see no decision maker leave whose link goes on under another id of the customer`() async throws {
        var log = OrderLog()
        log.interact("i", with: "account-a", on: "2026-01-01", "in")
        for account in ["a", "b"] { log.link("k", to: account, on: "2026-01-02", role: "decision_maker") }
        log.merge("account-b", into: "account-a", on: "2026-02-01")
        log.link("k", to: "b", on: "2026-03-01", active: false)
        #expect(try await FoldedOrders(log).measure("champion_left", of: "a", on: "2026-03-02") == "absent")
        log.link("k", to: "a", on: "2026-03-05", active: false)
        #expect(try await FoldedOrders(log).evidence(of: "champion_left", "a", on: "2026-03-06") == [5])
    }

    @Test func `see no decision maker leave with a doublet that was merged away`() async throws {
        var log = OrderLog()
        log.interact("i", with: "account-a", on: "2026-01-01", "in")
        for contact in ["k", "l"] { log.link(contact, to: "a", on: "2026-01-02", role: "decision_maker") }
        log.merge("contact-l", into: "contact-k", on: "2026-02-01")
        log.link("l", to: "a", on: "2026-02-02", active: false)
        #expect(try await FoldedOrders(log).measure("champion_left", of: "a", on: "2026-03-02") == "absent")
        log.unmerge("contact-l", from: "contact-k", on: "2026-03-01")
        #expect(try await FoldedOrders(log).evidence(of: "champion_left", "a", on: "2026-03-06") == [4])
    }

    @Test func `take a mail that came back from a decision maker for leaving`() async throws {
        var log = OrderLog()
        log.link("k", to: "a", on: "2026-01-02", role: "decision_maker")
        log.link("l", to: "a", on: "2026-01-02", role: "user")
        for contact in ["k", "l"] {
            log.record(
                "email.engaged", "interaction-m\(contact)", on: "2026-03-01",
                ["message_id": .text("m" + contact), "party_id": .text("contact-" + contact), "kind": "hard_bounced"])
        }
        let view = try await FoldedOrders(log)
        #expect(try view.measure("champion_left", of: "a", on: "2026-03-02") == "10000 1")
        #expect(try view.evidence(of: "champion_left", "a", on: "2026-03-02") == [2])
    }

    @Test func `hear that a decision maker's mail came back, whatever the contact is elsewhere`() async throws {
        var log = OrderLog()
        log.link("k", to: "a", on: "2026-01-02", role: "decision_maker")
        log.link("k", to: "b", on: "2026-01-03", role: "user")
        log.record(
            "email.engaged", "interaction-m", on: "2026-03-01",
            ["message_id": "m", "party_id": "contact-k", "kind": "hard_bounced"])
        let view = try await FoldedOrders(log)
        #expect(try view.measure("champion_left", of: "a", on: "2026-03-02") == "10000 1")
        #expect(try view.measure("champion_left", of: "b", on: "2026-03-02") == "absent")
    }

    @Test func `hear that a mail came back also where the mail was the account's`() async throws {
        var log = OrderLog()
        log.link("k", to: "a", on: "2026-01-02", role: "decision_maker")
        log.record(
            "interaction.recorded", "interaction-m", on: "2026-03-01",
            [
                "interaction_id": "m", "channel": "email", "direction": "out",
                "party_ids": ["account-a", "contact-k"], "started_at": 0,
            ])
        log.record(
            "email.engaged", "interaction-m", on: "2026-03-01",
            ["message_id": "m", "party_id": "contact-k", "kind": "hard_bounced"])
        let view = try await FoldedOrders(log)
        #expect(try view.measure("champion_left", of: "a", on: "2026-03-02") == "10000 1")
        #expect(try view.evidence(of: "champion_left", "a", on: "2026-03-02") == [2])
    }

    @Test func `count changes of the owner, not owners`() async throws {
        var log = OrderLog()
        log.own("a", by: "u1", on: "2026-01-01")
        log.own("a", by: "u2", on: "2026-02-01")
        log.own("a", by: "u2", on: "2026-02-02")
        #expect(try await FoldedOrders(log).measure("owner_churn", of: "a", on: "2026-03-01") == "0 28")
        log.own("a", by: "u3", on: "2026-02-20")
        let view = try await FoldedOrders(log)
        #expect(try view.measure("owner_churn", of: "a", on: "2026-03-01") == "10000 9")
        #expect(try view.measure("owner_churn", of: "a", on: "2026-07-30") == "10000 160")
        #expect(try view.measure("owner_churn", of: "a", on: "2026-07-31") == "0 161")
    }

    @Test func `remember withdrawn consent and deals lost to a competitor`() async throws {
        var log = OrderLog()
        log.record(
            "consent.withdrawn", "consent-account-a", on: "2026-01-01",
            ["party_id": "account-a", "purpose": "marketing", "channel": "email", "trigger": "subject"])
        for (deal, competitor) in [("x", nil), ("y", "rival")] as [(String, String?)] {
            log.record(
                "opportunity.opened", "opportunity-" + deal, on: "2026-01-01",
                [
                    "opportunity_id": .text(deal), "account_id": "a", "pipeline_id": "p", "pipeline_version": 1,
                    "stage_id": "s", "owner_id": "u", "type": "new",
                ])
            var loss: JSON.Members = [
                "reason_code": "price", "lost_at": OrderLog.noon("2026-02-01"), "stage_id": "s",
            ]
            loss["competitor"] = competitor.map { .text($0) }
            log.record("opportunity.lost", "opportunity-" + deal, on: "2026-02-01", .object(loss))
        }
        let view = try await FoldedOrders(log)
        #expect(try view.measure("consent_withdrawn", of: "a", on: "2026-02-02") == "10000 32")
        #expect(try view.measure("competitor_lost", of: "a", on: "2026-02-02") == "10000 1")
        #expect(try view.evidence(of: "competitor_lost", "a", on: "2026-02-02") == [4])
        log.record(
            "opportunity.reopened", "opportunity-y", on: "2026-02-02",
            ["to_stage_id": "s", "reason": "again", "reverses": "e4"])
        #expect(try await FoldedOrders(log).measure("competitor_lost", of: "a", on: "2026-02-02") == "absent")
    }
}
