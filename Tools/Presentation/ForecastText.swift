import CanonicalJSON

/// The reports of `sales-funnel` that look ahead or back: forecast, accuracy, waterfall, slippage, restatement.
enum ForecastText {
    private static let categories = ["omitted", "pipeline", "best_case", "most_likely", "commit", "closed"]
    private static let methods = ["open", "weighted", "historical", "naive_bayes"]
    private static let waterfallLines = [
        "opening", "new", "reopened", "increases", "moved_in", "decreases", "won", "lost", "moved_out", "closing",
    ]
    /// Lines that are taken away from the opening amount.
    private static let subtracted: Set = ["decreases", "won", "lost", "moved_out"]

    /// The word of a member for people: `best_case` is `best case`.
    private static func words(_ name: String) -> String { name.split(separator: "_").joined(separator: " ") }

    // MARK: - Forecast

    static func forecast(_ report: JSON) -> [String] {
        let source = "learnt from \(Quantities.count(report["trained_on"])) closed deals"
        if let groups = report["groups"]?.elements {
            var table = TextTable([
                "group": .left, "open deals": .right, "open": .right, "weighted": .right, "historical": .right,
                "naive bayes": .right, "commit or surer": .right,
            ])
            for group in groups {
                let forecast = group["forecast"]
                table.add(
                    [group["key"]?.text ?? "(none)", Quantities.count(forecast?["open_deals"])]
                        + methods.map { Quantities.money(forecast?[$0]) }
                        + [Quantities.money(forecast?["categories"]?["commit"]?["cumulative_amounts"])])
            }
            return table.lines + ["", source]
        }
        let forecast = report["forecast"]
        var table = TextTable(["by": .left, "amount": .right])
        for method in methods { table.add([words(method), Quantities.money(forecast?[method])]) }
        let counts =
            "\(Quantities.count(forecast?["open_deals"])) open deals expected to close, "
            + "\(Quantities.count(forecast?["undated"])) more without a date, "
            + "\(Quantities.count(forecast?["without_probability"])) without a probability, " + source
        return [counts, ""] + table.lines + [""] + rollUp(forecast?["categories"])
    }

    private static func rollUp(_ categories: JSON?) -> [String] {
        var table = TextTable([
            "category": .left, "deals": .right, "amount": .right, "or surer": .right, "amount or surer": .right,
        ])
        for category in Self.categories {
            let sums = categories?[category]
            table.add([
                words(category), Quantities.count(sums?["deals"]), Quantities.money(sums?["amounts"]),
                Quantities.count(sums?["cumulative_deals"]), Quantities.money(sums?["cumulative_amounts"]),
            ])
        }
        return table.lines
    }

    static func accuracy(_ report: JSON) -> [String] {
        let actual = report["actual"]
        let won =
            "won       \(Quantities.count(actual?["won"])), \(Quantities.money(actual?["amounts"])); "
            + "\(Quantities.count(actual?["of_forecast"])) of them were in the forecast, "
            + Quantities.money(actual?["amounts_of_forecast"])
        var table = TextTable(["method": .left, "forecast": .right, "won": .right, "won of it": .right])
        for method in ["weighted", "historical", "naive_bayes", "pipeline", "best_case", "most_likely", "commit"] {
            guard case .object(let shares)? = report["accuracy"]?[method] else { continue }
            for (currency, share) in shares.sorted(by: { $0.key < $1.key }) {
                func amount(_ name: String) -> String {
                    share[name]?.integer.map { Quantities.money($0, currency) } ?? "–"
                }
                table.add([
                    words(method), amount("denominator"), amount("numerator"), Quantities.percent(share["bp"]),
                ])
            }
        }
        return [won, ""] + table.lines
    }

    // MARK: - What changed

    static func waterfall(_ report: JSON) -> [String] {
        guard let groups = report["groups"]?.elements else { return lines(of: report["waterfall"]) }
        return groups.flatMap { [$0["key"]?.text ?? "(none)"] + lines(of: $0["waterfall"]).map { "  " + $0 } + [""] }
    }

    private static func lines(of waterfall: JSON?) -> [String] {
        var amounts: JSON.Members = [:]
        if case .object(let members)? = waterfall?["amounts"] { amounts = members }
        let currencies = amounts.keys.sorted()
        var table = TextTable(first: "", numbers: ["deals"] + currencies)
        for line in waterfallLines {
            let sign = subtracted.contains(line) ? "−" : line == "opening" || line == "closing" ? "" : "+"
            func signed(_ text: String, _ value: JSON?) -> String { value?.integer == 0 ? text : sign + text }
            table.add(
                [words(line), signed(Quantities.count(waterfall?["deals"]?[line]), waterfall?["deals"]?[line])]
                    + currencies.map { currency in
                        let amount = amounts[currency]?[line]
                        return signed(amount?.integer.map { Quantities.money($0, currency) } ?? "–", amount)
                    })
        }
        return table.lines
    }

    static func slippage(_ report: JSON) -> [String] {
        let groups = report["groups"]?.elements ?? [["key": "all", "slippage": report["slippage"] ?? .null]]
        var table = TextTable([
            "group": .left, "deals": .right, "put off": .right, "pushes": .right, "days": .right, "pulled in": .right,
            "days earlier": .right, "median days": .right,
        ])
        var farthest = TextTable([
            "deal": .left, "group": .left, "pushes": .right, "days": .right, "now": .left,
        ])
        var isAnyNamed = false
        for group in groups {
            let (key, slippage) = (group["key"]?.text ?? "(none)", group["slippage"])
            let names = ["deals", "pushed_deals", "pushes", "push_days", "pulls", "pull_days"]
            table.add(
                [key] + names.map { Quantities.count(slippage?[$0]) }
                    + [Quantities.count(slippage?["days_per_pushed_deal"]?["p50"])])
            for deal in slippage?["farthest"]?.elements ?? [] {
                isAnyNamed = true
                farthest.add([
                    deal["opportunity_id"]?.text ?? "", key, Quantities.count(deal["pushes"]),
                    Quantities.count(deal["days"]), deal["state"]?.text ?? "",
                ])
            }
        }
        return table.lines + (isAnyNamed ? [""] + farthest.lines : [])
    }

    static func restatement(_ report: JSON) -> [String] {
        var table = TextTable([
            "group": .left, "": .left, "opened": .right, "won": .right, "lost": .right, "win rate": .right,
            "won amount": .right,
        ])
        for (name, member) in [("first reported", "as_first_reported"), ("now known", "as_now_known")] {
            let part = report[member]
            for group in part?["groups"]?.elements ?? [["key": "all", "deals": part?["deals"] ?? .null]] {
                let deals = group["deals"]
                table.add([
                    group["key"]?.text ?? "(none)", name, Quantities.count(deals?["opened"]),
                    Quantities.count(deals?["won"]), Quantities.count(deals?["lost"]),
                    Quantities.percent(deals?["win_rate"]?["bp"]), Quantities.money(deals?["amounts"]?["won"]),
                ])
            }
        }
        var late = TextTable(["position": .right, "happened on": .left, "deal": .left, "type": .left])
        for event in report["events"]?.elements ?? [] {
            late.add([
                event["position"]?.integer.map(String.init) ?? "", Quantities.day(event["time"]),
                event["opportunity_id"]?.text ?? "", event["type"]?.text ?? "",
            ])
        }
        let count = Quantities.count(report["late_events"])
        let since = report["since"]?.integer.map(String.init) ?? "–"
        return table.lines + ["", "\(count) events of the period came after position \(since)"]
            + (report["late_events"]?.integer == 0 ? [] : late.lines)
    }
}
