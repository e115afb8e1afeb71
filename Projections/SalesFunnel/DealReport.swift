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
        var dealsByDepth: [Int] = []

        /// Counts a deal that took this many steps of the path.
        mutating func add(depth: Int) {
            if dealsByDepth.count <= depth {
                dealsByDepth += [Int](repeating: 0, count: depth + 1 - dealsByDepth.count)
            }
            dealsByDepth[depth] += 1
        }
    }

    private let kind: Kind
    private let query: FunnelQuery
    private var table: StageTable
    private var groups: [String?: Group] = [:]

    init(_ kind: Kind, _ query: FunnelQuery, _ table: StageTable) {
        self.kind = kind
        self.query = query
        self.table = table
        if query.grouping == .none { groups[nil] = Group() }
    }

    /// Counts one deal if the question selects it.
    mutating func add(_ id: String, _ row: DealRow) {
        guard let deal = DealHistory(id: id, row: row, before: query.limit), query.selects(deal) else { return }
        let placed = table.place(deal.stays)
        if let pipeline = query.pipeline {
            guard placed.contains(where: { table.entries[$0.stage].pipeline == pipeline }) else { return }
        }
        let key = query.group(of: deal, in: placed.last.map { table.entries[$0.stage].pipeline })
        switch kind {
        case .funnel:
            let selected = placed.filter(isSelected)
            groups[key, default: Group()].funnel.add(deal, selected, in: table)
        case .path(let path):
            groups[key, default: Group()].add(depth: path.depth(of: deal))
        case .deals: break
        }
        if query.view == .activity {
            groups[key, default: Group()].deals.add(deal, in: query.period)
        } else {
            groups[key, default: Group()].deals.add(deal)
        }
    }

    private func isSelected(_ placed: PlacedStay) -> Bool {
        switch query.view {
        case .cohort: true
        case .activity: query.period.contains(placed.stay.enter)
        case .snapshot: placed.exit == .open
        }
    }

    /// The answer: one object without grouping, else a list of groups in the order of their keys.
    func json() throws(ViewError) -> JSON {
        var members: [String: JSON] = [
            "view": .text(query.view.rawValue), "rule_versions": .object(table.versions.mapValues { .integer($0) }),
        ]
        if query.grouping == .none {
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
            var funnel = try group.funnel.json(table, only: query.pipeline)
            funnel["deals"] = .object(group.deals.json)
            var members = group.deals.detailJSON
            members["funnel"] = .object(funnel)
            members["open_stages"] = group.funnel.openJSON(table, only: query.pipeline)
            return members
        case .deals:
            return ["deals": .object(group.deals.json.merging(group.deals.detailJSON) { own, _ in own })]
        case .path(let path):
            return ["path": path.json(group.dealsByDepth)]
        }
    }
}
