/// The bounds between harmless and alarming risks, with hysteresis.
///
/// A band is entered at its bound and left downwards only when the risk falls below the bound by more than the
/// hysteresis allows, so a risk that wavers around a bound does not ring a bell every day.
package struct RiskBands: Hashable, Sendable {
    /// The bounds in basis points, ascending; a risk at or above the n-th is in band n or higher.
    package let bounds: [Int]
    /// How far below its bound a band is left, in basis points.
    package let hysteresis: Int

    /// The starting values: amber from 3,000, red from 6,000, left 500 below.
    package static let starting = RiskBands(bounds: [3_000, 6_000], hysteresis: 500)

    /// Bands from their bounds in any order.
    package init(bounds: [Int], hysteresis: Int) {
        self.bounds = bounds.sorted()
        self.hysteresis = max(0, hysteresis)
    }

    /// The band of today's risk, from 0, given the risks of earlier days.
    ///
    /// Looks back only while the answer depends on it: a day whose risk is not between a bound and its hysteresis
    /// settles that bound. Before the first day there was no risk.
    ///
    /// - Parameter earlier: the risk so many days ago, from 1 on; `nil` before the customer was known.
    package func level(today risk: Int, _ earlier: (_ daysAgo: Int) throws -> Int?) rethrows -> Int {
        var level = 0
        for bound in bounds where try isAtOrAbove(bound, today: risk, earlier) { level += 1 }
        return level
    }

    /// Whether a risk lies between a bound and its hysteresis, so that the band is a matter of the days before.
    package func dependOnYesterday(_ risk: Int) -> Bool {
        bounds.contains { (($0 - hysteresis)..<max($0, $0 - hysteresis)).contains(risk) }
    }

    private func isAtOrAbove(
        _ bound: Int, today: Int, _ earlier: (Int) throws -> Int?
    ) rethrows -> Bool {
        var risk: Int? = today
        var daysAgo = 0
        while let known = risk {
            if known >= bound { return true }
            if known < bound - hysteresis { return false }
            daysAgo += 1
            risk = try earlier(daysAgo)
        }
        return false
    }

    /// The name of a band: green, then amber, and red for the last.
    package func name(of level: Int) -> String {
        level == 0 ? "green" : level == bounds.count ? "red" : "amber"
    }
}
