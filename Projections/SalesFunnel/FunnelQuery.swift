import CanonicalJSON
import EventModel
import ProjectionRuntime

/// A half-open span of event time in milliseconds since the epoch; an open end does not bound.
struct Period: Equatable, Sendable {
    let from: Int64?
    let to: Int64?

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

/// What is asked about deals: which ones, over which time, grouped by what.
struct FunnelQuery: Sendable {
    /// The properties that deals can be grouped by; months are civil months in UTC.
    enum Grouping: String, CaseIterable, Sendable {
        case none, owner, source, pipeline, type, month
        case monthOpened = "month_opened"
        case monthClosed = "month_closed"
    }

    let view: FunnelView
    let grouping: Grouping
    let period: Period
    /// The first millisecond after `as_of`: steps from there on are not looked at.
    let limit: Int64?
    let pipeline: String?
    let owner: String?
    let source: String?
    let type: String?
    let currency: String?

    /// Reads the parameters; unknown names were refused before.
    init(_ parameters: ViewParameters) throws(ViewError) {
        view = try parameters.word("view", default: .cohort)
        grouping = try parameters.word("group_by", default: .none)
        period = try parameters.period()
        limit = try parameters.endOfDay("as_of")
        pipeline = try parameters.text("pipeline")
        owner = try parameters.text("owner")
        source = try parameters.text("source")
        type = try parameters.text("type")
        currency = try parameters.text("currency")
    }

    /// Whether a deal belongs to the question. The pipeline is not asked here: it takes a stage table.
    func selects(_ deal: DealHistory) -> Bool {
        (view == .activity ? didAnything(deal) : period.contains(deal.openedAt))
            && (owner == nil || owner == deal.creditedOwner) && (source == nil || source == deal.row.source)
            && (type == nil || type == deal.row.type) && (currency == nil || currency == deal.row.currency)
    }

    /// Whether anything of a deal falls into the period; a deal that rests in it has no activity.
    private func didAnything(_ deal: DealHistory) -> Bool {
        period.contains(deal.openedAt) || deal.stays.contains { period.contains($0.enter) }
            || deal.closes.contains { period.contains($0.time) }
    }

    /// The group that a deal belongs to; `nil` where it has no such property.
    func group(of deal: DealHistory, in pipeline: String?) -> String? {
        switch grouping {
        case .none: nil
        case .owner: deal.creditedOwner
        case .source: deal.row.source
        case .pipeline: pipeline
        case .type: deal.row.type
        case .month, .monthOpened: month(of: deal.openedAt)
        case .monthClosed: deal.state == .open ? nil : deal.closes.last.map { month(of: $0.time) }
        }
    }
}

/// The civil month of an instant in UTC, as `2026-01`.
func month(of milliseconds: Int64) -> String {
    String(Timestamp(milliseconds: milliseconds).day.description.dropLast(3))
}

extension ViewParameters {
    /// The half-open period from the day `from` to the day `to`, in UTC.
    func period() throws(ViewError) -> Period {
        let (from, to) = (try day("from"), try day("to"))
        if let from, let to, to < from {
            throw .badParameter(name: "to", found: "before 'from'", allowed: "a day that is not before 'from'")
        }
        return Period(from: from?.start.milliseconds, to: to?.start.milliseconds)
    }

    /// The first millisecond after a day, in UTC; `nil` when absent.
    func endOfDay(_ name: String) throws(ViewError) -> Int64? {
        try day(name).map { $0.start.milliseconds + Timestamp.millisecondsPerDay }
    }

    /// One of the words of an enumeration.
    func word<Word>(
        _ name: String, default word: Word
    ) throws(ViewError) -> Word where Word: RawRepresentable<String> & CaseIterable {
        let found = try choice(name, of: Word.allCases.map(\.rawValue), default: word.rawValue)
        return Word(rawValue: found) ?? word
    }
}
