import CanonicalJSON

/// The lifecycles in which quantities or several parts of a stream decide: small models that count by themselves.
extension LifecycleModel {
    static let counting: [LifecycleModel] = [
        opportunity, quote, order, orderInOneStep, payment, consent, approval, approvalOfTwo,
    ]

    /// The state is `open s1`: with the stage.
    private static let opportunity = LifecycleModel(
        name: "opportunity",
        events: [
            "opened": ("opportunity.opened", ["stage_id": "s1"]),
            "s1-s2": ("opportunity.stage_changed", ["from_stage_id": "s1", "to_stage_id": "s2"]),
            "s2-s1": ("opportunity.stage_changed", ["from_stage_id": "s2", "to_stage_id": "s1"]),
            "s1-s1": ("opportunity.stage_changed", ["from_stage_id": "s1", "to_stage_id": "s1"]),
            "amount": ("opportunity.amount_changed", ["new_amount": 2]),
            "date": ("opportunity.close_date_changed", [:]), "forecast": ("opportunity.forecast_changed", [:]),
            "owner": ("opportunity.owner_assigned", ["owner_id": "u2"]), "won": ("opportunity.won", ["amount": 1]),
            "lost": ("opportunity.lost", ["stage_id": "s1"]),
            "reopened": ("opportunity.reopened", ["to_stage_id": "s2"]),
        ],
        next: { state, event in
            switch (state, event) {
            case ("none", "opened"): "open s1"
            case ("open s1", "s1-s2"): "open s2"
            case ("open s2", "s2-s1"): "open s1"
            case (_, "amount"), (_, "date"), (_, "forecast"), (_, "owner"): state.hasPrefix("open") ? state : nil
            case (_, "won"): state.hasPrefix("open") ? "won" : nil
            case (_, "lost"): state.hasPrefix("open") ? "lost" : nil
            case ("won", "reopened"), ("lost", "reopened"): "open s2"
            default: nil
            }
        })

    /// The state is `draft 1`: with the newest revision.
    private static let quote = LifecycleModel(
        name: "quote",
        events: [
            "created": ("quote.created", ["revision": 1]),
            "revised1": ("quote.revised", ["revision": 1, "supersedes_revision": 1]),
            "revised2": ("quote.revised", ["revision": 2, "supersedes_revision": 1]),
            "revised3": ("quote.revised", ["revision": 3, "supersedes_revision": 2]),
            "sent1": ("quote.sent", ["revision": 1]), "sent2": ("quote.sent", ["revision": 2]),
            "sent3": ("quote.sent", ["revision": 3]), "accepted1": ("quote.accepted", ["revision": 1]),
            "accepted2": ("quote.accepted", ["revision": 2]), "rejected": ("quote.closed", ["outcome": "rejected"]),
            "expired": ("quote.closed", ["outcome": "expired"]),
            "withdrawn": ("quote.closed", ["outcome": "withdrawn"]),
            "superseded": ("quote.closed", ["outcome": "superseded"]),
        ],
        next: { state, event in
            switch (state, event) {
            case ("none", "created"): "draft 1"
            case ("draft 1", "revised2"), ("sent 1", "revised2"): "draft 2"
            case ("draft 2", "revised3"), ("sent 2", "revised3"): "draft 3"
            case ("draft 1", "sent1"), ("draft 2", "sent2"), ("draft 3", "sent3"): "sent " + state.suffix(1)
            case ("sent 1", "accepted1"), ("sent 2", "accepted2"): "accepted"
            case (_, "rejected"), (_, "expired"): state.hasPrefix("sent") ? event : nil
            case (_, "withdrawn"): state.hasPrefix("draft") ? event : nil
            case (_, "superseded"): state.hasPrefix("draft") || state.hasPrefix("sent") ? event : nil
            default: nil
            }
        })

    private static func lines(_ quantities: [String: Int64]) -> JSON {
        .array(
            quantities.sorted { $0.key < $1.key }.map { line, quantity in
                ["line_id": .text(line), "quantity_milli": .integer(quantity)]
            })
    }

