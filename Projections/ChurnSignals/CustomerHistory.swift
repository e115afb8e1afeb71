import EventModel

/// What one customer's row says as of a day: everything that needs no other customer.
struct CustomerHistory: Sendable {
    /// Purchase days up to the as-of day in days since 1970-01-01, ascending; never empty.
    let days: [Int]
    /// The as-of day.
    let today: Int
    /// Orders on those days.
    let orderCount: Int64
    /// What they came to, ascending by currency.
    let revenue: [Money]
    /// The currency of most purchase days; of several, the first in the alphabet.
    let currency: String
    /// Money of all purchase days but the first; `nil` if the customer bought in several currencies, since amounts
    /// of different currencies have no sum.
    let repeatAmount: Int64?

    /// The part of a row up to a day; `nil` if there is none. Later days do not count as if they had not happened;
    /// a cancellation counts whenever it was recorded.
    init?(_ row: CustomerRow, asOf today: CivilDay) {
        let known = row.days.prefix { $0.day <= Int64(today.daysSinceEpoch) }
        guard !known.isEmpty else { return nil }
        var revenue: [DayRevenue] = []
        var dayCounts: [DayRevenue] = []
        for part in known.lazy.flatMap(\.revenue) {
            revenue.add(part)
            dayCounts.add(DayRevenue(currency: part.currency, orderCount: 1, amount: 0))
        }
        let most = dayCounts.map(\.orderCount).max()
        days = known.map { Int($0.day) }
        self.today = today.daysSinceEpoch
        orderCount = known.reduce(0) { $0 + $1.orderCount }
        currency = dayCounts.first { $0.orderCount == most }?.currency ?? ""
        let repeats = known.dropFirst().lazy.flatMap(\.revenue)
        repeatAmount = revenue.count > 1 ? nil : repeats.reduce(0) { $0 &+ $1.amount }
        self.revenue = revenue.map { Money(currency: $0.currency, amount: $0.amount) }
    }

    /// First and last purchase day.
    var bounds: (first: Int, last: Int) { (days.first ?? today, days.last ?? today) }

    /// x, t_x and T in days.
    var pattern: PurchasePatterns.Pattern {
        .init(repeats: days.count - 1, lastDays: bounds.last - bounds.first, ageDays: today - bounds.first)
    }

    /// Mean money of a repeat day, rounded half up to minor units; `nil` without one.
    var repeatMean: Int64? {
        guard let repeatAmount, days.count > 1 else { return nil }
        return repeatAmount.dividedHalfUp(by: Int64(days.count - 1))
    }

    /// The net revenue in the customer's own currency.
    var ownRevenue: Int64 { revenue.first { $0.currency == currency }?.amount ?? 0 }
}

extension CustomerHistory {
    /// Days of acquaintance below which the model is not asked about a customer.
    static let ageDaysMin = 7

    /// The probability of still being active, in millionths; `nil` without a model or within the first week.
    func aliveMicro(_ model: BGNBD?) -> Int64? {
        let pattern = self.pattern
        guard let model, pattern.ageDays >= Self.ageDaysMin else { return nil }
        return model.probabilityAlive(pattern.buying).fixed(.micro)
    }

    /// The purchase days to expect in the next weeks, in millionths; `nil` where there is no probability either.
    func expectedMicro(_ model: BGNBD?, inNext weeks: Int64) -> Int64? {
        let pattern = self.pattern
        guard let model, pattern.ageDays >= Self.ageDaysMin else { return nil }
        return model.expectedPurchases(inNext: Double(weeks), after: pattern.buying)?.fixed(.micro)
    }

    /// The customer's rhythm; `nil` with too few purchases.
    var cadence: Cadence? { Cadence(days: days, asOf: today) }

    /// The signals that purchases give (READ_MODELS.md 3.4), both of them states.
    ///
    /// Whether `p_alive` fires is decided on the rounded number that the answer shows.
    func risk(_ model: BGNBD?) -> ChurnRisk {
        var signals: [ChurnSignal] = []
        if days.count > 1, let alive = aliveMicro(model), alive < 400_000 {
            let severity = Int((1_000_000 - alive).dividedHalfUp(by: 100))
            signals.append(ChurnSignal("p_alive", weight: 6_000, severity: severity))
        }
        if let cadence, cadence.fires {
            signals.append(ChurnSignal("cadence", weight: 5_000, severity: cadence.severityBasisPoints))
        }
        return ChurnRisk(signals)
    }
}
