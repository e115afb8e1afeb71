import CanonicalJSON
import EventModel
import ProjectionRuntime

/// The questions that the view answers over all deals or leads.
enum FunnelReport: String, CaseIterable, Sendable {
    case funnel, deals, path, forecast, accuracy, waterfall, slippage, restatement, leads

    /// Refuses parameters that mean nothing to the question, instead of passing over them.
    func allow(_ parameters: ViewParameters) throws(ViewError) {
        switch self {
        case .leads:
            try parameters.allow(
                "report", "group_by", "from", "to", "as_of", "known_at", "time_zone", "source", "channel", "campaign",
                "partner", "owner")
        case .funnel, .deals:
            try parameters.allow(
                "report", "group_by", "from", "to", "as_of", "known_at", "time_zone", "owner", "account", "campaign",
                "lead", "product", "source", "type", "currency", "pipeline", "category", "view", "reached", "qualified")
        case .path:
            try parameters.allow(
                "report", "group_by", "from", "to", "as_of", "known_at", "time_zone", "owner", "account", "campaign",
                "lead", "product", "source", "type", "currency", "pipeline", "category", "view", "steps", "order",
                "within_days", "exclude")
        case .forecast, .waterfall:
            try parameters.allow(
                "report", "group_by", "from", "to", "as_of", "known_at", "time_zone", "owner", "account", "campaign",
                "lead", "product", "source", "type", "currency", "pipeline", "category")
        case .accuracy:
            try parameters.allow(
                "report", "from", "to", "as_of", "known_at", "time_zone", "owner", "account", "campaign", "lead",
                "product", "source", "type", "currency", "pipeline", "category")
        case .slippage:
            try parameters.allow(
                "report", "group_by", "from", "to", "as_of", "known_at", "time_zone", "owner", "account", "campaign",
                "lead", "product", "source", "type", "currency", "pipeline", "category", "limit")
        case .restatement:
            try parameters.allow(
                "report", "group_by", "from", "to", "as_of", "known_at", "time_zone", "owner", "account", "campaign",
                "lead", "product", "source", "type", "currency", "pipeline", "category", "qualified", "since", "limit")
        }
    }
}

/// One question about deals, with the rows that it is asked of.
struct DealQuestion {
    let query: FunnelQuery
    let table: StageTable
    /// The moment that the question looks from, in milliseconds since the epoch.
    let now: Int64
    private let forEach: ((String, DealRow) -> Void) throws(ViewError) -> Void

    init(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) {
        var query = try FunnelQuery(parameters)
        query.merges = try SalesFunnel.merges(snapshot, query.cut)
        let forEach: ((String, DealRow) -> Void) throws(ViewError) -> Void = { body throws(ViewError) in
            try snapshot.forEach(SalesFunnel.dealTable) { id, row throws(ViewError) in
                body(id, row)
                return true
            }
        }
        let now = try Self.now(query.cut, SalesFunnel.moment(of: snapshot), forEach)
        self.init(query, try SalesFunnel.stageTable(snapshot, query.cut, at: now), at: now, forEach)
    }

    /// A question from its parts.
    init(
        _ query: FunnelQuery, _ table: StageTable, at now: Int64,
        _ forEach: @escaping ((String, DealRow) -> Void) throws(ViewError) -> Void
    ) {
        self.query = query
        self.table = table
        self.now = now
        self.forEach = forEach
    }

    /// The last moment before the cut; else that of the snapshot; and of what was known at an earlier position the
    /// greatest time of any deal, since the snapshot's own moment was not known then.
    static func now(
        _ cut: Cut, _ moment: Int64?, _ forEach: ((String, DealRow) -> Void) throws(ViewError) -> Void
    ) throws(ViewError) -> Int64 {
        if let before = cut.before { return before - 1 }
        if cut.through == nil, let moment { return moment }
        var greatest: Int64?
        try forEach { _, row in
            for step in row.steps where cut.sees(time: step.time, position: step.position) {
                greatest = max(greatest ?? step.time, step.time)
            }
        }
        return greatest ?? 0
    }

    /// The answer of a report about deals.
    func answer(_ name: FunnelReport, _ parameters: ViewParameters) throws(ViewError) -> JSON {
        switch name {
        case .funnel: return try deals(.funnel)
        case .deals: return try deals(.deals)
        case .path: return try deals(.path(try PathQuery(parameters)))
        case .forecast:
            var report = ForecastReport(query, table)
            try forEach { id, row in report.learn(id, row) }
            try forEach { id, row in report.add(id, row) }
            return report.json()
        case .accuracy:
            var report = try AccuracyReport(query, table)
            try forEach { id, row in report.learn(id, row) }
            try forEach { id, row in report.add(id, row) }
            return report.json()
        case .waterfall:
            var report = Waterfall(query, table)
            try forEach { id, row in report.add(id, row) }
            return try report.json()
        case .slippage:
            var report = SlippageReport(query, table, limit: try parameters.limit(default: 20, max: 1000))
            try forEach { id, row in report.add(id, row) }
            return report.json()
        case .restatement:
            guard let since = try parameters.integer("since"), since >= 0 else {
                throw .badParameter(
                    name: "since", found: "missing or negative",
                    allowed: "the position that the first report was stamped with")
            }
            var report = RestatementReport(
                query, table, at: now, since: since, limit: try parameters.limit(default: 100, max: 1000))
            try forEach { id, row in report.add(id, row) }
            return try report.json()
        case .leads: return .null
        }
    }

    private func deals(_ kind: DealReport.Kind) throws(ViewError) -> JSON {
        var report = DealReport(kind, query, table, at: now)
        try forEach { id, row in report.add(id, row) }
        return try report.json()
    }
}
