import CanonicalJSON
import CivilTime
import EventModel
import ProjectionRuntime

/// Would the scores of a day have warned of who left afterwards?
///
/// The scores are those that the view would have given on the day: no event with a later time is looked at, models are
/// fitted to what was there, recorded parameters and rules count only if they were there, and with `known_at` an event
/// that was recorded after that position does not count either. Labels come from what followed up to the horizon.
///
/// Parameters: `as_of_day` (default: so many days before the end as the horizon has), `known_at`, `horizon_days` (1 to
/// 3653, default 180), `k` (1 to 10,000, default 100) and `model`.
struct Backtest {
    /// What became of a customer.
    enum Outcome: Hashable {
        case left(onDay: Int)
        case stayed
        /// Had left before the day of the scores, so nothing was to be foretold.
        case gone
        /// Has neither a contract nor a purchase, so nobody can tell.
        case unknown
        /// Has ordered nothing since, and the silence that would tell is not over on the last day.
        case undecided
    }

    /// A customer with a score and an outcome, `nil` for who stayed.
    struct Case {
        var account: String
        var risk: Int
        var level: Int
        var leftOnDay: Int?
    }

    /// Days without an order from which a customer without a contract is taken to have left, at least.
    static let silenceDaysMin = 180

    /// Ranked: the greatest risk first, ties by account id.
    private(set) var cases: [Case] = []
    private(set) var goneCount = 0
    private(set) var unknownCount = 0
    private(set) var undecidedCount = 0
    let day: Int
    /// The last day whose events tell what followed.
    let lastDay: Int

    init(_ snapshot: ViewSnapshot, _ question: ChurnQuestion, horizonDays: Int) throws(ViewError) {
        day = question.moment.today
        let zone = question.moment.zone
        let end = snapshot.latestTime.map { zone.dayNumber(of: $0.milliseconds) } ?? day
        lastDay = min(day + horizonDays, max(day, end))
        let population = try Population.of(snapshot, question)
        let later = Moment(CivilDay(daysSinceEpoch: lastDay), in: zone)
        let before = try Customers(snapshot, question.moment)
        let after = try Ties(snapshot, later)
        try before.forEach { account, facts throws(ViewError) in
            guard let member = population.members[account] else { return true }
            let survivor = after.survivor(of: .account(account))
            let followed = try CustomerFacts(of: survivor, after, in: snapshot, later)
            switch Self.outcome(CustomerHistory(facts, asOf: day), followed, until: lastDay) {
            case .left(let onDay): add(account, member, leftOnDay: onDay)
            case .stayed: add(account, member, leftOnDay: nil)
            case .gone: goneCount += 1
            case .unknown: unknownCount += 1
            case .undecided: undecidedCount += 1
            }
            return true
        }
        cases.sort { ($1.risk, $0.account) < ($0.risk, $1.account) }
    }

    private mutating func add(_ account: String, _ member: Population.Member, leftOnDay: Int?) {
        cases.append(Case(account: account, risk: member.risk, level: member.level, leftOnDay: leftOnDay))
    }

    /// The label (READ_MODELS.md 3.4). Who has a contract or a subscription leaves when one ends; everybody else by
    /// max(180 days, 3 median gaps) without an order, on the last of these days.
    static func outcome(_ before: CustomerHistory, _ followed: CustomerFacts, until lastDay: Int) -> Outcome {
        let today = before.today
        if before.commitments.isOpen {
            let ends = Commitments(followed.facts, asOf: lastDay, in: followed.zone).ends
            return ends.first { $0.day > today }.map { .left(onDay: $0.day) } ?? .stayed
        }
        // What was known late is as true as the rest of what followed.
        let all = Purchases(followed.facts, in: followed.zone).days.map(\.day)
        let days = all.filter { $0 <= today }
        guard var last = days.last else { return .unknown }
        let gaps = zip(days.dropFirst(), days).map { $0 - $1 }
        let silence = max(silenceDaysMin, 3 * (nearestRank(of: gaps, permille: 500) ?? 0))
        guard last + silence > today else { return .gone }
        var hasOrdered = false
        for next in all where next > today {
            if next > last + silence { break }
            (last, hasOrdered) = (next, true)
        }
        guard last + silence > lastDay else { return .left(onDay: last + silence) }
        return hasOrdered ? .stayed : .undecided
    }
}

extension Backtest {
    static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        try parameters.allow("kind", "as_of_day", "known_at", "time_zone", "horizon_days", "k", "model")
        let horizon = try horizon(parameters)
        let k = Int(try parameters.integer("k", in: 1...10_000) ?? 100)
        guard let question = try question(parameters, in: snapshot) else { return ["as_of_day": nil, "cases": 0] }
        return try Backtest(snapshot, question, horizonDays: horizon).answer(question, k: k, horizon)
    }

    private static func horizon(_ parameters: ViewParameters) throws(ViewError) -> Int {
        Int(try parameters.integer("horizon_days", in: 1...ChurnQuestion.daysMax) ?? 180)
    }

    /// What is asked, as of the day of the scores; `nil` of an empty log.
    static func question(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> ChurnQuestion? {
        guard var question = try ChurnQuestion(parameters, in: snapshot) else { return nil }
        if try parameters.day("as_of_day") == nil {
            question.moment = question.moment.onDay(question.moment.today - (try horizon(parameters)))
        }
        return question
    }

    private func answer(_ question: ChurnQuestion, k: Int, _ horizonDays: Int) throws(ViewError) -> JSON {
        let left = cases.count { $0.leftOnDay != nil }
        let flagged = cases.filter { $0.level > 0 }
        return [
            "as_of_day": .text(question.today.description), "time_zone": .text(question.moment.zone.name),
            "known_at": question.moment.position == .max ? .null : .integer(Int64(question.moment.position)),
            "horizon_days": .from(horizonDays), "observed_days": .from(lastDay - day),
            "cases": .from(cases.count), "left": .from(left), "base_rate_bp": .from(share(left, of: cases.count)),
            "gone_before": .from(goneCount), "without_label": .from(unknownCount),
            "undecided": .from(undecidedCount),
            "at_k": .array(
                Set([10, 50, 100, 500, 1_000, k]).sorted().filter { $0 <= k }.map { k in
                    var part = measured(cases.prefix(k), left)
                    part["k"] = .from(k)
                    return .object(part)
                }),
            "flagged": .object(measured(flagged[...], left)),
        ]
    }

    /// How well a part of the cases picks those who left.
    private func measured(_ part: ArraySlice<Case>, _ left: Int) -> JSON.Members {
        let hits = part.compactMap(\.leftOnDay).map { $0 - day }
        return [
            "customers": .from(part.count), "hits": .from(hits.count),
            "precision_bp": .from(share(hits.count, of: part.count)), "recall_bp": .from(share(hits.count, of: left)),
            "lead_days_p50": .from(nearestRank(of: hits, permille: 500)),
            "lead_days_p90": .from(nearestRank(of: hits, permille: 900)),
        ]
    }

    /// In basis points, rounded half up; `nil` of nothing.
    private func share(_ part: Int, of whole: Int) -> Int? {
        whole > 0 ? (part * 10_000).dividedHalfUp(by: whole) : nil
    }
}
