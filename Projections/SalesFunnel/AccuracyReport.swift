import CanonicalJSON
import EventModel
import ProjectionRuntime

/// The forecast of a period as known when it began, beside what was won in it.
struct AccuracyReport {
    private let query: FunnelQuery
    private let since: Int64?
    private var forecast: ForecastReport
    private var table: StageTable
    private var won: [(id: String, amount: Int64, currency: String)] = []

    /// - Parameters:
    ///   - forecast: the report of the moment at which the period began, with what was known and in force then.
    ///   - since: the position that the forecast was stamped with, if the question names one.
    init(_ query: FunnelQuery, _ table: StageTable, forecast: ForecastReport, since: Int64?) {
        self.since = since
        self.query = query
        self.table = table
        self.forecast = forecast
    }

    mutating func learn(_ id: String, _ row: DealRow) { forecast.learn(id, row) }

    mutating func add(_ id: String, _ row: DealRow) {
        forecast.add(id, row)
        guard let history = DealHistory(id: id, row: row, query.cut), history.state == .won,
            let close = history.closes.last, query.period.contains(close.time),
            case .won(let amount, let currency) = close.outcome,
            query.holds(PlacedDeal(history, on: &table))
        else { return }
        won.append((id, amount, currency))
    }

    /// For each method the actual as a share of the forecast, by currency. What was won in the period and was not in
    /// the forecast is told apart: it came or was pulled in later.
    func json() -> JSON {
        let counts = forecast.total
        var (actual, expected) = (Amounts(), Amounts())
        for deal in won {
            actual.add(deal.amount, in: deal.currency)
            if counts.ids.contains(deal.id) { expected.add(deal.amount, in: deal.currency) }
        }
        let methods: [(String, Amounts)] = [
            ("weighted", counts.weighted), ("historical", counts.historical), ("naive_bayes", counts.naiveBayes),
            ("commit", counts.cumulative(.commit).amounts), ("most_likely", counts.cumulative(.mostLikely).amounts),
            ("best_case", counts.cumulative(.bestCase).amounts), ("pipeline", counts.cumulative(.pipeline).amounts),
        ]
        var members = query.stamp
        members["rule_versions"] = .object(table.versions.mapValues { .integer($0) })
        members["forecast"] = counts.json
        members["since"] = .from(since)
        members["forecast_rule_versions"] = forecast.ruleVersions
        members["actual"] = [
            "won": .from(won.count), "amounts": actual.json,
            "of_forecast": .from(won.count { counts.ids.contains($0.id) }), "amounts_of_forecast": expected.json,
        ]
        members["accuracy"] = .object(
            Dictionary(uniqueKeysWithValues: methods.map { ($0.0, Self.shares(of: actual, in: $0.1)) }))
        return .object(members)
    }

    private static func shares(of actual: Amounts, in forecast: Amounts) -> JSON {
        var shares: JSON.Members = [:]
        for currency in Set(actual.sums.keys).union(forecast.sums.keys) {
            let (won, expected) = (actual.sums[currency] ?? 0, forecast.sums[currency] ?? 0)
            let share = expected > 0 ? Figures.rounded(Int128(won) * 10_000, over: Int128(expected)) : nil
            shares[currency] = [
                "numerator": .integer(won), "denominator": .integer(expected), "bp": .from(share),
            ]
        }
        return .object(shares)
    }
}
