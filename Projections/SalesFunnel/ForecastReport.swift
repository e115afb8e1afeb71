import CanonicalJSON
import EventModel
import ProjectionRuntime

/// What the open deals that are expected to close in a period will bring, by four methods.
struct ForecastReport {
    private let query: FunnelQuery
    private var table: StageTable
    private var chances = WinChances()
    private var groups: [String?: ForecastCounts] = [:]

    init(_ query: FunnelQuery, _ table: StageTable) {
        self.query = query
        self.table = table
        if query.grouping == nil { groups[nil] = ForecastCounts() }
    }

    /// Learns from a deal. All deals are learnt from before the first is counted, whatever the question selects.
    mutating func learn(_ id: String, _ row: DealRow) {
        guard let history = DealHistory(id: id, row: row, query.cut) else { return }
        chances.learn(PlacedDeal(history, on: &table))
    }

    /// Counts a deal if the question selects it.
    mutating func add(_ id: String, _ row: DealRow) {
        guard let history = DealHistory(id: id, row: row, query.cut) else { return }
        let deal = PlacedDeal(history, on: &table)
        guard query.holds(deal) else { return }
        for key in query.groups(of: deal) {
            groups[key, default: ForecastCounts()].add(deal, query, chances, table)
        }
    }

    /// The forecast of each group. Amounts are minor units by currency.
    func json() -> JSON {
        var members = query.stamp
        members["rule_versions"] = ruleVersions
        members["trained_on"] = .from(chances.closedCount)
        if query.grouping == nil {
            members["forecast"] = groups[nil]?.json ?? ForecastCounts().json
        } else {
            members["groups"] = .array(
                sortedGroups(groups).map { ["key": .from($0.key), "forecast": $0.counts.json] })
        }
        return .object(members)
    }

    /// The versions of the pipelines by which it weighs.
    var ruleVersions: JSON { .object(table.versions.mapValues { .integer($0) }) }

    /// The sums over all groups, for a comparison with what became of them.
    var total: ForecastCounts { groups[nil] ?? ForecastCounts() }
}

/// The forecast of a set of deals.
struct ForecastCounts {
    private(set) var amounts = Amounts()
    private(set) var weighted = Amounts()
    private(set) var historical = Amounts()
    private(set) var naiveBayes = Amounts()
    private(set) var ids: Set<String> = []
    private var categories: [ForecastCategory: (deals: Int, amounts: Amounts)] = [:]
    private var deals = 0
    private var undated = 0
    private var withoutProbability = 0

    /// Counts an open deal that is expected to close in the period, or a deal won in it. Without a period every deal
    /// counts.
    mutating func add(_ deal: PlacedDeal, _ query: FunnelQuery, _ chances: WinChances, _ table: StageTable) {
        let history = deal.history
        switch history.state {
        case .lost: return
        case .won:
            guard let close = history.closes.last, query.period.contains(close.time),
                case .won(let amount, let currency) = close.outcome
            else { return }
            count(amount, in: currency, as: .closed)
        case .open:
            guard let last = deal.stays.last, isExpected(history, query) else { return }
            deals += 1
            ids.insert(history.id)
            let amount = history.amount ?? 0
            count(amount, in: history.currency, as: history.forecastCategory)
            amounts.add(amount, in: history.currency)
            if let chance = history.probability ?? table.entries[last.stage].probability {
                weighted.add(Figures.share(chance, of: 10_000, amount), in: history.currency)
            } else {
                withoutProbability += 1
            }
            let chance = chances.historical(inStage: last.stage)
            historical.add(Figures.share(chance.numerator, of: chance.denominator, amount), in: history.currency)
            if let chance = chances.naiveBayes(deal) {
                naiveBayes.add(Figures.share(chance, of: 10_000, amount), in: history.currency)
            }
        }
    }

    /// Days are compared as days: an expected close has no time of day.
    private mutating func isExpected(_ deal: DealHistory, _ query: FunnelQuery) -> Bool {
        guard query.days.from != nil || query.days.to != nil else { return true }
        guard let day = deal.closeDay else {
            undated += 1
            return false
        }
        return (query.days.from.map { Int64($0.daysSinceEpoch) <= day } ?? true)
            && (query.days.to.map { day < Int64($0.daysSinceEpoch) } ?? true)
    }

    private mutating func count(_ amount: Int64, in currency: String?, as category: ForecastCategory) {
        categories[category, default: (0, Amounts())].deals += 1
        categories[category, default: (0, Amounts())].amounts.add(amount, in: currency)
    }

    /// The sum of a category and of all that are surer.
    func cumulative(_ category: ForecastCategory) -> (deals: Int, amounts: Amounts) {
        var sum = (deals: 0, amounts: Amounts())
        guard let index = ForecastCategory.allCases.firstIndex(of: category) else { return sum }
        for surer in ForecastCategory.allCases[index...] {
            guard let own = categories[surer] else { continue }
            sum.deals += own.deals
            for (currency, amount) in own.amounts.sums { sum.amounts.add(amount, in: currency) }
        }
        return sum
    }

    var json: JSON {
        var rollUp: JSON.Members = [:]
        for category in ForecastCategory.allCases {
            let own = categories[category] ?? (0, Amounts())
            let sum = cumulative(category)
            rollUp[category.rawValue] = [
                "deals": .from(own.deals), "amounts": own.amounts.json, "cumulative_deals": .from(sum.deals),
                "cumulative_amounts": sum.amounts.json,
            ]
        }
        return [
            "open_deals": .from(deals), "undated": .from(undated), "without_probability": .from(withoutProbability),
            "open": amounts.json, "weighted": weighted.json, "historical": historical.json,
            "naive_bayes": naiveBayes.json, "categories": .object(rollUp),
        ]
    }
}
