import CanonicalJSON
import ProjectionRuntime

/// How the open amount of one group and currency came from its opening to its closing value.
struct WaterfallLines: Equatable {
    /// What is told, in the order of the telling. `won` and `lost` are the open amount just before the close.
    enum Line: Int, CaseIterable {
        case opening, new, reopened, increases, decreases, won, lost, movedOut, movedIn, closing

        var name: String {
            switch self {
            case .movedOut: "moved_out"
            case .movedIn: "moved_in"
            default: "\(self)"
            }
        }
    }

    private var sums = [Int64](repeating: 0, count: Line.allCases.count)

    subscript(line: Line) -> Int64 { sums[line.rawValue] }

    mutating func add(_ amount: Int64, to line: Line) { sums[line.rawValue] = sums[line.rawValue].adding(amount) }

    /// What the lines before the last one add up to.
    var expectedClosing: Int64 {
        let plus = self[.opening].adding(self[.new]).adding(self[.reopened]).adding(self[.increases])
            .adding(self[.movedIn])
        let minus = self[.decreases].adding(self[.won]).adding(self[.lost]).adding(self[.movedOut])
        return plus.subtracting(minus)
    }

    var json: JSON {
        .object(Dictionary(uniqueKeysWithValues: Line.allCases.map { ($0.name, .integer(self[$0])) }))
    }
}

/// The waterfall of a period: what made the open amount grow and shrink, by group and currency (READ_MODELS 2).
///
/// The opening and the closing value are folds of their own, as of either end; the lines between are told from step
/// to step. That both agree is the identity, which every answer asserts.
struct Waterfall {
    private struct Group {
        var deals = WaterfallLines()
        var amounts: [String: WaterfallLines] = [:]
    }

    /// Where an open deal stands and with what.
    fileprivate struct Standing {
        let keys: Set<String?>
        let amount: Int64
        let currency: String?
    }

    /// What the waterfall needs to know of a deal after one of its steps.
    struct Moment {
        fileprivate let time: Int64
        fileprivate let isOpen: Bool
        fileprivate let wasClosed: Bool
        /// How the deal is closed; `nil` while it is open.
        fileprivate let outcome: DealClose.Outcome?
        fileprivate let standing: Standing?
    }

    private let query: FunnelQuery
    /// It ends with the question's time, and begins no later than it ends.
    private let period: Period
    private var table: StageTable
    private var groups: [String?: Group] = [:]

    init(_ query: FunnelQuery, _ table: StageTable) {
        self.query = query
        self.table = table
        let end = [query.period.to, query.cut.before].compactMap(\.self).min()
        period = Period(from: query.period.from.map { min($0, end ?? $0) }, to: end)
        if query.grouping == nil { groups[nil] = Group() }
    }

    /// Tells what one deal contributes.
    mutating func add(_ id: String, _ row: DealRow) {
        let cut = Cut(before: period.to, through: query.cut.through)
        let steps = row.steps.filter { cut.sees(time: $0.time, position: $0.position) }
        let isMoving = steps.contains { period.contains($0.time) }
        add(id, row, isMoving ? moments(id, row, steps) : [])
    }

    /// Tells what one deal contributes, given its moments: several periods of one question share them.
    mutating func add(_ id: String, _ row: DealRow, _ moments: [Moment]) {
        let through = query.cut.through
        if let start = period.from {
            note(standing(DealHistory(id: id, row: row, Cut(before: start, through: through))), .opening)
        }
        note(standing(DealHistory(id: id, row: row, Cut(before: period.to, through: through))), .closing)
        for index in moments.indices where period.contains(moments[index].time) {
            tell(index > 0 ? moments[index - 1] : nil, moments[index])
        }
    }

    /// The deal after each of some steps, in the order of their times.
    mutating func moments(_ id: String, _ row: DealRow, _ steps: [DealStep]) -> [Moment] {
        var moments: [Moment] = []
        moments.reserveCapacity(steps.count)
        DealHistory.walk(id: id, row: row, steps) { time, deal in
            let outcome = deal.state == .open ? nil : deal.closes.last?.outcome
            moments.append(
                Moment(
                    time: time, isOpen: deal.isOpen, wasClosed: !deal.closes.isEmpty, outcome: outcome,
                    standing: standing(deal)))
        }
        return moments
    }