    /// Two of line a were ordered, shipped one by one; the state is phase, shipped, returned.
    private static let order = LifecycleModel(
        name: "order, line by line",
        events: [
            "placed": ("order.placed", ["lines": lines(["a": 2000])]), "approved": ("order.approved", [:]),
            "ship1": ("order.fulfilled", ["lines": lines(["a": 1000]), "complete": false]),
            "rest": ("order.fulfilled", ["lines": lines(["a": 1000]), "complete": true]),
            "cancelled": ("order.cancelled", ["reason": "x"]),
            "part": ("order.cancelled", ["reason": "x", "lines": lines(["a": 1000])]),
            "back1": ("order.returned", ["lines": lines(["a": 1000])]),
            "back2": ("order.returned", ["lines": lines(["a": 2000])]),
            "backb": ("order.returned", ["lines": lines(["b": 1000])]),
        ],
        next: { state, event in
            let words = state.split(separator: " ").map(String.init)
            let phase = words[0]
            let (shipped, returned) = words.count == 3 ? (Int(words[1]) ?? 0, Int(words[2]) ?? 0) : (0, 0)
            let isBefore = phase == "placed" || phase == "approved"
            switch event {
            case "placed": return phase == "none" ? "placed" : nil
            case "approved": return phase == "placed" ? "approved" : nil
            case "part": return isBefore ? state : nil
            case "cancelled": return isBefore ? "cancelled" : nil
            case "ship1": return isBefore || phase == "partial" ? "partial \(shipped + 1) \(returned)" : nil
            case "rest": return isBefore || phase == "partial" ? "full \(max(2, shipped + 1)) \(returned)" : nil
            case "back1", "back2":
                let count = returned + (event == "back1" ? 1 : 2)
                guard phase == "partial" || phase == "full", count <= shipped else { return nil }
                return count == shipped ? "returned" : "\(phase) \(shipped) \(count)"
            default: return nil
            }
        })

    /// A complete order that names no line has all of them.
    private static let orderInOneStep = LifecycleModel(
        name: "order, all at once",
        events: [
            "placed": ("order.placed", ["lines": lines(["a": 2000, "b": 500])]),
            "all": ("order.fulfilled", ["lines": [], "complete": true]),
            "a": ("order.returned", ["lines": lines(["a": 2000])]),
            "b": ("order.returned", ["lines": lines(["b": 500])]),
            "many": ("order.returned", ["lines": lines(["b": 501])]),
            "negative": ("order.returned", ["lines": lines(["a": -1])]),
        ],
        next: { state, event in
            switch (state, event) {
            case ("none", "placed"): "placed"
            case ("placed", "all"): "fulfilled"
            case ("fulfilled", "a"): "without a"
            case ("fulfilled", "b"): "without b"
            case ("without a", "b"), ("without b", "a"): "returned"
            default: nil
            }
        })

    private static func allocation(_ amounts: Int64...) -> (type: String, data: JSON) {
        ("payment.allocated", ["allocations": .array(amounts.map { ["invoice_id": "i1", "amount": .integer($0)] })])
    }

    /// Three were received; the state is `allocated refunded`.
    private static let payment = LifecycleModel(
        name: "payment",
        events: [
            "received": ("payment.received", ["amount": 3]), "one": allocation(1), "two": allocation(1, 1),
            "four": allocation(4), "back": allocation(-1), "moved": allocation(-1, 1),
            "refund1": ("payment.refunded", ["amount": 1]), "refund2": ("payment.refunded", ["amount": 2]),
            "refund4": ("payment.refunded", ["amount": 4]),
        ],
        next: { state, event in
            if state == "none" { return event == "received" ? "0 0" : nil }
            let numbers = state.split(separator: " ").map { Int($0) ?? 0 }
            let allocated: [String: Int] = ["one": 1, "two": 2, "four": 4, "back": -1, "moved": 0]
            let refunded: [String: Int] = ["refund1": 1, "refund2": 2, "refund4": 4]
            guard event != "received" else { return nil }
            let (all, back) = (numbers[0] + (allocated[event] ?? 0), numbers[1] + (refunded[event] ?? 0))
            return all >= 0 && all + back <= 3 ? "\(all) \(back)" : nil
        })

    private static func consent(_ what: String, _ purpose: String, _ channel: String) -> (type: String, data: JSON) {
        ("consent.\(what)", ["party_id": "contact-1", "purpose": .text(purpose), "channel": .text(channel)])
    }

    /// The state lists what is granted (+) and withdrawn (-).
    private static let consent = LifecycleModel(
        name: "consent",
        events: [
            "+news-email": consent("granted", "news", "email"), "-news-email": consent("withdrawn", "news", "email"),
            "+news-sms": consent("granted", "news", "sms"), "-news-sms": consent("withdrawn", "news", "sms"),
            "+ads-email": consent("granted", "ads", "email"), "-ads-email": consent("withdrawn", "ads", "email"),
        ],
        next: { state, event in
            var all = Set(state.split(separator: " ").map(String.init)).subtracting(["none"])
            let opposite = (event.hasPrefix("+") ? "-" : "+") + event.dropFirst()
            guard !all.contains(event) else { return nil }
            all.remove(opposite)
            all.insert(event)
            return all.sorted().joined(separator: " ")
        })

