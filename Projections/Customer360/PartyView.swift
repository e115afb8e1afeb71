import CanonicalJSON
import EventModel
import ProjectionRuntime

/// One party as a reader sees it: its own row and, for an account, those of the leads converted into it, added up.
struct PartyView {
    let key: PartyKey
    /// The figures of all sources together.
    let figures: PartyRow
    /// The party itself and its leads: whose chunks make up the timeline.
    let sources: [PartyKey]

    /// Adds the leads' rows to the party's own; a point read each.
    init(_ key: PartyKey, _ row: PartyRow, in snapshot: ViewSnapshot) throws(ViewError) {
        var figures = row
        for lead in row.leads {
            if let lead = try snapshot.row(Customer360.partyTable, .lead(lead)) { figures.add(lead) }
        }
        self.key = key
        self.figures = figures
        sources = [key] + row.leads.map { .lead($0) }
    }

    /// Who it is: for an account the leads that became it, for a lead the account that it became.
    var identity: JSON {
        switch key.kind {
        case .account:
            ["kind": "account", "id": .text(key.id), "leads": .array(figures.leads.map { .text($0) })]
        case .lead:
            ["kind": "lead", "id": .text(key.id), "account": .from(figures.account)]
        }
    }

    /// The blocks of figures of the customer page.
    var blocks: [String: JSON] {
        [
            "identity": identity,
            "events": .integer(figures.eventCount), "counts": figures.tally.json,
            "first_touch_ms": .from(figures.firstTouch), "last_touch_ms": .from(figures.lastTouch),
            "last_event_ms": .from(figures.lastEvent),
            "pipeline": [
                "open": .integer(figures.openDealCount), "amount": figures.openPipeline.json,
                "last_stage_change_ms": .from(figures.lastStageChange),
                "out_of_order": .integer(figures.outOfOrderCount),
            ],
            "won": ["opportunities": .integer(figures.wonDealCount), "revenue": figures.wonRevenue.json],
            "commerce": [
                "orders": .integer(figures.orderCount), "revenue": figures.revenue.json, "paid": figures.paid.json,
            ],
            "scores": figures.scores.json,
        ]
    }

    /// One row of the scan, flat, for tables.
    var tableRow: JSON {
        [
            "account_id": .text(key.id), "counts": figures.tally.json,
            "first_touch": .from(figures.firstTouch), "last_touch": .from(figures.lastTouch),
            "last_event": .from(figures.lastEvent),
            "open_opportunities": .integer(figures.openDealCount), "open_pipeline": figures.openPipeline.json,
            "won_opportunities": .integer(figures.wonDealCount), "won_revenue": figures.wonRevenue.json,
            "revenue": figures.revenue.json, "paid": figures.paid.json,
            "last_nps": .from(figures.scores["nps"]?.value),
        ]
    }
}

extension ProfileRow {
    /// The blocks of what is known about the party, each value with its event's id.
    func blocks() throws(ViewError) -> [String: JSON] {
        [
            "profile": try fieldsJSON(), "classification": try Self.json(classes),
            "owner": owner.map { owner in
                [
                    "id": .text(owner.id), "team": .from(owner.team), "since_ms": .integer(owner.since),
                    "event": .text(owner.event),
                ]
            } ?? .null,
        ]
    }

    /// The fields alone.
    func fieldsJSON() throws(ViewError) -> JSON { try Self.json(fields) }

    private static func json(_ fields: [Field]) throws(ViewError) -> JSON {
        var members: [String: JSON] = [:]
        for field in fields {
            guard let value = try? JSON(parsing: Array(field.value.utf8)) else {
                throw .corruptRow("table '\(Customer360.profileTable.name)': a field's value is not JSON")
            }
            members[field.name] = ["value": value, "event": .text(field.event)]
        }
        return .object(members)
    }
}
