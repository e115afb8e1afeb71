import CRMEvents
import CanonicalJSON
import CivilTime
import EventModel
import ProjectionRuntime

/// A half-open span of event time in milliseconds since the epoch; an open end does not bound.
struct Period: Equatable, Sendable {
    let from: Int64?
    let to: Int64?

    /// All of time.
    static let all = Period(from: nil, to: nil)
    /// No time at all.
    static let none = Period(from: 0, to: 0)

    func contains(_ time: Int64) -> Bool {
        (from.map { $0 <= time } ?? true) && (to.map { time < $0 } ?? true)
    }
}

/// Which stays a report counts (READ_MODELS 2).
enum FunnelView: String, CaseIterable, Sendable {
    /// All stays of the deals that were opened in the period.
    case cohort
    /// The stays that begin in the period, and the closes that happen in it.
    case activity
    /// The stays that are open at the end of `as_of`, of the deals that were opened in the period.
    case snapshot
}

/// Which deals reached a stage.
enum Reach: String, CaseIterable, Sendable {
    /// Those whose highest ordinal is at least the stage's: who skips a stage has reached it.
    case implied
    /// Those that entered it.
    case strict
}

/// What is asked about deals: which ones, over which time, grouped by what.
struct FunnelQuery: Sendable {
    private(set) var view: FunnelView
    let reach: Reach
    private(set) var grouping: Dimension?
    let period: Period
    /// The first and the last day of the period, the last one excluded, for what is kept as days.
    let days: (from: CivilDay?, to: CivilDay?)
    var cut: Cut
    let zone: CivilZone
    /// Whose deals a merged account's are, as known at the cut.
    var merges = MergeMap<String>()
    /// The stage from which on an open deal counts as qualified; `nil` counts every open deal.
    let qualifiedStage: String?
    private let filters: [(dimension: Dimension, value: String)]

    /// Reads the parameters; unknown names were refused before.
    init(_ parameters: ViewParameters) throws(ViewError) {
        view = try parameters.word("view", default: .cohort)
        reach = try parameters.word("reached", default: .implied)
        grouping = try parameters.grouping(default: nil)
        zone = try parameters.zone()
        days = (try parameters.day("from"), try parameters.day("to"))
        period = try parameters.period(in: zone)
        cut = try parameters.cut(in: zone)
        qualifiedStage = try parameters.text("qualified")
        var filters: [(dimension: Dimension, value: String)] = []
        for dimension in Dimension.filters {
            if let value = try parameters.text(dimension.rawValue) { filters.append((dimension, value)) }
        }
        self.filters = filters
    }

    /// The question about everything in a period of UTC.
    init(over period: Period, groupedBy grouping: Dimension?) {
        view = .cohort
        reach = .implied
        self.grouping = grouping
        self.period = period
        days = (nil, nil)
        cut = .none
        zone = .utc
        qualifiedStage = nil
        filters = []
    }

    /// The pipeline that the question is narrowed to.
    var pipeline: String? { filters.first { $0.dimension == .pipeline }?.value }

    /// Whether a deal has what the question is narrowed to, and stands or was closed in the pipeline that it names.
    func holds(_ deal: PlacedDeal) -> Bool { filters.allSatisfy { isMet($0, by: deal) } }

    /// What a deal did, in each group of the question. In a pipeline it did what it did there, also if it has left it.
    func parts(of deal: PlacedDeal) -> [(key: String?, deal: PlacedDeal)] {
        guard filters.allSatisfy({ $0.dimension == .pipeline || isMet($0, by: deal) }) else { return [] }
        let pipelines = deal.pipelines.filter { pipeline == nil || $0 == pipeline }
        if grouping == .pipeline, !pipelines.isEmpty {
            return Set(pipelines).map { ($0, deal.part(in: $0)) }
        }
        guard let pipeline else { return groups(of: deal).map { ($0, deal) } }
        return pipelines.isEmpty ? [] : groups(of: deal).map { ($0, deal.part(in: pipeline)) }
    }

    private func isMet(_ filter: (dimension: Dimension, value: String), by deal: PlacedDeal) -> Bool {
        // Whoever asks for a merged account asks for whom it has become.
        let value = filter.dimension == .account ? merges.account(filter.value) : filter.value
        return filter.dimension.values(of: deal, zone, merges).contains(value)
    }

    /// Whether anything of a deal falls into the question's time.
    func covers(_ deal: DealHistory) -> Bool {
        view == .activity ? didAnything(deal) : period.contains(deal.openedAt)
    }

