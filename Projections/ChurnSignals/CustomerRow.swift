import ProjectionRuntime

/// An amount in minor units of its currency.
struct Money: Hashable, Sendable {
    var currency: String
    var amount: Int64
}

/// What a customer ordered in one currency on one day.
struct DayRevenue: Hashable, Sendable {
    var currency: String
    /// Orders, at least 1.
    var orderCount: Int64
    /// What they came to in minor units.
    var amount: Int64
}

/// One UTC day on which a customer ordered.
struct PurchaseDay: Hashable, Sendable {
    /// Days since 1970-01-01.
    var day: Int64
    /// One entry for each currency, in ascending order of its code; never empty.
    var revenue: [DayRevenue]

    /// Orders of that day in all currencies.
    var orderCount: Int64 { revenue.reduce(0) { $0 + $1.orderCount } }
}

/// The purchase days of one account, ascending and distinct.
struct CustomerRow: Hashable, Sendable, RowValue {
    var days: [PurchaseDay] = []

    init() {}

    init(from decoder: inout RowDecoder) throws(RowError) {
        days = try decoder.list { decoder throws(RowError) in
            PurchaseDay(
                day: try decoder.integer(),
                revenue: try decoder.list { decoder throws(RowError) in
                    DayRevenue(
                        currency: try decoder.text(), orderCount: try decoder.integer(),
                        amount: try decoder.integer())
                })
        }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(days) { encoder, day in
            encoder.integer(day.day)
            encoder.list(day.revenue) { encoder, revenue in
                encoder.text(revenue.currency)
                encoder.integer(revenue.orderCount)
                encoder.integer(revenue.amount)
            }
        }
    }

    /// Counts an order. Sums wrap around at 2^63 instead of trapping, so that taking an order back stays exact.
    mutating func add(_ money: Money, onDay day: Int64) {
        let index = self.index(of: day)
        if index == days.count || days[index].day != day {
            days.insert(PurchaseDay(day: day, revenue: []), at: index)
        }
        days[index].revenue.add(DayRevenue(currency: money.currency, orderCount: 1, amount: money.amount))
    }

    /// Takes an order back that was counted before; the day goes with its last order.
    mutating func remove(_ money: Money, onDay day: Int64) {
        let index = self.index(of: day)
        guard index < days.count, days[index].day == day else { return }
        days[index].revenue.add(DayRevenue(currency: money.currency, orderCount: -1, amount: 0 &- money.amount))
        days[index].revenue.removeAll { $0.orderCount == 0 }
        if days[index].revenue.isEmpty { days.remove(at: index) }
    }

    /// Where a day stands or belongs. Looks from the end, since orders mostly arrive in order of time.
    private func index(of day: Int64) -> Int {
        (days.lastIndex { $0.day < day } ?? -1) + 1
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
