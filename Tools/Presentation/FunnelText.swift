import CanonicalJSON

/// The reports of `sales-funnel`: bars for stages and steps, tables for groups.
enum FunnelText {
    private static let barCells: Int64 = 24

    static func lines(for report: JSON) -> [String] {
        switch report["report"]?.text {
        case "funnel": report["groups"]?.elements.map(groups) ?? funnel(report)
        case "path": report["groups"]?.elements.map(paths) ?? path(report["path"])
        case "deals": deals(report)
        case "leads": leads(report)
        case "forecast": ForecastText.forecast(report)
        case "accuracy": ForecastText.accuracy(report)
        case "waterfall": ForecastText.waterfall(report)
        case "slippage": ForecastText.slippage(report)
        case "restatement": ForecastText.restatement(report)
        default: Outline.lines(for: report)
        }
    }

    /// One table per pipeline: how many deals reached each stage, and how the stays there ended.
    private static func funnel(_ report: JSON) -> [String] {
        guard case .object(let pipelines)? = report["funnel"]?["pipelines"] else { return Outline.lines(for: report) }
        var lines: [String] = []
        for (name, pipeline) in pipelines.sorted(by: { $0.key < $1.key }) {
            lines += ["pipeline \(name)", ""] + stages(of: pipeline, open: report["open_stages"]?[name]) + [""]
        }
        return lines + summary(report["funnel"]?["deals"], report)
    }

    private static func stages(of pipeline: JSON, open: JSON?) -> [String] {
        guard case .object(let stages)? = pipeline["stages"] else { return [] }
        let ordered = stages.sorted {
            ($0.value["ordinal"]?.integer ?? .max, $0.key) < ($1.value["ordinal"]?.integer ?? .max, $1.key)
        }
        let greatest = ordered.map { $0.value["reached"]?.integer ?? 0 }.max() ?? 0
        var table = TextTable([
            "stage": .left, "": .left, "reached": .right, "entered": .right, "to next": .right, "advanced": .right,
            "won": .right, "lost": .right, "open": .right, "open amount": .right, "median stay": .right,
        ])
        for (name, stage) in ordered {
            let reached = stage["reached"]?.integer ?? 0
            table.add([
                name, Quantities.bar(reached, of: greatest, cells: barCells), Quantities.grouped(reached),
                Quantities.count(stage["entered"]), conversion(from: name, pipeline),
                Quantities.count(stage["advanced"]), Quantities.count(stage["won"]), Quantities.count(stage["lost"]),
                Quantities.count(stage["open"]), Quantities.money(open?[name]?["amounts"]),
                Quantities.days(stage["p50_ms"]),
            ])
        }
        return table.lines
    }

    private static func conversion(from stage: String, _ pipeline: JSON) -> String {
        guard case .object(let rates)? = pipeline["conversion"] else { return "–" }
        let found = rates.sorted { $0.key < $1.key }.first { $0.key.hasPrefix(stage + ">") }
        return Quantities.percent(found?.value["bp"])
    }

    private static func summary(_ deals: JSON?, _ details: JSON) -> [String] {
        [
            "deals     \(Quantities.count(deals?["opened"])) opened, \(Quantities.count(deals?["won"])) won, "
                + "\(Quantities.count(deals?["lost"])) lost, \(Quantities.count(deals?["open"])) open",
            "win rate  \(Quantities.rate(deals?["win_rate"]))",
            "won       \(Quantities.money(details["amounts"]?["won"]))",
            "open      \(Quantities.money(details["amounts"]?["open"]))",
            "cycle     \(Quantities.days(details["cycle"]?["won"]?["p50_ms"])) median to win, "
                + "\(Quantities.days(details["cycle"]?["lost"]?["p50_ms"])) to lose",
        ]
    }

    private static func deals(_ report: JSON) -> [String] {
        if let deals = report["deals"] { return summary(deals, deals) }
        return groupTable(report["groups"]?.elements ?? []) { ($0["deals"], $0["deals"]) }
    }

    private static func groups(_ groups: [JSON]) -> [String] {
        groupTable(groups) { ($0["funnel"]?["deals"], $0) }
    }

    private static func groupTable(_ groups: [JSON], _ parts: (JSON) -> (deals: JSON?, details: JSON?)) -> [String] {
        var table = TextTable([
            "group": .left, "opened": .right, "won": .right, "lost": .right, "open": .right, "win rate": .right,
            "won amount": .right, "median cycle": .right,
        ])
        for group in groups {
            let (deals, details) = parts(group)
            table.add([
                group["key"]?.text ?? "(none)", Quantities.count(deals?["opened"]), Quantities.count(deals?["won"]),
                Quantities.count(deals?["lost"]), Quantities.count(deals?["open"]),
                Quantities.percent(deals?["win_rate"]?["bp"]), Quantities.money(details?["amounts"]?["won"]),
                Quantities.days(details?["cycle"]?["won"]?["p50_ms"]),
            ])
        }
        return table.lines
    }

    private static func path(_ path: JSON?) -> [String] {
        let steps = path?.elements ?? []
        let greatest = steps.first?["deals"]?.integer ?? 0
        var table = TextTable([
            "step": .left, "": .left, "deals": .right, "of the first": .right, "of the one before": .right,
        ])
        for step in steps {
            let count = step["deals"]?.integer ?? 0
            table.add([
                step["step"]?.text ?? "", Quantities.bar(count, of: greatest, cells: barCells),
                Quantities.grouped(count),
                Quantities.percent(step["from_first"]?["bp"]), Quantities.percent(step["from_previous"]?["bp"]),
            ])
        }
        return table.lines
    }

    private static func paths(_ groups: [JSON]) -> [String] {
        groups.flatMap { [$0["key"]?.text ?? "(none)"] + path($0["path"]).map { "  " + $0 } + [""] }
    }

    private static func leads(_ report: JSON) -> [String] {
        var table = TextTable([
            "group": .left, "captured": .right, "qualified": .right, "converted": .right, "disqualified": .right,
            "open": .right, "conversion": .right, "": .left, "median time": .right,
        ])
        let groups = report["groups"]?.elements ?? [["key": "all", "leads": report["leads"] ?? .null]]
        for group in groups {
            let leads = group["leads"]
            let rate = leads?["conversion"]?["bp"]
            table.add([
                group["key"]?.text ?? "(none)", Quantities.count(leads?["captured"]),
                Quantities.count(leads?["qualified"]), Quantities.count(leads?["converted"]),
                Quantities.count(leads?["disqualified"]), Quantities.count(leads?["open"]), Quantities.percent(rate),
                Quantities.bar(rate?.integer ?? 0, of: 10_000, cells: barCells),
                Quantities.days(leads?["to_convert"]?["p50_ms"]),
            ])
        }
        return table.lines
    }
}