    /// Whether anything of a deal falls into the period; a deal that rests in it has no activity.
    private func didAnything(_ deal: DealHistory) -> Bool {
        period.contains(deal.openedAt)
            || deal.stays.contains { period.contains($0.enter) || $0.exit.map(period.contains) ?? false }
            || deal.closes.contains { period.contains($0.time) }
            || deal.reopenings.contains { period.contains($0.time) }
    }

    /// Whether an open deal counts for the velocity of the question's time, though it may have rested in it.
    func looksAt(open deal: DealHistory) -> Bool {
        view == .activity ? period.to.map { deal.openedAt < $0 } ?? true : period.contains(deal.openedAt)
    }

    /// Whether a stay is one of those that the view counts.
    func selects(_ placed: PlacedStay) -> Bool {
        switch view {
        case .cohort: true
        case .activity: period.contains(placed.stay.enter)
        case .snapshot: placed.exit == .open
        }
    }

    /// Whether a deal has come as far as the stage that makes it qualified, within that stage's pipeline.
    func isQualified(_ deal: PlacedDeal, on table: StageTable) -> Bool {
        guard let stage = qualifiedStage else { return true }
        return deal.stays.contains { placed in
            let entry = table.entries[placed.stage]
            guard entry.stage != stage, let ordinal = entry.ordinal else { return entry.stage == stage }
            let least = table.entries.first { $0.pipeline == entry.pipeline && $0.stage == stage }?.ordinal
            return least.map { $0 <= ordinal } ?? false
        }
    }

    /// The groups that a deal belongs to; `nil` is the group of those without such a property, or of all.
    func groups(of deal: PlacedDeal) -> [String?] { grouping?.values(of: deal, zone, merges) ?? [nil] }

    /// The same question about what was done in the period.
    var activity: FunnelQuery {
        var query = self
        query.view = .activity
        return query
    }

    /// The same question about all deals together, as of a moment or earlier, as known at a position or earlier.
    func ungrouped(before moment: Int64, through position: Int64) -> FunnelQuery {
        var query = self
        query.grouping = nil
        query.cut.before = min(moment, cut.before ?? moment)
        if position < cut.through ?? .max { query.cut.through = position }
        return query
    }

    /// What every answer says of the question, so that two answers can be compared.
    var stamp: JSON.Members {
        [
            "view": .text(view.rawValue), "reached": .text(reach.rawValue), "time_zone": .text(zone.name),
            "tz_data": .from(zone.release), "as_of": .from(cut.before.map { zone.day(of: $0 - 1).description }),
            "known_at": .from(cut.through),
        ]
    }
}

extension ViewParameters {
    /// The dimension that `group_by` names; `none` is no grouping.
    func grouping(default dimension: Dimension?) throws(ViewError) -> Dimension? {
        let words = ["none"] + Dimension.allCases.map(\.rawValue)
        let word = try choice("group_by", of: words, default: dimension?.rawValue ?? "none")
        return Dimension(rawValue: word)
    }

    /// The half-open period from the day `from` to the day `to`.
    func period(in zone: CivilZone) throws(ViewError) -> Period {
        let (from, to) = (try day("from"), try day("to"))
        if let from, let to, to < from {
            throw .badParameter(name: "to", found: "before 'from'", allowed: "a day that is not before 'from'")
        }
        return Period(from: from.map(zone.start), to: to.map(zone.start))
    }

    /// What had happened by the end of the day `as_of`, of what the log held through the position `known_at`.
    func cut(in zone: CivilZone) throws(ViewError) -> Cut {
        let next = try day("as_of").map { CivilDay(daysSinceEpoch: $0.daysSinceEpoch + 1) }
        return Cut(before: next.map(zone.start), through: try position("known_at"))
    }

    /// A position of the log; `nil` when absent.
    func position(_ name: String) throws(ViewError) -> Int64? {
        let position = try integer(name)
        guard position ?? 0 >= 0 else {
            throw .badParameter(name: name, found: "negative", allowed: "a position of the log, from 0")
        }
        return position
    }

    /// One of the words of an enumeration.
    func word<Word>(
        _ name: String, default word: Word
    ) throws(ViewError) -> Word where Word: RawRepresentable<String> & CaseIterable {
        let found = try choice(name, of: Word.allCases.map(\.rawValue), default: word.rawValue)
        return Word(rawValue: found) ?? word
    }
}
