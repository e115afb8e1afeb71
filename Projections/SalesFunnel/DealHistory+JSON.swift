import CanonicalJSON
import EventModel

extension PlacedDeal {
    /// The deal as a view answers it. Times are milliseconds since the epoch, amounts minor units.
    func json(_ table: StageTable) -> JSON {
        let deal = history
        let pushes = deal.closeDateMoves.filter { $0.days > 0 }
        return [
            "opportunity_id": .text(deal.id), "account_id": .from(deal.facts?.accountID),
            "lead_id": .from(deal.facts?.leadID), "campaign_id": .from(deal.facts?.campaignID),
            "type": .from(deal.facts?.type), "source": .from(deal.facts?.source),
            "products": .array(deal.products.map { .text($0) }),
            "state": .text(deal.state.rawValue), "amount": .from(deal.amount), "currency": .from(deal.currency),
            "probability": .from(deal.probability ?? stays.last.flatMap { table.entries[$0.stage].probability }),
            "category": .text(deal.forecastCategory.rawValue),
            "expected_close_date": .from(
                deal.closeDay.map { CivilDay(daysSinceEpoch: Int(Int32(clamping: $0))).description }),
            "pushes": .from(pushes.count), "push_days": .integer(pushes.reduce(0) { $0.adding($1.days) }),
            "pipeline_id": .from(pipeline), "stage_id": .from(deal.stays.last?.stage),
            "owner_id": .from(deal.owners.last?.owner),
            "opened_at": .integer(deal.openedAt), "out_of_order": .boolean(deal.isOutOfOrder),
            "owners": .array(deal.owners.map { ["owner_id": .text($0.owner), "since": .integer($0.since)] }),
            "stays": .array(stays.map { $0.json(table) }),
            "closes": .array(deal.closes.map(\.json)),
            "reopened_at": .array(deal.reopenings.map { .integer($0.time) }),
        ]
    }
}

extension PlacedStay {
    fileprivate func json(_ table: StageTable) -> JSON {
        let entry = table.entries[stage]
        return [
            "pipeline_id": .text(entry.pipeline), "stage_id": .text(entry.stage), "ordinal": .from(entry.ordinal),
            "entered_at": .integer(stay.enter), "exited_at": .from(stay.exit), "exit": .text(exit.rawValue),
            "duration_ms": .from(stay.duration),
        ]
    }
}

extension DealClose {
    fileprivate var json: JSON {
        var members: JSON.Members = [
            "at": .integer(time), "owner_id": .from(ownership?.owner), "cycle_ms": .integer(cycle),
            "gross_ms": .integer(gross),
        ]
        switch outcome {
        case .won(let amount, let currency):
            members["state"] = "won"
            members["amount"] = .integer(amount)
            members["currency"] = .text(currency)
            members["order_id"] = .from(order)
            members["contract_id"] = .from(contract)
        case .lost(let reason, let competitor):
            members["state"] = "lost"
            members["reason"] = .from(reason)
            members["competitor"] = .from(competitor)
        }
        return .object(members)
    }
}
