import CanonicalJSON
import ProjectionRuntime

/// A report about deals: the funnel, the deal figures, or a path. A pure function over rows.
struct DealReport {
    /// What is reported of the selected deals.
    enum Kind {
        case funnel, deals
        case path(PathQuery)
    }

    /// What is asked of every deal.
    private struct Question {
        let kind: Kind
        let query: FunnelQuery
        /// The moment up to which open stays and open deals age, in milliseconds since the epoch.
        let now: Int64
        /// Whether it asks about stays and not about deals alone.
        var asksWhatWasDone: Bool { if case .deals = kind { false } else { true } }
        /// In which something must have happened to count.
        var period: Period { query.view == .activity ? query.period : .all }
    }

    /// The figures of one group.
    private struct Group {
        var deals = DealCounts()
        var funnel = FunnelCounts()
        var path = PathCounts()

        /// Counts what a deal did.
        mutating func add(_ deal: PlacedDeal, _ question: Question, on table: StageTable) {
            let query = question.query
            switch question.kind {
            case .funnel:
                let stays = deal.stays.filter { query.selects($0) }
                let exits = query.view == .snapshot ? .none : question.period
                funnel.add(deal, stays, exits: exits, in: table, at: question.now)
            case .path(let path): self.path.add(path.depth(of: deal, in: query))
            case .deals: break
            }
        }
    }

    private let question: Question
    private var query: FunnelQuery { question.query }
    private var table: StageTable
    private var groups: [String?: Group] = [:]

    /// - Parameter now: the moment that the question looks from, in milliseconds since the epoch.
    init(_ kind: Kind, _ query: FunnelQuery, _ table: StageTable, at now: Int64) {
        question = Question(kind: kind, query: query, now: now)
        self.table = table
        if query.grouping == nil { groups[nil] = Group() }
    }

    /// Counts one deal if the question selects it. Returns whether it does.
    @discardableResult
    mutating func add(_ id: String, _ row: DealRow) -> Bool {
        guard let history = DealHistory(id: id, row: row, query.cut) else { return false }
        let isCovered = query.covers(history)
        let isOpen = history.state == .open && query.looksAt(open: history)
        guard isCovered || isOpen else { return false }
        let deal = PlacedDeal(history, on: &table)
        let parts = isCovered && question.asksWhatWasDone ? query.parts(of: deal) : []
        for (key, part) in parts { groups[key, default: Group()].add(part, question, on: table) }
        // The deal itself counts once: where it stands, or was closed.
        guard query.holds(deal) else { return !parts.isEmpty }
        let isQualified = isOpen && query.isQualified(deal, on: table)
        for key in query.groups(of: deal) where isCovered || isQualified {
            if isQualified { groups[key, default: Group()].deals.qualify() }
            if isCovered { groups[key, default: Group()].deals.add(history, in: question.period, at: question.now) }
        }
        return isCovered
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

    private func figures(of group: Group) throws(ViewError) -> JSON.Members {
        switch question.kind {
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