    private mutating func standing(_ history: DealHistory?) -> Standing? {
        guard let history, history.isOpen else { return nil }
        let deal = PlacedDeal(standing: history, on: &table)
        guard query.holds(deal) else { return nil }
        return Standing(keys: Set(query.groups(of: deal)), amount: history.amount ?? 0, currency: history.currency)
    }

    private mutating func tell(_ old: Moment?, _ new: Moment) {
        let (before, after) = (old?.standing, new.standing)
        for key in (before?.keys ?? []).union(after?.keys ?? []) {
            let was = before.flatMap { $0.keys.contains(key) ? $0 : nil }
            let stands = after.flatMap { $0.keys.contains(key) ? $0 : nil }
            switch (was, stands) {
            case (nil, let now?):
                let line: WaterfallLines.Line =
                    old?.isOpen == true ? .movedIn : old?.wasClosed == true ? .reopened : .new
                note(now, line, for: key)
            case (let then?, let now?): change(then, now.amount, now.currency, for: key)
            case (let then?, nil): leave(then, new.outcome, for: key)
            case (nil, nil): break
            }
        }
    }

    /// A deal is no longer open in a group: it moved, or it was closed.
    private mutating func leave(_ then: Standing, _ outcome: DealClose.Outcome?, for key: String?) {
        guard let outcome else { return note(then, .movedOut, for: key) }
        guard case .won(let amount, let currency) = outcome else { return note(then, .lost, for: key) }
        // A contract over another amount changes the open amount at the same instant, and then is won.
        change(then, amount, currency, for: key)
        note(Standing(keys: then.keys, amount: amount, currency: currency), .won, for: key)
    }

    private mutating func change(_ then: Standing, _ amount: Int64, _ currency: String?, for key: String?) {
        guard then.currency == currency else {
            record(then.amount, in: then.currency, .decreases, for: key)
            record(amount, in: currency, .increases, for: key)
            return
        }
        let difference = amount.subtracting(then.amount)
        let (line, size): (WaterfallLines.Line, Int64) =
            difference < 0 ? (.decreases, Int64(0).subtracting(difference)) : (.increases, difference)
        record(size, in: currency, line, for: key)
    }

    private mutating func note(_ standing: Standing?, _ line: WaterfallLines.Line) {
        guard let standing else { return }
        for key in standing.keys { note(standing, line, for: key) }
    }

    private mutating func note(_ standing: Standing, _ line: WaterfallLines.Line, for key: String?) {
        groups[key, default: Group()].deals.add(1, to: line)
        record(standing.amount, in: standing.currency, line, for: key)
    }

    private mutating func record(
        _ amount: Int64, in currency: String?, _ line: WaterfallLines.Line, for key: String?
    ) {
        guard amount != 0 else { return }
        groups[key, default: Group()].amounts[currency ?? Amounts.noCurrency, default: WaterfallLines()]
            .add(amount, to: line)
    }

    /// What does not add up; nothing, whatever the history.
    var violations: [IdentityViolation] {
        sortedGroups(groups).flatMap { key, group in
            let all = [("deals", group.deals)] + group.amounts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            return all.compactMap { name, lines in
                IdentityViolation(
                    "opening + new + reopened + increases - decreases - won - lost - moved_out + moved_in = closing",
                    of: "waterfall of \(key ?? "all"), \(name)", lines.expectedClosing, lines[.closing])
            }
        }
    }

    /// The lines of each group.
    ///
    /// - Throws: ``ViewError/corruptRow(_:)`` when they don't add up, which no fold can cause.
    func json() throws(ViewError) -> JSON {
        if let first = violations.first { throw .corruptRow(first.description) }
        var members = query.stamp
        members["rule_versions"] = .object(table.versions.mapValues { .integer($0) })
        if query.grouping == nil {
            members["waterfall"] = Self.json(groups[nil] ?? Group())
        } else {
            members["groups"] = .array(
                sortedGroups(groups).map { ["key": .from($0.key), "waterfall": Self.json($0.counts)] })
        }
        return .object(members)
    }

    private static func json(_ group: Group) -> JSON {
        ["deals": group.deals.json, "amounts": .object(group.amounts.mapValues(\.json))]
    }
}
