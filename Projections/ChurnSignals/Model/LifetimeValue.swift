import Glibc

/// What a customer will be worth: the purchases of coming months, each at its expected value, discounted to today.
package struct LifetimeValue: Hashable, Sendable {
    /// Months to look ahead.
    package var months: Int
    /// Discount for each month, in basis points.
    package var monthlyDiscount: Int
    /// What remains of revenue, in basis points.
    package var margin: Int

    /// Weeks of a month: 365.25 ÷ 84.
    package static let weeksPerMonth = 365.25 / 84

    /// Terms of a valuation.
    package init(months: Int, monthlyDiscount: Int = 0, margin: Int = 10_000) {
        self.months = months
        self.monthlyDiscount = monthlyDiscount
        self.margin = margin
    }

    /// Σ (E[Y(k months)] − E[Y(k − 1 months)]) · value · margin ÷ (1 + d)^k, in the unit of `value`.
    ///
    /// - Parameters:
    ///   - value: what one purchase day is expected to bring, E[M].
    ///   - purchases: expected purchase days in the next weeks, E[Y(t)].
    package func worth(of value: Double, _ purchases: (_ weeks: Double) -> Double?) -> Double? {
        var before = 0.0
        var sum = 0.0
        var discount = 1.0
        for month in 1...max(1, months) {
            guard let until = purchases(Double(month) * Self.weeksPerMonth) else { return nil }
            discount /= 1 + Double(monthlyDiscount) / 10_000
            sum += (until - before) * discount
            before = until
        }
        return sum * value * Double(margin) / 10_000
    }
}
