import CivilTime
import EventModel
public import ProjectionRuntime

/// A sum that does not add up, with both sides.
struct IdentityViolation: Hashable, Sendable, CustomStringConvertible {
    /// The identity, in the words of the reports.
    let identity: String
    /// Where it was asked: a stage, a month, a group.
    let place: String
    /// What the left side came to.
    let left: Int64
    /// What the right side came to.
    let right: Int64

    var description: String { "\(place): \(identity) is \(left) against \(right)" }

    /// A violation, or `nil` where both sides agree.
    init?(_ identity: String, of place: String, _ left: Int64, _ right: Int64) {
        guard left != right else { return nil }
        self.init(broken: identity, of: place, left, right)
    }

    /// A violation of an order, or `nil` where the left side is at most the right one.
    init?(_ identity: String, of place: String, _ left: Int64, atMost right: Int64) {
        guard left > right else { return nil }
        self.init(broken: identity, of: place, left, right)
    }

    /// The same violation at a place within another.
    func at(_ place: String) -> IdentityViolation {
        IdentityViolation(broken: identity, of: place + self.place, left, right)
    }

    private init(broken identity: String, of place: String, _ left: Int64, _ right: Int64) {
        self.identity = identity
        self.place = place
        self.left = left
        self.right = right
    }
}

extension SalesFunnel {
    /// Everything in the rows that does not balance: nothing, if the folds and the rows are sound.
    ///
    /// Each identity compares sums that were counted apart: stays with their exits, stays with the steps between
    /// them, states with the ledger of closes, and the waterfall of every month with folds as of its ends.
    public static func violations(in snapshot: ViewSnapshot) throws(ViewError) -> [String] {
        try check(in: snapshot).map(\.description)
    }

    /// The identities that do not hold, with both numbers.
    static func check(in snapshot: ViewSnapshot) throws(ViewError) -> [IdentityViolation] {
        var check = IdentityCheck(StageTable(try pipelines(snapshot), at: nil))
        try snapshot.forEach(dealTable) { id, row throws(ViewError) in
            check.look(id, row)
            return true
        }
        var leads = LeadCounts()
        try snapshot.forEach(leadTable) { id, row throws(ViewError) in
            if let lead = LeadHistory(id: id, row: row), lead.capturedAt != nil { leads.add(lead) }
            return true
        }
        return check.violations + leads.violations
    }
}

/// The sums that the identities compare.
struct IdentityCheck {
    private let start: StageTable
    private var table: StageTable
    private var counts = FunnelCounts()
    private var deals = DealCounts()
    /// The deals whose steps follow the lifecycle: only theirs must agree with the ledger of closes.
    private var orderly = DealCounts()
    /// By civil month in UTC, as its first day.
    private var waterfalls: [CivilDay: Waterfall] = [:]
    /// Of all of time: it tells what the months share.
    private var everything: Waterfall

    init(_ table: StageTable) {
        start = table
        self.table = table
        everything = Waterfall(FunnelQuery(over: .all, groupedBy: .pipeline), table)
    }

    /// Counts one deal. In a month without a step of its own a deal opens and closes alike, so it counts only where
    /// it has one.
    mutating func look(_ id: String, _ row: DealRow) {
        guard let history = DealHistory(id: id, row: row) else { return }
        let deal = PlacedDeal(history, on: &table)
        counts.add(deal, deal.stays, in: table, at: 0)
        deals.add(history, at: 0)
        if !history.isOutOfOrder { orderly.add(history, at: 0) }
        let moments = everything.moments(id, row, row.steps)
        for month in Set(row.steps.map { Self.month(of: $0.time) }) {
            waterfalls[month, default: Waterfall(Self.question(about: month), start)].add(id, row, moments)
        }
    }

    /// Everything that does not add up.
    var violations: [IdentityViolation] {
        let months = waterfalls.sorted { $0.key < $1.key }
        return countViolations
            + months.flatMap { month, waterfall in
                waterfall.violations.map { $0.at("\(month.description.dropLast(3)), ") }
            }
    }

    private static func month(of time: Int64) -> CivilDay {
        let day = CivilZone.utc.day(of: time)
        return CivilDay(daysSinceEpoch: day.daysSinceEpoch - day.components.day + 1)
    }

    private static func question(about month: CivilDay) -> FunnelQuery {
        let (year, number, _) = month.components
        let next = CivilDay(year: number == 12 ? year + 1 : year, month: number % 12 + 1, day: 1)
        let period = Period(from: CivilZone.utc.start(of: month), to: next.map(CivilZone.utc.start))
        return FunnelQuery(over: period, groupedBy: .pipeline)
    }

    private var countViolations: [IdentityViolation] {
        var found: [IdentityViolation?] = []
        var left: [Int: Int] = [:]
        for (step, count) in counts.transitions { left[step.from, default: 0] += count }
        for (number, stage) in counts.stages.sorted(by: { $0.key < $1.key }) {
            let entry = table.entries[number]
            let place = "pipeline \(entry.pipeline), stage \(entry.stage)"
            func exits(_ kinds: [StayExit]) -> Int64 { Int64(kinds.reduce(0) { $0 + stage.count(of: $1) }) }
            found += [
                IdentityViolation(
                    "visits = advanced + regressed + lateral + moved + won + lost + open", of: place,
                    Int64(stage.visits), exits(StayExit.allCases)),
                IdentityViolation(
                    "visits = settled + open", of: place, Int64(stage.visits),
                    Int64(stage.durations.count) + exits([.open])),
                IdentityViolation(
                    "transitions = advanced + regressed + lateral + moved", of: place, Int64(left[number] ?? 0),
                    exits([.advanced, .regressed, .lateral, .moved])),
                IdentityViolation("entered ≤ visits", of: place, Int64(stage.entered), atMost: Int64(stage.visits)),
                IdentityViolation("exited ≤ entered", of: place, Int64(stage.exited), atMost: Int64(stage.entered)),
                IdentityViolation("entered ≤ reached", of: place, Int64(stage.entered), atMost: Int64(stage.reached)),
            ]
        }
        found += [
            IdentityViolation(
                "opened = won + lost + open", of: "all deals", Int64(deals.opened),
                Int64(deals.won + deals.lost + deals.open)),
            IdentityViolation(
                "wins - wins taken back = won", of: "deals in order", Int64(orderly.ledger.netWins),
                Int64(orderly.won)),
            IdentityViolation(
                "losses - losses taken back = lost", of: "deals in order", Int64(orderly.ledger.netLosses),
                Int64(orderly.lost)),
        ]
        return found.compactMap(\.self)
    }
}

extension LeadCounts {
    /// What does not add up.
    fileprivate var violations: [IdentityViolation] {
        [
            IdentityViolation(
                "captured = converted + disqualified + open", of: "all leads", Int64(captured),
                Int64(converted + disqualified + open))
        ].compactMap(\.self)
    }
}
