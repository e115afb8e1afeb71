import CanonicalJSON
import EventModel

extension CustomerHistory {
    /// The monitoring service: every third customer subscribes, most go on, those who fade stop paying.
    mutating func subscribe(from won: Int64, in journal: inout Journal) {
        guard extra.chance(33) else { return }
        let subscription = "\(id).s1"
        let stream = "subscription-\(subscription)"
        let start = extra.moment(after: won, days: 5...60)
        let mrr = Int64(extra.number(5...60)) * 10_000
        journal.record(
            "subscription.started", in: stream, at: start,
            [
                "subscription_id": .text(subscription), "account_id": .text(id), "plan_id": "monitoring",
                "mrr": .integer(mrr), "currency": .text(currency), "term_months": 12,
                "trial_end": .integer(start + 30 * DemoTime.day),
                "current_period_end": .integer(start + 30 * DemoTime.day),
            ])
        func change(_ from: String, _ to: String, at time: Int64, _ more: JSON.Members = [:]) {
            journal.record(
                "subscription.status_changed", in: stream, at: time,
                (["from": .text(from), "to": .text(to)] as JSON.Members).merging(more) { $1 })
        }
        change("trialing", "active", at: start + 30 * DemoTime.day)
        var time = start + 30 * DemoTime.day
        for quarter in 1...6 where isInterested(at: time) {
            time += 91 * DemoTime.day
            report(quarter, endingAt: time, in: &journal)
        }
        if fadeTime == nil, extra.chance(40) {
            let upgrade = start + Int64(extra.number(100...300)) * DemoTime.day
            journal.record(
                "subscription.changed", in: stream, at: upgrade,
                [
                    "old_mrr": .integer(mrr), "new_mrr": .integer(mrr * 3 / 2), "kind": "upgrade",
                    "effective_at": .integer(upgrade),
                ])
        }
        guard let fadeTime else { return }
        let late = max(fadeTime, start + 31 * DemoTime.day) + 20 * DemoTime.day
        change("active", "past_due", at: late, ["reason": "card_declined"])
        change(
            "past_due", "canceled", at: late + 21 * DemoTime.day,
            ["reason": "not_paid", "churn_type": .text(extra.chance(60) ? "involuntary" : "voluntary")])
    }

    private mutating func report(_ quarter: Int, endingAt end: Int64, in journal: inout Journal) {
        journal.record(
            "usage.reported", in: "usage-\(id)", at: end,
            [
                "account_id": .text(id), "metric": "readings", "unit": "reading",
                "quantity_milli": .integer(Int64(extra.number(5...900)) * 1_000_000),
                "period_start": .integer(end - 91 * DemoTime.day), "period_end": .integer(end),
            ])
    }

    /// The loyalty programme: points for orders, now and then a reward, and a better tier for the good ones.
    mutating func collectPoints(in journal: inout Journal) {
        guard extra.chance(35), let first = orders.first else { return }
        let member = "\(id).m1"
        let stream = "loyalty-\(member)"
        journal.record(
            "loyalty.enrolled", in: stream, at: first.time,
            ["member_id": .text(member), "program_id": "loyal", "party_id": .text(party), "tier": "basic"])
        var sum: Int64 = 0
        for (index, order) in orders.prefix(8).enumerated() {
            let points = max(Int64(order.total / 10_000), 1)
            sum += points
            let entry = "\(member).e\(index + 1)"
            journal.record(
                "loyalty.points_earned", in: stream, at: order.time + DemoTime.minute,
                [
                    "entry_id": .text(entry), "member_id": .text(member), "points": .integer(points),
                    "reason": "order", "order_id": .text(order.id),
                    "expires_on": .text(Timestamp(milliseconds: order.time + 365 * DemoTime.day).day.description),
                ])
            let later = order.time + 2 * DemoTime.minute
            if index == 0, orders.count > 1, extra.chance(50) {
                let lot: JSON = ["entry_id": .text(entry), "points": .integer(points)]
                journal.record(
                    "loyalty.points_redeemed", in: stream, at: later,
                    [
                        "entry_id": .text("\(entry).r"), "member_id": .text(member), "points": .integer(points),
                        "reward_id": "service-voucher", "lots": .array([lot]),
                    ])
            } else if index == 0 {
                let lot: JSON = ["entry_id": .text(entry), "points": .integer(points)]
                let expiry = order.time + 366 * DemoTime.day
                journal.record(
                    "loyalty.points_expired", in: stream, at: expiry,
                    [
                        "entry_id": .text("\(entry).x"), "lots": .array([lot]),
                        "as_of": .text(Timestamp(milliseconds: expiry).day.description),
                    ])
            }
            if index == 4 {
                journal.record(
                    "loyalty.tier_changed", in: stream, at: later,
                    ["from": "basic", "to": "silver", "qualifying_points": .integer(sum), "rule_version": 1])
            }
        }
    }

    /// What marketing notices: a regular enters the segment and a journey begins; one who falls silent raises a signal.
    mutating func beWatched(in journal: inout Journal) {
        if orders.count >= 3 {
            let third = orders[2]
            journal.record(
                "segment.membership_changed", in: "segment-regulars", at: third.time,
                [
                    "segment_id": "regulars", "rule_version": 1, "party_id": .text(party), "change": "entered",
                    "cause_event_id": .text("order-\(third.id).1"), "reason": "behavior",
                ])
            for (number, step) in [("welcome", "send"), ("wait_a_week", "wait"), ("offer", "recommend")].enumerated() {
                var data: JSON.Members = [
                    "journey_id": "regulars", "version": 1, "party_id": .text(party), "step": .text(step.0),
                    "action": .text(step.1),
                ]
                if step.1 == "recommend" { data["product_ids"] = .array([.text(extra.pick(DemoNames.products).id)]) }
                journal.record(
                    "journey.step_executed", in: "journey-regulars-\(party)",
                    at: third.time + Int64(number * 5) * DemoTime.day + DemoTime.minute, data)
            }
        }
        guard let fadeTime, let last = orders.last else { return }
        let noticed = max(fadeTime, last.time) + 60 * DemoTime.day
        journal.record(
            "signal.raised", in: "signal-account-\(id)", at: noticed,
            [
                "signal_id": .text("\(id).silent"), "kind": "order_gap", "subject_type": "account",
                "subject_id": .text(id), "severity": .integer(Int64(extra.number(50...95)) * 100),
                "evidence_event_ids": .array([.text("order-\(last.id).1")]), "rule_version": 1,
            ])
        guard extra.chance(20) else { return }
        journal.record(
            "signal.cleared", in: "signal-account-\(id)", at: noticed + 30 * DemoTime.day,
            ["signal_id": .text("\(id).silent"), "cause": "customer_called"])
    }
}
