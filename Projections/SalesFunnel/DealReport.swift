import CanonicalJSON
import ProjectionRuntime

/// A report about deals: the funnel, the deal figures, or a path. A pure function over rows.
struct DealReport {
    /// What is reported of the selected deals.
    enum Kind {
        case funnel, deals
        case path(PathQuery)
    }

    /// The figures of one group.
    private struct Group {
        var deals = DealCounts()
        var funnel = FunnelCounts()
        var path = PathCounts()
    }

    private let kind: Kind
    private let query: FunnelQuery
    private let now: Int64
    private var table: StageTable
    private var groups: [String?: Group] = [:]

    /// - Parameter now: the moment up to which open stays and open deals age, in milliseconds since the epoch.
    init(_ kind: Kind, _ query: FunnelQuery, _ table: StageTable, at now: Int64) {
        self.kind = kind
        self.query = query
        self.table = table
        self.now = now
        if query.grouping == nil { groups[nil] = Group() }
    }

    /// Counts one deal if the question selects it.
    mutating func add(_ id: String, _ row: DealRow) {
        guard let history = DealHistory(id: id, row: row, query.cut), query.covers(history) else { return }
        let deal = PlacedDeal(history, on: &table)
        guard query.selects(deal) else { return }
        for key in query.groups(of: deal) { count(deal, in: &groups[key, default: Group()]) }
    }

    private func count(_ deal: PlacedDeal, in group: inout Group) {
        let isActivity = query.view == .activity
        switch kind {
        case .funnel:
            let exits = isActivity ? query.period : query.view == .snapshot ? .none : .all
            group.funnel.add(deal, deal.stays.filter(isSelected), exits: exits, in: table, at: now)
        case .path(let path): group.path.add(path.depth(of: deal.history))
        case .deals: break
        }
        group.deals.add(
            deal.history, in: isActivity ? query.period : .all, isQualified: isQualified(deal), at: now)
    }

    private func isSelected(_ placed: PlacedStay) -> Bool {
        switch query.view {
        case .cohort: true
        case .activity: query.period.contains(placed.stay.enter)
        case .snapshot: placed.exit == .open
        }
    }

    /// Whether a deal has come as far as the stage that makes it qualified, within that stage's pipeline.
    private func isQualified(_ deal: PlacedDeal) -> Bool {
        guard let stage = query.qualifiedStage else { return true }
        return deal.stays.contains { placed in
            let entry = table.entries[placed.stage]
            guard entry.stage != stage, let ordinal = entry.ordinal else { return entry.stage == stage }
            let least = table.entries.first { $0.pipeline == entry.pipeline && $0.stage == stage }?.ordinal
            return least.map { $0 <= ordinal } ?? false
        }
    }

    /// The answer: one object without grouping, else a list of groups in the order of their keys.
    func json() throws(ViewError) -> JSON {
        var members = query.stamp
        members["rule_versions"] = .object(table.versions.mapValues { .integer($0) })
        if query.grouping == nil {
            for (name, figures) in try figures(of: groups[nil] ?? Group()) { members[name] = figures }
        } else {
            var list: [JSON] = []
            for (key, group) in sortedGroups(groups) {
                var figures = try figures(of: group)
                figures["key"] = .from(key)
                list.append(.object(figures))
            }
            members["groups"] = .array(list)
        }
        return .object(members)
    }

    private func figures(of group: Group) throws(ViewError) -> [String: JSON] {
        switch kind {
        case .funnel:
            var funnel = try group.funnel.json(table, query)
            funnel["deals"] = .object(group.deals.json)
            var members = group.deals.detailJSON
            members["funnel"] = .object(funnel)
            members["open_stages"] = group.funnel.openJSON(table, only: query.pipeline)
            members["time_in_stage"] = group.funnel.timesJSON(table, only: query.pipeline)
            members["next_stage"] = .object(group.funnel.conversionJSON(table, query, leavingOutMovers: true))
            return members
        case .deals:
            return ["deals": .object(group.deals.json.merging(group.deals.detailJSON) { own, _ in own })]
        case .path(let path):
            return ["path": path.json(group.path), "excluded": .from(group.path.excluded)]
        }
    }
}
