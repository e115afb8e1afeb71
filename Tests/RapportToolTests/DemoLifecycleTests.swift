import CanonicalJSON
import DemoCompany
import Testing

/// One move of CATALOG.md section 7: the type, a field's value that tells it from others, and the states around it.
private struct Move {
    let type: String
    let field: String?
    let value: JSON?
    let from: Set<String>
    let to: String

    init(_ type: String, _ from: Set<String>, _ to: String) { self.init(type, nil, nil, from, to) }

    init(_ type: String, _ field: String?, _ value: JSON?, _ from: Set<String>, _ to: String) {
        self.type = type
        self.field = field
        self.value = value
        self.from = from
        self.to = to
    }

    func fits(_ type: String, _ data: JSON) -> Bool {
        type == self.type && (field.map { data[$0] == value } ?? true)
    }
}

@Suite struct `The demo company's histories` {
    /// Written from CATALOG.md section 7 by hand; the state `=` keeps what was.
    private static let moves: [Move] = [
        Move("lead.captured", ["-"], "new"), Move("lead.assigned", ["new", "recycled"], "assigned"),
        Move("lead.assigned", ["assigned", "mql", "sal", "sql"], "="),
        Move("lead.qualified", "stage", "mql", ["assigned"], "mql"),
        Move("lead.qualified", "stage", "sal", ["mql"], "sal"),
        Move("lead.qualified", "stage", "sql", ["sal"], "sql"),
        Move("lead.converted", ["mql", "sal", "sql"], "converted"),
        Move("lead.disqualified", ["new", "assigned", "mql", "sal", "sql", "recycled"], "disqualified"),
        Move("lead.recycled", ["disqualified"], "recycled"),
        Move("pool.released", ["-", "owned"], "pooled"), Move("pool.claimed", ["pooled"], "owned"),
        Move("opportunity.opened", ["-"], "open"), Move("opportunity.stage_changed", ["open"], "="),
        Move("opportunity.amount_changed", ["open"], "="), Move("opportunity.close_date_changed", ["open"], "="),
        Move("opportunity.forecast_changed", ["open"], "="), Move("opportunity.won", ["open"], "won"),
        Move("opportunity.lost", ["open"], "lost"),
        Move("quote.created", ["-"], "draft"), Move("quote.revised", ["draft", "sent"], "draft"),
        Move("quote.sent", ["draft"], "sent"), Move("quote.accepted", ["sent"], "accepted"),
        Move("quote.closed", "outcome", "rejected", ["sent"], "closed"),
        Move("quote.closed", "outcome", "expired", ["sent"], "closed"),
        Move("contract.drafted", ["-"], "draft"), Move("contract.sent_for_signature", ["draft"], "out"),
        Move("contract.signed", "all_signed", true, ["out"], "signed"),
        Move("contract.activated", ["signed"], "active"),
        Move("contract.amended", ["active"], "="), Move("contract.renewed", ["active"], "="),
        Move("contract.ended", "outcome", "expired", ["active"], "expired"),
        Move("order.placed", ["-"], "placed"), Move("order.cancelled", ["placed"], "cancelled"),
        Move("order.fulfilled", "complete", false, ["placed", "partial"], "partial"),
        Move("order.fulfilled", "complete", true, ["placed", "partial"], "fulfilled"),
        Move("order.returned", ["partial", "fulfilled"], "="),
        Move("invoice.issued", ["-"], "issued"), Move("invoice.adjusted", "kind", "credit_note", ["issued"], "="),
        Move("ticket.opened", ["-"], "new"), Move("ticket.status_changed", "to", "pending", ["open"], "pending"),
        Move("ticket.status_changed", "from", "new", ["new"], "open"),
        Move("ticket.status_changed", "from", "pending", ["pending"], "open"),
        Move("ticket.status_changed", "to", "closed", ["solved"], "closed"),
        Move("ticket.resolved", ["open", "pending", "on_hold"], "solved"), Move("ticket.reopened", ["solved"], "open"),
        Move("ticket.assigned", ["new", "open"], "="), Move("ticket.responded", ["open"], "="),
        Move("ticket.classified", ["open"], "="), Move("ticket.escalated", ["open"], "="),
        Move("subscription.started", ["-"], "trialing"),
        Move("subscription.status_changed", "from", "trialing", ["trialing"], "active"),
        Move("subscription.status_changed", "to", "past_due", ["active"], "past_due"),
        Move("subscription.status_changed", "to", "canceled", ["past_due"], "canceled"),
        Move("subscription.changed", ["active"], "="),
        Move("approval.requested", ["-"], "asked"), Move("approval.step_decided", "step_no", 1, ["asked"], "first"),
        Move("approval.step_decided", "decision", "approve", ["first"], "agreed"),
        Move("approval.step_decided", "decision", "reject", ["first"], "refused"),
        Move("approval.concluded", "outcome", "approved", ["agreed"], "done"),
        Move("approval.concluded", "outcome", "rejected", ["refused"], "done"),
        Move("consent.granted", ["-", "withdrawn"], "granted"), Move("consent.withdrawn", ["granted"], "withdrawn"),
        Move("campaign.created", ["-"], "planned"),
        Move("campaign.status_changed", "from", "planned", ["planned"], "active"),
        Move("campaign.status_changed", "to", "completed", ["active"], "completed"),
    ]

    @Test(arguments: [(1, 300), (2, 40), (77, 40)])
    func `are legal by the catalog's lifecycles`(seed: UInt64, customers: Int) throws {
        let byType = Dictionary(grouping: Self.moves, by: \.type)
        var states: [String: String] = [:]
        for line in DemoCompany(customerCount: customers, seed: seed).lines() {
            let event = try JSON(parsing: line)
            let (type, stream) = (try #require(event["type"]?.text), try #require(event["subject"]?.text))
            guard let moves = byType[type] else { continue }
            let state = states[stream] ?? "-"
            let data = event["data"] ?? [:]
            guard let move = moves.first(where: { $0.fits(type, data) && $0.from.contains(state) }) else {
                Issue.record("seed \(seed): \(type) in \(stream), which is \(state)")
                continue
            }
            if move.to != "=" { states[stream] = move.to }
        }
    }

    @Test func `move deals from the stage where they stand, and never spend more money than came in`() throws {
        var stages: JSON.Members = [:]
        var money: [String: Int64] = [:]
        for line in DemoCompany().lines() {
            let event = try JSON(parsing: line)
            let (stream, data) = (try #require(event["subject"]?.text), try #require(event["data"]))
            switch event["type"]?.text {
            case "opportunity.opened": stages[stream] = data["stage_id"]
            case "opportunity.stage_changed":
                #expect(data["from_stage_id"] == stages[stream], "\(stream)")
                stages[stream] = data["to_stage_id"]
            case "payment.received": money[stream] = data["amount"]?.integer
            case "payment.allocated":
                let amounts = data["allocations"]?.elements?.compactMap { $0["amount"]?.integer } ?? []
                money[stream, default: 0] -= amounts.reduce(0, +)
            case "payment.refunded": money[stream, default: 0] -= data["amount"]?.integer ?? 0
            default: break
            }
        }
        #expect(money.count > 1_000 && money.values.allSatisfy { $0 >= 0 })
    }
}
