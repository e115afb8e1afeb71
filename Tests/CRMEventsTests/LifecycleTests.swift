import CRMEvents
import CanonicalJSON
import EventModel
import SeededRandom
import Testing

extension LifecycleState {
    /// Takes an event into the state, as the log does.
    mutating func advance(_ type: String, _ data: JSON, by actor: String = "user:u1") -> IllegalTransition? {
        let bytes = data.canonicalBytes
        return Catalog.lifecycleRules.advance(&self, type.utf8.span, actor.utf8.span, bytes.span)
    }
}

private func governs(_ type: String) -> Bool { Catalog.lifecycleRules.governs(type.utf8.span) }

@Suite struct `A lifecycle` {
    /// All legal paths of up to six events, and at the end of each every event of the model.
    @Test(arguments: LifecycleModel.all)
    func `takes every legal path and refuses every other event`(_ model: LifecycleModel) throws {
        let events = model.events.sorted { $0.key < $1.key }
        var legalCount = 0
        var illegalCount = 0
        func explore(_ state: LifecycleState, _ expected: String, _ path: [String]) throws {
            for (name, event) in events {
                var after = state
                let found = after.advance(event.type, event.data, by: model.actor)
                let next = model.next(expected, name)
                guard (found == nil) == (next != nil) else {
                    let words = (path + [name]).joined(separator: ", ")
                    throw Wrong("\(model.name): \(words): found \(String(describing: found)), expected \(next ?? "-")")
                }
                guard let next else {
                    illegalCount += 1
                    continue
                }
                legalCount += 1
                if path.count < 5 { try explore(after, next, path + [name]) }
            }
        }
        try explore(LifecycleState(), model.initial, [])
        #expect(legalCount >= 5 && illegalCount > legalCount / 10, "\(legalCount) legal, \(illegalCount) illegal")
    }

    @Test func `governs the types of the catalog's machines and no others`() {
        let prefixes = [
            "lead.", "pool.", "opportunity.", "quote.", "contract.", "order.", "invoice.", "payment.", "ticket.",
            "subscription.", "approval.", "consent.",
        ]
        for type in Catalog.standard.types.map(\.name) {
            let isExpected =
                prefixes.contains(where: type.hasPrefix) || type == "campaign.created"
                || type == "campaign.status_changed"
            #expect(governs(type) == isExpected, "\(type)")
        }
        #expect(!governs("x_acme.lead"))
    }

    @Test func `says the state, the event and what is legal`() {
        var state = LifecycleState()
        #expect(state.advance("lead.captured", ["lead_id": "9"]) == nil)
        #expect(
            state.advance("lead.qualified", ["stage": "mql"])
                == IllegalTransition(
                    state: "new", attempted: "lead.qualified with stage mql",
                    legal: ["lead.assigned", "lead.disqualified", "lead.scored", "lead.updated"]))
    }

    @Test func `ends in a final state with advice that says so`() {
        var state = LifecycleState()
        _ = state.advance("ticket.opened", ["ticket_id": "t1"])
        _ = state.advance("ticket.status_changed", ["from": "solved", "to": "closed"])
        let violation = state.advance("ticket.responded", ["author_kind": "agent", "public": true])
        #expect(violation?.state == "closed" && violation?.legal == [])
        #expect(violation?.advice == "The state is final, nothing may follow.")
    }

    @Test func `follows what is recorded, legal or not`() {
        var state = LifecycleState()
        #expect(state.advance("opportunity.won", ["amount": 1])?.state == "none")
        #expect(state.advance("opportunity.lost", ["stage_id": "s1"])?.state == "won")
        #expect(state.advance("opportunity.reopened", ["to_stage_id": "s1"]) == nil)
        var payment = LifecycleState()
        #expect(payment.advance("payment.allocated", ["allocations": [["amount": 5]]]) != nil)
        #expect(payment.advance("payment.received", ["amount": 5]) != nil)
        #expect(payment.advance("payment.refunded", ["amount": 1]) != nil, "five of five are allocated already")
        #expect(payment.advance("payment.allocated", ["allocations": [["amount": -2]]]) == nil)
    }

    @Test func `names a value that it does not know by its type alone`() {
        var state = LifecycleState()
        _ = state.advance("subscription.started", ["mrr": 1])
        let violation = state.advance("subscription.status_changed", ["from": "active", "to": "Wolfeschlegelstein"])
        #expect(violation?.attempted == "subscription.status_changed" && violation?.state == "started")
    }

    @Test func `lets only the requester withdraw`() {
        var state = LifecycleState()
        _ = state.advance("approval.requested", ["steps": [["no": 1, "approvers": ["a"]]]], by: "user:u1")
        var other = state
        #expect(other.advance("approval.concluded", ["outcome": "withdrawn"], by: "user:u2") != nil)
        #expect(state.advance("approval.concluded", ["outcome": "withdrawn"], by: "user:u1") == nil)
    }

    /// Any events in any order, with numbers at the bounds and fields that are absent or of another kind.
    @Test(arguments: 1...20)
    func `is total`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let events = LifecycleModel.all.flatMap { $0.events.values }.sorted { $0.type < $1.type }
        var state = LifecycleState()
        for _ in 0..<2000 {
            let event = events[Int.random(in: events.indices, using: &random)]
            var data = event.data
            if let name = data.members.keys.sorted().randomElement(using: &random) {
                let bound = JSON.integer(Bool.random(using: &random) ? (1 << 53) - 1 : -(1 << 53) + 1)
                let odd: [JSON?] = [nil, .null, .text("x"), bound, [["line_id": "a", "quantity_milli": bound]]]
                data = data.with(name, odd[Int.random(in: odd.indices, using: &random)])
            }
            let violation = state.advance(event.type, data)
            #expect(violation?.attempted.hasPrefix(event.type) ?? true, "seed \(seed)")
            if Int.random(in: 0..<50, using: &random) == 0 { state = LifecycleState() }
        }
    }
}

/// Why an exploration ended.
private struct Wrong: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
