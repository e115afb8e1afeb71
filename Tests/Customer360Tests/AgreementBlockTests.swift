import CanonicalJSON
import Testing

@Suite struct `Contracts, subscriptions and points` {
    /// The loyalty example of READ_MODELS.md section 14.4.
    @Test func `points go out of the lot that expires first, and expire by the day alone`() async throws {
        var history = History()
        history.add("loyalty.enrolled", "loyalty-m", ["member_id": "m", "program_id": "p", "party_id": "account-42"])
        history.earn("l1", 100, until: "2026-06-30")
        history.earn("l2", 50, until: "2026-03-31")
        history.add(
            "loyalty.points_redeemed", "loyalty-m",
            ["entry_id": "r1", "member_id": "m", "points": 70, "reward_id": "w", "lots": []])
        let then = try #require(try await Customers(history).customer("42"))
        #expect(then.at("loyalty.points") == 80)
        history.visit("x", by: "account-42", minute: .days(176))  // 2026-06-30
        #expect(try await Customers(history).customer("42")?.at("loyalty.points") == 80)
        history.visit("x", by: "account-42", minute: .days(177))  // 2026-07-01
        #expect(try await Customers(history).customer("42")?.at("loyalty.points") == 0)
    }

    @Test func `what is reversed after it was spent is owed, and repaid by new points`() async throws {
        var history = History()
        history.add("loyalty.enrolled", "loyalty-m", ["member_id": "m", "program_id": "p", "party_id": "account-42"])
        history.earn("l1", 100, until: nil)
        history.add(
            "loyalty.points_redeemed", "loyalty-m",
            [
                "entry_id": "r1", "member_id": "m", "points": 80, "reward_id": "w",
                "lots": [["entry_id": "l1", "points": 80]],
            ])
        history.add(
            "loyalty.points_earned", "loyalty-m",
            ["entry_id": "l2", "member_id": "m", "points": -100, "reason": "refund", "reverses_entry_id": "l1"])
        #expect(try await Customers(history).customer("42")?.at("loyalty.points") == -80)
        history.earn("l3", 100, until: "2026-02-01")
        #expect(try await Customers(history).customer("42")?.at("loyalty.points") == 20)
        // What was repaid is repaid: only the rest expires.
        history.visit("x", by: "account-42", minute: .days(177))
        #expect(try await Customers(history).customer("42")?.at("loyalty.points") == 0)
    }

    @Test func `contracts in force have a next end and a last day for notice`() async throws {
        var history = History()
        history.contract("c1", of: "42", until: "2026-12-31", noticeDays: 90)
        history.contract("c2", of: "42", until: "2026-06-30", noticeDays: nil)
        history.contract("c3", of: "42", until: "2026-02-01", noticeDays: 30, isActive: false)
        let page = try #require(try await Customers(history).customer("42"))
        #expect(
            page["contracts"] == [
                "active": 2, "next_end": ["date": "2026-06-30", "contract_id": "c2"],
                // Without days of notice one can act until the end.
                "notice_deadline": ["date": "2026-06-30", "contract_id": "c2"],
            ])
        history.add("contract.ended", "contract-c2", ["outcome": "terminated", "effective_date": "2026-01-05"])
        history.add("contract.renewed", "contract-c1", ["new_end_date": "2027-12-31"])
        let later = try #require(try await Customers(history).customer("42"))
        #expect(later.at("contracts.active") == 1)
        #expect(later.at("contracts.next_end.date") == "2027-12-31")
        #expect(later.at("contracts.notice_deadline.date") == "2027-10-02")
    }

    @Test func `contracts begin and end on the days that were named, not when somebody wrote them down`() async throws {
        var history = History()
        history.contract("c1", of: "42", until: "2026-12-31", noticeDays: 90, isActive: false)
        history.add("contract.activated", "contract-c1", ["effective_date": "2026-01-07"])
        history.add("contract.ended", "contract-c1", ["outcome": "terminated", "effective_date": "2026-01-09"])
        for (day, active) in [(0, 0), (1, 0), (2, 1), (3, 1), (4, 0)] as [(Int64, Int64)] {
            var history = history
            history.account("other", minute: .days(day))
            let page = try #require(try await Customers(history).customer("42"))
            #expect(page.at("contracts.active") == .integer(active), "\(day) days after 2026-01-05")
        }
    }

    @Test func `a contract whose end has passed is over, unless it renews itself`() async throws {
        var history = History()
        history.contract("c1", of: "42", until: "2026-01-07", noticeDays: nil)
        history.contract("c2", of: "42", until: "2026-01-08", noticeDays: 1)
        history.add(
            "contract.amended", "contract-c2",
            ["amendment_no": 1, "changes": [["field": "auto_renew", "old": false, "new": true]]])
        let ends: [(days: Int64, active: Int64, end: JSON?, notice: JSON?)] = [
            (2, 2, "2026-01-07", "2026-01-07"), (3, 1, "2026-01-08", nil), (4, 1, nil, nil),
        ]
        for (days, active, end, notice) in ends {
            var history = history
            history.account("other", minute: .days(days))
            let page = try #require(try await Customers(history).customer("42"))
            #expect(page.at("contracts.active") == .integer(active), "\(days) days after 2026-01-05")
            #expect(page.at("contracts.next_end.date") == end, "\(days) days after 2026-01-05")
            #expect(page.at("contracts.notice_deadline.date") == notice, "\(days) days after 2026-01-05")
        }
    }

    @Test func `monthly revenue is that of paying subscriptions, at the price of the moment`() async throws {
        var history = History()
        history.subscribe("s1", of: "42", 100)
        history.subscribe("s2", of: "42", 30, trialEnd: History.minute(.days(9)))
        #expect(try await Customers(history).customer("42")?["subscriptions"] == ["active": 2, "mrr": ["CNY": 100]])
        history.add(
            "subscription.changed", "subscription-s1",
            ["old_mrr": 100, "new_mrr": 140, "kind": "upgrade", "effective_at": .integer(History.minute(.days(2)))])
        #expect(try await Customers(history).customer("42")?.at("subscriptions.mrr.CNY") == 100)
        history.visit("x", by: "account-42", minute: .days(2))
        #expect(try await Customers(history).customer("42")?.at("subscriptions.mrr.CNY") == 140)
        history.add("subscription.status_changed", "subscription-s1", ["from": "active", "to": "canceled"])
        #expect(try await Customers(history).customer("42")?["subscriptions"] == ["active": 1, "mrr": [:]])
    }
}
