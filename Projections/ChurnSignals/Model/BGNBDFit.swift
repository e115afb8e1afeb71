import Glibc

/// A model fitted to a population by maximum likelihood.
package struct BGNBDFit: Sendable {
    /// The parameters of the maximum.
    package let model: BGNBD
    /// The logarithm of the likelihood there.
    package let logLikelihood: Double
    /// How often the likelihood was evaluated.
    package let evaluationCount: Int
    /// Whether the parameters should not be relied upon: fewer than ``repeatCustomerCountMin`` customers who bought
    /// again, a search that ran into its limit, or a parameter that ran off to the bound.
    package let isWeak: Bool

    /// Repeat customers below which parameters are marked weak.
    package static let repeatCustomerCountMin = 300
    /// Bound on the logarithm of every parameter. A likelihood without maximum runs there instead of to infinity.
    package static let logParameterMax = 15.0

    /// Fits the four parameters; `nil` if nobody bought again, since then the likelihood has no maximum.
    ///
    /// Minimises the mean of −ln L over the logarithms of the parameters with ``NelderMead`` from (1, 1, 1, 1), then
    /// once more from the optimum with a fresh simplex, since a simplex may collapse before it arrives. Where that runs
    /// off to the bound or does not settle, a start at the mean rate of buying, (1, mean T ÷ mean x, 1, 1), is tried as
    /// well, and the greater likelihood holds: customers who buy very regularly have a ridge there that leads past the
    /// maximum.
    package init?(_ patterns: PurchasePatterns) {
        guard patterns.repeatCustomerCount > 0 else { return nil }
        let customers = Double(patterns.customerCount)
        let cost = { (point: [Double]) -> Double in
            guard point.allSatisfy({ abs($0) <= Self.logParameterMax }) else { return .infinity }
            return -patterns.logLikelihood(of: Self.model(at: point)) / customers
        }
        var best = Self.search(cost, from: [0, 0, 0, 0])
        var evaluations = best.evaluationCount
        if !Self.isSettled(best) {
            let other = Self.search(cost, from: [0, log(patterns.meanWeeksPerRepeat), 0, 0])
            evaluations += other.evaluationCount
            if other.value < best.value { best = other }
        }
        model = Self.model(at: best.point)
        logLikelihood = -best.value * customers
        evaluationCount = evaluations
        isWeak = patterns.repeatCustomerCount < Self.repeatCustomerCountMin || !Self.isSettled(best)
    }

    /// A search and its restart, counted together.
    private static func search(_ cost: ([Double]) -> Double, from start: [Double]) -> NelderMead.Minimum {
        let search = NelderMead()
        let first = search.minimum(of: cost, from: start)
        let second = search.minimum(of: cost, from: first.point)
        return NelderMead.Minimum(
            point: second.point, value: second.value, evaluationCount: first.evaluationCount + second.evaluationCount,
            isConverged: second.isConverged)
    }

    private static func isSettled(_ minimum: NelderMead.Minimum) -> Bool {
        minimum.isConverged && minimum.point.allSatisfy { abs($0) <= logParameterMax - 1 }
    }

    private static func model(at point: [Double]) -> BGNBD {
        BGNBD(r: exp(point[0]), alpha: exp(point[1]), a: exp(point[2]), b: exp(point[3]))
    }
}