    private static func decision(
        _ step: Int64, _ approver: String, _ decision: String, to: (String, JSON)? = nil
    ) -> (type: String, data: JSON) {
        let data: JSON = ["step_no": .integer(step), "approver_id": .text(approver), "decision": .text(decision)]
        return ("approval.step_decided", to.map { data.with($0.0, $0.1) } ?? data)
    }

    private static let conclusions: [String: (type: String, data: JSON)] = [
        "approved": ("approval.concluded", ["outcome": "approved"]),
        "rejected": ("approval.concluded", ["outcome": "rejected"]),
        "withdrawn": ("approval.concluded", ["outcome": "withdrawn"]),
        "expired": ("approval.concluded", ["outcome": "expired"]),
    ]

    private static func concluded(_ state: String, _ event: String) -> String? {
        switch event {
        case "approved": state == "agreed" ? "approved" : nil
        case "rejected": state == "refused" ? "rejected" : nil
        case "withdrawn": state == "agreed" || state == "refused" || state.hasPrefix("step") ? "withdrawn" : nil
        case "expired": state.hasPrefix("step") ? "expired" : nil
        default: nil
        }
    }

    /// One approver (a), then one of two (b, c); b may hand over to d; u1 is the requester.
    private static let approval = LifecycleModel(
        name: "approval, two steps",
        events: [
            "requested": (
                "approval.requested",
                [
                    "steps": [
                        ["no": 1, "approvers": ["a"], "quorum": 1], ["no": 2, "approvers": ["b", "c"], "quorum": 1],
                    ]
                ]
            ),
            "own": ("approval.requested", ["steps": [["no": 1, "approvers": ["u1"], "quorum": 1]]]),
            "a+": decision(1, "a", "approve"), "a-": decision(1, "a", "reject"),
            "a-back": decision(1, "a", "return", to: ("to_step", 1)), "b-early": decision(1, "b", "approve"),
            "b+": decision(2, "b", "approve"), "c-": decision(2, "c", "reject"), "u1+": decision(2, "u1", "approve"),
            "b-back": decision(2, "b", "return", to: ("to_step", 1)),
            "b-d": decision(2, "b", "delegate", to: ("delegate_to", "d")),
            "b-u1": decision(2, "b", "delegate", to: ("delegate_to", "u1")), "d+": decision(2, "d", "approve"),
        ].merging(conclusions) { $1 },
        next: { state, event in
            switch (state, event) {
            case ("none", "requested"): "step 1"
            // After a return the delegate of step 2 may still decide there.
            case ("step 1", "a+"): "step 2"
            case ("step 1 d", "a+"): "step 2 bd"
            case ("step 1", "a-"), ("step 1 d", "a-"): "refused"
            case ("step 2", "b+"), ("step 2 bd", "b+"), ("step 2 d", "d+"), ("step 2 bd", "d+"): "agreed"
            case ("step 2", "c-"), ("step 2 d", "c-"), ("step 2 bd", "c-"): "refused"
            case ("step 2", "b-back"): "step 1"
            case ("step 2 bd", "b-back"): "step 1 d"
            case ("step 2", "b-d"): "step 2 d"
            default: concluded(state, event)
            }
        })

    /// Two of three; the state counts who has agreed.
    private static let approvalOfTwo = LifecycleModel(
        name: "approval, two of three",
        events: [
            "requested": ("approval.requested", ["steps": [["no": 5, "approvers": ["a", "b", "c"], "quorum": 2]]]),
            "a": decision(5, "a", "approve"), "b": decision(5, "b", "approve"), "c": decision(5, "c", "approve"),
            "c-": decision(5, "c", "reject"), "a1": decision(1, "a", "approve"), "x": decision(5, "x", "approve"),
        ].merging(conclusions) { $1 },
        next: { state, event in
            if state == "none" { return event == "requested" ? "step " : nil }
            guard state.hasPrefix("step"), ["a", "b", "c", "c-"].contains(event) else { return concluded(state, event) }
            let agreed = state.dropFirst(5)
            guard !agreed.contains(event.prefix(1)) else { return nil }
            if event == "c-" { return "refused" }
            return agreed.isEmpty ? "step \(event)" : "agreed"
        })
}
