import CRMEvents
public import CanonicalJSON
import EventModel
public import ProjectionRuntime

extension SalesFunnel {
    /// One opportunity by its id: facts, stays with their stages' ordinals, closes, reopenings, owners.
    public static func get(
        _ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow()
        guard let row = try snapshot.row(dealTable, key), let deal = DealHistory(id: key, row: row) else {
            return nil
        }
        var stages = try stageTable(snapshot)
        return PlacedDeal(deal, on: &stages).json(stages)
    }

    /// Opportunities in the order of their ids. Parameters: `from` (an id, included), `limit`.
    public static func scan(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> ViewPage {
        try parameters.allow("from", "limit")
        let limit = try parameters.limit(default: 100, max: 1000)
        var stages = try stageTable(snapshot)
        var page = ViewPage(rows: [], next: nil)
        try snapshot.forEach(dealTable, from: try parameters.text("from")) { key, row throws(ViewError) in
            guard page.rows.count < limit else {
                page.next = key
                return false
            }
            if let deal = DealHistory(id: key, row: row) {
                page.rows.append(PlacedDeal(deal, on: &stages).json(stages))
            }
            return true
        }
        return page
    }

    /// Figures over all deals or leads. The parameter `report` says which; each takes its own parameters besides those
    /// that all take, which `SalesFunnel.docc` teaches.
    ///
    /// Days are civil days of `time_zone`, UTC by default; `from` and `to` are a half-open period, `as_of` includes its
    /// day, `known_at` is a position of the log.
    public static func report(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON {
        let name = try parameters.word("report", default: FunnelReport.funnel)
        try name.allow(parameters)
        let known = try parameters.position("known_at", in: snapshot)
        if let since = try parameters.position("since", in: snapshot), let known, since > known {
            throw .badParameter(
                name: "since", found: "later than 'known_at'", allowed: "a position that is not later than 'known_at'")
        }
        guard name != .leads else {
            let query = try LeadQuery(parameters)
            return query.report(over: try leads(snapshot, query.cut))
        }
        let question = try DealQuestion(parameters, in: snapshot)
        guard case .object(var members) = try question.answer(name, parameters) else { return .null }
        members["report"] = .text(name.rawValue)
        return .object(members)
    }

    /// The leads as known at a cut; those that are one count once.
    private static func leads(_ snapshot: ViewSnapshot, _ cut: Cut) throws(ViewError) -> [LeadHistory] {
        let merges = MergeMap(try merges(snapshot), cut)
        var leads: [LeadHistory] = []
        var merged: [String: [LeadHistory]] = [:]
        try snapshot.forEach(leadTable) { id, row throws(ViewError) in
            guard let lead = LeadHistory(id: id, row: row, cut) else { return true }
            let survivor = merges.lead(id)
            if survivor == id { leads.append(lead) } else { merged[survivor, default: []].append(lead) }
            return true
        }
        for index in leads.indices {
            for other in merged.removeValue(forKey: leads[index].id) ?? [] { leads[index].add(other) }
        }
        // Where nothing was seen of the survivor, the first of them stands for all.
        for (_, others) in merged.sorted(by: { $0.key < $1.key }) {
            var lead = others[0]
            for other in others.dropFirst() { lead.add(other) }
            leads.append(lead)
        }
        return leads
    }

    /// What was said about which accounts are one.
    static func merges(_ snapshot: ViewSnapshot) throws(ViewError) -> DealQuestion.Merges {
        var rows: DealQuestion.Merges = []
        try snapshot.forEach(mergeTable) { survivor, row throws(ViewError) in
            rows.append((survivor, row))
            return true
        }
        return rows
    }

    /// The published pipelines.
    static func pipelines(_ snapshot: ViewSnapshot) throws(ViewError) -> DealQuestion.Pipelines {
        var rows: DealQuestion.Pipelines = []
        try snapshot.forEach(pipelineTable) { id, row throws(ViewError) in
            rows.append((id, row))
            return true
        }
        return rows
    }

    /// The pipelines in force at the moment that a snapshot shows.
    private static func stageTable(_ snapshot: ViewSnapshot) throws(ViewError) -> StageTable {
        StageTable(try pipelines(snapshot), at: moment(of: snapshot))
    }

    /// The version in force of each published pipeline, at the moment that the question looks from.
    public static func rules(
        of row: JSON?, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> [RuleVersion] {
        let cut = try parameters.cut(in: parameters.zone())
        let asOf = snapshot.asOf?.milliseconds
        let now = try DealQuestion.now(cut, cut.through == nil ? moment(of: snapshot) : asOf) {
            body throws(ViewError) in
            try forEachDeal(in: snapshot, body)
        }
        let moment = min(now, asOf ?? .max)
        return StageTable(try pipelines(snapshot), at: moment, through: cut.through).versions.sorted { $0.key < $1.key }
            .map { RuleVersion(kind: "pipeline", id: $0.key, version: $0.value) }
    }

    /// Lends the rows of all deals.
    static func forEachDeal(
        in snapshot: ViewSnapshot, _ body: (String, DealRow) -> Void
    ) throws(ViewError) {
        try snapshot.forEach(dealTable) { id, row throws(ViewError) in
            body(id, row)
            return true
        }
    }

    /// The moment that a snapshot shows.
    static func moment(of snapshot: ViewSnapshot) -> Int64? { (snapshot.asOf ?? snapshot.latestTime)?.milliseconds }
}
