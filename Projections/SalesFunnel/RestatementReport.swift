import CanonicalJSON
import EventModel
import ProjectionRuntime

/// A closed period as first reported and as now known, with what arrived for it after the report.
struct RestatementReport {
    private let query: FunnelQuery
    private let since: Int64
    private let limit: Int
    private var first: DealReport
    private var now: DealReport
    private var events: [(position: Int64, id: String, time: Int64, type: String)] = []

    /// - Parameters:
    ///   - question: its `as_of` and `known_at` bound what is now known.
    ///   - first: the same question as known when the period was first reported.
    ///   - since: the position that the first report was stamped with.
    ///   - limit: the number of late events to name, at most.
    init(_ question: DealQuestion, first: DealQuestion, since: Int64, limit: Int) {
        query = question.query
        self.since = since
        self.limit = limit
        self.first = DealReport(.deals, first.query, first.table, at: first.now)
        now = DealReport(.deals, question.query.activity, question.table, at: question.now)
    }

    mutating func add(_ id: String, _ row: DealRow) {
        let wasCounted = first.add(id, row)
        guard now.add(id, row) || wasCounted else { return }
        for step in row.steps
        where step.position > since && query.cut.sees(time: step.time, position: step.position)
            && (query.period.contains(step.time) || step.change.closedAt.map(query.period.contains) ?? false)
        {
            guard let type = step.change.type else { continue }
            events.append((step.position, id, step.time, type))
        }
    }

    /// Both reports, and the late events in the order of the log.
    func json() throws(ViewError) -> JSON {
        let late = events.sorted { $0.position < $1.position }
        var members = query.activity.stamp
        members["since"] = .integer(since)
        members["as_first_reported"] = try first.json()
        members["as_now_known"] = try now.json()
        members["late_events"] = .from(late.count)
        members["events"] = .array(
            late.prefix(limit).map {
                [
                    "position": .integer($0.position), "opportunity_id": .text($0.id), "time": .integer($0.time),
                    "type": .text($0.type),
                ]
            })
        return .object(members)
    }
}

extension DealChange {
    /// When a deal was closed, where that is not the time of the event.
    fileprivate var closedAt: Int64? {
        switch self {
        case .won(_, _, let time, _, _), .lost(_, _, let time): time
        default: nil
        }
    }

    /// The catalog name of the event; `nil` for a part of one that has a change of its own.
    fileprivate var type: String? {
        switch self {
        case .opened: "opportunity.opened"
        case .stageChanged: "opportunity.stage_changed"
        case .amountChanged: "opportunity.amount_changed"
        case .product: nil
        case .closeDateChanged: "opportunity.close_date_changed"
        case .forecastChanged: "opportunity.forecast_changed"
        case .ownerAssigned: "opportunity.owner_assigned"
        case .won: "opportunity.won"
        case .lost: "opportunity.lost"
        case .reopened: "opportunity.reopened"
        }
    }
}
