import CanonicalJSON

extension DealHistory {
    /// The deal as a view answers it. Times are milliseconds since the epoch, amounts minor units.
    func json(_ table: inout StageTable) -> JSON {
        let placed = table.place(stays)
        return [
            "opportunity_id": .text(id), "account_id": .from(row.accountID), "lead_id": .from(row.leadID),
            "campaign_id": .from(row.campaignID), "type": .from(row.type), "source": .from(row.source),
            "state": .text(state.rawValue), "amount": .from(amount), "currency": .from(row.currency),
            "pipeline_id": .from(placed.last.map { table.entries[$0.stage].pipeline }),
            "stage_id": .from(stays.last?.stage), "owner_id": .from(owners.last?.owner),
            "opened_at": .integer(openedAt), "out_of_order": .boolean(isOutOfOrder),
            "owners": .array(owners.map { ["owner_id": .text($0.owner), "since": .integer($0.since)] }),
            "stays": .array(placed.map { $0.json(table) }),
            "closes": .array(closes.map(\.json)),
            "reopened_at": .array(reopenings.map { .integer($0) }),
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
        var members: [String: JSON] = ["at": .integer(time), "owner_id": .from(owner), "cycle_ms": .integer(cycle)]
        switch outcome {
        case .won(let amount, let currency):
            members["state"] = "won"
            members["amount"] = .integer(amount)
            members["currency"] = .text(currency)
        case .lost: members["state"] = "lost"
        }
        return .object(members)
    }
}
