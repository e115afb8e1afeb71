import CivilTime
import EventModel

/// What a customer ordered in one currency on one day.
struct DayRevenue: Hashable, Sendable {
    var currency: CurrencyCode
    /// Orders, at least 1.
    var orderCount: Int
    /// What they came to in minor units, less what came back.
    var amount: Int64
}

/// One civil day on which a customer ordered.
struct PurchaseDay: Hashable, Sendable {
    /// Days since 1970-01-01.
    var day: Int
    /// One entry for each currency, ascending; never empty.
    var revenue: [DayRevenue]
    /// The newest of its events.
    var position: UInt64
}

/// The days on which a customer bought, without orders that were wholly cancelled.
///
/// A cancellation of single lines changes nothing: the customer did buy on that day. A return lowers the revenue of the
/// day of its order. Sums wrap around at 2^63 instead of trapping: a fold over any history must end.
struct Purchases: Sendable {
    private struct Order: Sendable {
        var placed: (day: Int, money: Money, position: UInt64)?
        var isCancelled = false
        var refund: Int64 = 0
    }

    /// Ascending by day.
    let days: [PurchaseDay]

    /// The purchases among some facts. An order that is placed twice counts as it was placed first.
    init(_ facts: [Fact], in zone: CivilZone) {
        var orders: [Ref: Order] = [:]
        for fact in facts {
            switch fact.what {
            case .ordered(let ref, let money):
                let known = orders[ref]?.placed
                guard known == nil || fact.position < known?.position ?? 0 else { continue }
                let placed = (zone.dayNumber(of: fact.time), money, fact.position)
                orders[ref, default: Order()].placed = placed
            case .orderCancelled(let ref): orders[ref, default: Order()].isCancelled = true
            case .orderReturned(let ref, let refund): orders[ref, default: Order()].refund &+= refund
            default: continue
            }
        }
        var byDay: [Int: PurchaseDay] = [:]
        for order in orders.values where !order.isCancelled {
            guard let (day, money, position) = order.placed else { continue }
            var known = byDay[day] ?? PurchaseDay(day: day, revenue: [], position: position)
            known.position = max(known.position, position)
            known.revenue.add(
                DayRevenue(currency: money.currency, orderCount: 1, amount: money.amount &- order.refund))
            byDay[day] = known
        }
        days = byDay.values.sorted { $0.day < $1.day }
    }

    /// Orders on all days.
    var orderCount: Int { days.reduce(0) { $0 + $1.revenue.reduce(0) { $0 + $1.orderCount } } }

    /// First and last day; `nil` without any.
    var bounds: (first: Int, last: Int)? {
        guard let first = days.first, let last = days.last else { return nil }
        return (first.day, last.day)
    }

    /// What was bought, ascending by currency, on all days or on those from `first` on.
    func revenue(from first: Int = .min) -> [Money] {
        var sums: [DayRevenue] = []
        for day in days where day.day >= first { for part in day.revenue { sums.add(part) } }
        return sums.map { Money(currency: $0.currency, amount: $0.amount) }
    }

    /// The currency of most purchase days; of several, the first in the alphabet.
    var currency: CurrencyCode? {
        var counts: [DayRevenue] = []
        for part in days.lazy.flatMap(\.revenue) {
            counts.add(DayRevenue(currency: part.currency, orderCount: 1, amount: 0))
        }
        let most = counts.map(\.orderCount).max()
        return counts.first { $0.orderCount == most }?.currency
    }

    /// Money of all purchase days but the first; `nil` if the customer bought in several currencies, since amounts of
    /// different currencies have no sum.
    var repeatAmount: Int64? {
        let currencies = Set(days.lazy.flatMap(\.revenue).map(\.currency))
        guard currencies.count <= 1 else { return nil }
        return days.dropFirst().lazy.flatMap(\.revenue).reduce(0) { $0 &+ $1.amount }
    }

    /// Mean money of a repeat day, rounded half up to minor units; `nil` without one.
    var repeatMean: Int64? {
        guard let repeatAmount, days.count > 1 else { return nil }
        return repeatAmount.dividedHalfUp(by: Int64(days.count - 1))
    }

    /// x, t_x and T in days as of a day; `nil` without a purchase.
    func pattern(asOf today: Int) -> PurchasePatterns.Pattern? {
        bounds.map { .init(repeats: days.count - 1, lastDays: $0.last - $0.first, ageDays: today - $0.first) }
    }
}

extension [DayRevenue] {
    /// Adds to the entry of the same currency, which is made where it belongs if need be.
    mutating func add(_ other: DayRevenue) {
        let index = firstIndex { $0.currency >= other.currency } ?? count
        if index == count || self[index].currency != other.currency {
            insert(other, at: index)
        } else {
            self[index].orderCount += other.orderCount
            self[index].amount &+= other.amount
        }
    }
}
