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
    /// once more from the optimum with a fresh simplex, since a simplex may collapse before it arrives.
    package init?(_ patterns: PurchasePatterns) {
        guard patterns.repeatCustomerCount > 0 else { return nil }
        let customers = Double(patterns.customerCount)
        let cost = { (point: [Double]) -> Double in
            guard point.allSatisfy({ abs($0) <= Self.logParameterMax }) else { return .infinity }
            return -patterns.logLikelihood(of: Self.model(at: point)) / customers
        }
        let search = NelderMead()
        let first = search.minimum(of: cost, from: [0, 0, 0, 0])
        let second = search.minimum(of: cost, from: first.point)
        model = Self.model(at: second.point)
        logLikelihood = -second.value * customers
        evaluationCount = first.evaluationCount + second.evaluationCount
        isWeak =
            patterns.repeatCustomerCount < Self.repeatCustomerCountMin || !second.isConverged
            || second.point.contains { abs($0) > Self.logParameterMax - 1 }
    }

    private static func model(at point: [Double]) -> BGNBD {
        BGNBD(r: exp(point[0]), alpha: exp(point[1]), a: exp(point[2]), b: exp(point[3]))
    }
}
