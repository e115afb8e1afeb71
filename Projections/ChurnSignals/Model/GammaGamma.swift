import Glibc

/// The Gamma-Gamma model of what a customer spends on a purchase day.
///
/// Fader and Hardie, brucehardie.com/notes/025. What one customer spends varies around a mean of its own (gamma, shape
/// ``p``), and the means vary over the customers (gamma with shape ``q`` and scale ``gamma``). Amounts are in one unit
/// of one currency throughout; ``gamma`` is in that unit, the other two have none. The model assumes that how much
/// somebody spends has nothing to do with how often, so the correlation of both is published beside it.
package struct GammaGamma: Hashable, Sendable {
    /// Shape of one customer's spending, above 0.
    package var p: Double
    /// Shape of the means over all customers; the mean over all exists only above 1.
    package var q: Double
    /// Scale of the means, in the unit of the amounts, above 0.
    package var gamma: Double

    /// A model from its three parameters, each above 0.
    package init(p: Double, q: Double, gamma: Double) {
        self.p = p
        self.q = q
        self.gamma = gamma
    }

    /// The mean over all customers, pγ ÷ (q − 1); `nil` where it does not exist.
    package var populationMean: Double? { q > 1 ? p * gamma / (q - 1) : nil }

    /// What to expect of a customer on one purchase day, E[M], given x repeat days with this mean.
    ///
    /// A weighted mean of the population and the customer's own: the more repeat days, the more the own counts. Without
    /// repeat days it is the population's. `nil` where that does not exist.
    package func expectedValue(repeats: Int, mean: Double) -> Double? {
        guard let populationMean else { return nil }
        let own = p * Double(repeats)
        let weight = own / (own + q - 1)
        return (1 - weight) * populationMean + weight * mean
    }
}

/// Mean spending of all customers who bought again, grouped by their number of repeats.
package struct SpendingPatterns: Sendable {
    private struct Group: Sendable {
        var repeats: Double
        var means: [Double] = []
        var logSum = 0.0
    }

    private let groups: [Group]
    /// Customers in all.
    package let customerCount: Int
    /// Pearson's correlation between x and the mean; `nil` where either does not vary.
    package let correlation: Double?

    /// Patterns from (x, mean) of each customer; only x > 0 and a mean above 0 count.
    package init(_ customers: some Sequence<(repeats: Int, mean: Double)>) {
        let spenders = customers.filter { $0.repeats > 0 && $0.mean > 0 }
            .sorted { ($0.repeats, $0.mean) < ($1.repeats, $1.mean) }
        var groups: [Group] = []
        for (repeats, mean) in spenders {
            if groups.last?.repeats != Double(repeats) { groups.append(Group(repeats: Double(repeats))) }
            groups[groups.count - 1].means.append(mean)
            groups[groups.count - 1].logSum += log(mean)
        }
        self.groups = groups
        customerCount = spenders.count
        correlation = Self.correlation(spenders.map { (Double($0.repeats), $0.mean) })
    }

    /// The mean of the means, 0 without customers.
    var grandMean: Double {
        groups.reduce(0) { $0 + $1.means.reduce(0, +) } / Double(max(1, customerCount))
    }

    /// The log-likelihood of all customers under a model; lnΓ is taken once per distinct x.
    package func logLikelihood(of model: GammaGamma) -> Double {
        let (p, q, gamma) = (model.p, model.q, model.gamma)
        var sum = (q * log(gamma) - logGamma(q)) * Double(customerCount)
        for group in groups {
            let shape = p * group.repeats
            let each = logGamma(shape + q) - logGamma(shape) + shape * log(group.repeats)
            sum += each * Double(group.means.count) + (shape - 1) * group.logSum
            for mean in group.means { sum -= (shape + q) * log(group.repeats * mean + gamma) }
        }
        return sum
    }

    private static func correlation(_ pairs: [(x: Double, y: Double)]) -> Double? {
        let count = Double(pairs.count)
        let x = pairs.reduce(0) { $0 + $1.x } / count
        let y = pairs.reduce(0) { $0 + $1.y } / count
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for pair in pairs {
            xx += (pair.x - x) * (pair.x - x)
            yy += (pair.y - y) * (pair.y - y)
            xy += (pair.x - x) * (pair.y - y)
        }
        return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
    }
}

/// A Gamma-Gamma model fitted by maximum likelihood.
package struct GammaGammaFit: Sendable {
    /// The parameters of the maximum.
    package let model: GammaGamma
    /// The logarithm of the likelihood there.
    package let logLikelihood: Double
    /// How often the likelihood was evaluated.
    package let evaluationCount: Int
    /// Whether the parameters should not be relied upon; see ``init(_:)``.
    package let isWeak: Bool

    /// Correlation of x and the mean, in absolute value, from which the model's assumption does not hold.
    package static let correlationMax = 0.3

    /// Fits the parameters over their logarithms from (1, 1, the mean), restarted once; `nil` with fewer than two
    /// customers, of whom no spread can be seen.
    ///
    /// Weak are few customers (``BGNBDFit/repeatCustomerCountMin``), a high correlation, no mean over all, and a search
    /// that did not settle.
    package init?(_ patterns: SpendingPatterns) {
        guard patterns.customerCount > 1 else { return nil }
        let customers = Double(patterns.customerCount)
        let cost = { (point: [Double]) -> Double in
            guard point.allSatisfy({ abs($0) <= 2 * BGNBDFit.logParameterMax }) else { return .infinity }
            return -patterns.logLikelihood(of: Self.model(at: point)) / customers
        }
        let search = NelderMead()
        let first = search.minimum(of: cost, from: [0, 0, log(patterns.grandMean)])
        let second = search.minimum(of: cost, from: first.point)
        model = Self.model(at: second.point)
        logLikelihood = -second.value * customers
        evaluationCount = first.evaluationCount + second.evaluationCount
        isWeak =
            patterns.customerCount < BGNBDFit.repeatCustomerCountMin || !second.isConverged || model.q <= 1
            || abs(patterns.correlation ?? 0) > Self.correlationMax
    }

    private static func model(at point: [Double]) -> GammaGamma {
        GammaGamma(p: exp(point[0]), q: exp(point[1]), gamma: exp(point[2]))
    }
}
