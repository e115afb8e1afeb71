public import CanonicalJSON
import EventModel
public import ProjectionRuntime

extension SalesFunnel {
    /// One opportunity by its id: facts, stays with their stages' ordinals, closes, reopenings, owners.
    public static func get(
        _ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow()
        guard let row = try snapshot.row(dealTable, key), let deal = DealHistory(id: key, row: row, before: nil) else {
            return nil
        }
        var stages = try stageTable(snapshot, at: nil)
        return deal.json(&stages)
    }

    /// Opportunities in the order of their ids. Parameters: `from` (an id, included), `limit`.
    public static func scan(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> ViewPage {
        try parameters.allow("from", "limit")
        let limit = try parameters.limit(default: 100, max: 1000)
        var stages = try stageTable(snapshot, at: nil)
        var page = ViewPage(rows: [], next: nil)
        try snapshot.forEach(dealTable, from: try parameters.text("from")) { key, row throws(ViewError) in
            guard page.rows.count < limit else {
                page.next = key
                return false
            }
            if let deal = DealHistory(id: key, row: row, before: nil) { page.rows.append(deal.json(&stages)) }
            return true
        }
        return page
    }

    /// Figures over all deals or leads. The parameter `report` says which; each takes its own parameters.
    ///
    /// - `funnel`: stages, conversions and transitions, with the counts of the deals.
    /// - `deals`: opened, won, lost, open, amounts, win rate and sales cycle.
    /// - `path`: an ordered funnel along `steps`, optionally `within_days`.
    /// - `leads`: captured, qualified, converted and disqualified leads.
    ///
    /// Days are civil days in UTC; `from` and `to` are a half-open period, `as_of` includes its day.
    public static func report(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON {
        let report = try parameters.choice("report", of: ["funnel", "deals", "path", "leads"], default: "funnel")
        switch report {
        case "leads":
            try parameters.allow(
                "report", "group_by", "from", "to", "as_of", "source", "channel", "campaign", "owner")
            let query = try LeadQuery(parameters)
            var rows: [LeadRow] = []
            try snapshot.forEach(leadTable) { _, row throws(ViewError) in
                rows.append(row)
                return true
            }
            return query.report(over: rows)
        case "path":
            try parameters.allow(
                "report", "group_by", "from", "to", "as_of", "pipeline", "owner", "source", "type", "currency",
                "steps", "within_days")
            return try dealReport(.path(try PathQuery(parameters)), named: report, parameters, in: snapshot)
        default:
            try parameters.allow(
                "report", "view", "group_by", "from", "to", "as_of", "pipeline", "owner", "source", "type", "currency")
            return try dealReport(report == "deals" ? .deals : .funnel, named: report, parameters, in: snapshot)
        }
    }

    private static func dealReport(
        _ kind: DealReport.Kind, named name: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON {
        let query = try FunnelQuery(parameters)
        var report = DealReport(kind, query, try stageTable(snapshot, at: query.limit.map { $0 - 1 }))
        try snapshot.forEach(dealTable) { id, row throws(ViewError) in
            report.add(id, row)
            return true
        }
        guard case .object(var members) = try report.json() else { return .null }
        members["report"] = .text(name)
        return .object(members)
    }

    /// The published pipelines, at a moment or at the snapshot's own as-of moment.
    private static func stageTable(_ snapshot: ViewSnapshot, at moment: Int64?) throws(ViewError) -> StageTable {
        var rows: [(id: String, row: PipelineRow)] = []
        try snapshot.forEach(pipelineTable) { id, row throws(ViewError) in
            rows.append((id, row))
            return true
        }
        return StageTable(rows, at: moment ?? (snapshot.asOf ?? snapshot.latestTime)?.milliseconds)
    }
}
