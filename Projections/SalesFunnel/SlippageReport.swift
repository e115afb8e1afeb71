import CanonicalJSON
import ProjectionRuntime

/// How often and how far the expected close of deals was put off.
struct SlippageReport {
    private struct Deal {
        let id: String
        let pushes: Int
        let days: Int64
        let state: DealState
    }

    private struct Group {
        var dealCount = 0
        var pushes = 0
        var pushDays: Int64 = 0
        var pulls = 0
        var pullDays: Int64 = 0
        var pushed: [Deal] = []

        mutating func add(_ deal: Deal, _ pulls: [CloseDateMove]) {
            dealCount += 1
            pushes += deal.pushes
            pushDays = pushDays.adding(deal.days)
            self.pulls += pulls.count
            pullDays = pulls.reduce(pullDays) { $0.subtracting($1.days) }
            if deal.pushes > 0 { pushed.append(deal) }
        }
    }

    private let query: FunnelQuery
    private let limit: Int
    private var table: StageTable
    private var groups: [String?: Group] = [:]

    /// - Parameter limit: the number of deals to name in each group, at most.
    init(_ query: FunnelQuery, _ table: StageTable, limit: Int) {
        self.query = query
        self.table = table
        self.limit = limit
        if query.grouping == nil { groups[nil] = Group() }
    }

    /// Counts what was changed in the period; a deal whose date was never put off counts as a deal.
    mutating func add(_ id: String, _ row: DealRow) {
        guard let history = DealHistory(id: id, row: row, query.cut) else { return }
        let deal = PlacedDeal(history, on: &table)
        guard query.holds(deal) else { return }
        let moves = history.closeDateMoves.filter { query.period.contains($0.time) }
        let (pushes, pulls) = (moves.filter { $0.days > 0 }, moves.filter { $0.days < 0 })
        let days = pushes.reduce(Int64(0)) { $0.adding($1.days) }
        for key in query.groups(of: deal) {
            let pushed = Deal(id: id, pushes: pushes.count, days: days, state: history.state)
            groups[key, default: Group()].add(pushed, pulls)
        }
    }

    /// The sums of each group, and the deals that were put off farthest.
    func json() -> JSON {
        var members = query.stamp
        members["rule_versions"] = .object(table.versions.mapValues { .integer($0) })
        if query.grouping == nil {
            members["slippage"] = json(groups[nil] ?? Group())
        } else {
            members["groups"] = .array(
                sortedGroups(groups).map { ["key": .from($0.key), "slippage": json($0.counts)] })
        }
        return .object(members)
    }

    private func json(_ group: Group) -> JSON {
        let farthest = group.pushed.sorted { ($1.days, $1.pushes, $0.id) < ($0.days, $0.pushes, $1.id) }.prefix(limit)
        return [
            "deals": .from(group.dealCount), "pushed_deals": .from(group.pushed.count),
            "pushes": .from(group.pushes), "push_days": .integer(group.pushDays),
            "pulls": .from(group.pulls), "pull_days": .integer(group.pullDays),
            "days_per_pushed_deal": Figures.quantilesOfDays(group.pushed.map(\.days)),
            "farthest": .array(
                farthest.map {
                    [
                        "opportunity_id": .text($0.id), "pushes": .from($0.pushes), "days": .integer($0.days),
                        "state": .text($0.state.rawValue),
                    ]
                }),
        ]
    }
}

extension Figures {
    fileprivate static func quantilesOfDays(_ days: [Int64]) -> JSON {
        let ascending = days.sorted()
        return [
            "n": .from(ascending.count), "p50": .from(nearestRank(50, of: ascending)),
            "p90": .from(nearestRank(90, of: ascending)),
        ]
    }
}
