import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// The questions that the view answers over all deals or leads.
enum FunnelReport: String, CaseIterable, Sendable {
    case funnel, deals, path, forecast, accuracy, waterfall, slippage, restatement, leads

    /// Refuses parameters that mean nothing to the question, instead of passing over them.
    func allow(_ parameters: ViewParameters) throws(ViewError) {
        let ofAll = ["report", "from", "to", "as_of", "known_at", "time_zone"]
        guard self != .leads else {
            return try parameters.allow(ofAll + ["group_by", "source", "channel", "campaign", "partner", "owner"])
        }
        try parameters.allow(ofAll + Dimension.filters.map(\.rawValue) + ownParameters)
    }

    private var ownParameters: [String] {
        switch self {
        case .funnel, .deals: ["group_by", "view", "reached", "qualified"]
        case .path: ["group_by", "view", "steps", "order", "within_days", "exclude"]
        case .forecast, .waterfall: ["group_by"]
        case .accuracy: ["since"]
        case .slippage: ["group_by", "limit"]
        case .restatement: ["group_by", "qualified", "since", "limit"]
        case .leads: []
        }
    }
}

/// One question about deals, with the rows that it is asked of.
struct DealQuestion {
    typealias Pipelines = [(id: String, row: PipelineRow)]
    typealias Merges = [(survivor: String, row: MergeRow)]

    let query: FunnelQuery
    let table: StageTable
    /// The moment that the question looks from, in milliseconds since the epoch.
    let now: Int64
    private let pipelines: Pipelines
    private let merges: Merges
    /// The moment that the rows show, and the one that was asked for.
    private let moment: Int64?
    private let asOf: Int64?
    private let forEach: ((String, DealRow) -> Void) throws(ViewError) -> Void

    init(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) {
        let forEach: ((String, DealRow) -> Void) throws(ViewError) -> Void = { body throws(ViewError) in
            try SalesFunnel.forEachDeal(in: snapshot, body)
        }
        try self.init(
            FunnelQuery(parameters), SalesFunnel.pipelines(snapshot), SalesFunnel.merges(snapshot),
            at: SalesFunnel.moment(of: snapshot), asOf: snapshot.asOf?.milliseconds, forEach)
    }

    /// A question from its parts: which accounts are one, which pipeline is in force and from when it looks follow from
    /// the cut of the query.
    init(
        _ query: FunnelQuery, _ pipelines: Pipelines, _ merges: Merges, at moment: Int64?, asOf: Int64? = nil,
        _ forEach: @escaping ((String, DealRow) -> Void) throws(ViewError) -> Void
    ) throws(ViewError) {
        (self.pipelines, self.merges, self.moment, self.asOf) = (pipelines, merges, moment, asOf)
        self.forEach = forEach
        var query = query
        query.merges = MergeMap(merges, query.cut)
        self.query = query
        // What was known at an earlier position did not know the moment of the rows.
        now = try min(Self.now(query.cut, query.cut.through == nil ? moment : asOf, forEach), asOf ?? .max)
        table = StageTable(pipelines, at: now, through: query.cut.through)
    }

    /// Another question to the same rows.
    private func asking(_ query: FunnelQuery) throws(ViewError) -> DealQuestion {
        try DealQuestion(query, pipelines, merges, at: moment, asOf: asOf, forEach)
    }

    /// The last moment before the cut; else that of the snapshot; and of what was known at an earlier position the
    /// greatest time of any deal, since the snapshot's own moment was not known then.
    static func now(
        _ cut: Cut, _ moment: Int64?, _ forEach: ((String, DealRow) -> Void) throws(ViewError) -> Void
    ) throws(ViewError) -> Int64 {
        if let before = cut.before { return before - 1 }
        if let moment { return moment }
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
            guard let start = query.period.from, query.period.to != nil else {
                throw .badParameter(name: "from", found: "missing", allowed: "'from' and 'to', the days of the period")
            }
            let since = try parameters.position("since")
            let then = try asking(query.ungrouped(before: start, through: since ?? .max))
            var report = AccuracyReport(query, table, forecast: ForecastReport(then.query, then.table), since: since)
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
            guard let since = try parameters.position("since") else {
                throw .badParameter(
                    name: "since", found: "missing", allowed: "the position that the first report was stamped with")
            }
            var query = query.activity
            query.cut.through = min(since, query.cut.through ?? since)
            var report = RestatementReport(
                self, first: try asking(query), since: since, limit: try parameters.limit(default: 100, max: 1000))
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
