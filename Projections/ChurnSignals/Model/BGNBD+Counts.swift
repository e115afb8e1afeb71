import Glibc

extension BGNBD {
    /// The probability that a customer picked at random has exactly `count` purchase days in the first `weeks`,
    /// P(X(t) = x).
    ///
    /// Equation 8 of the paper: the customer was active throughout and bought x times, or dropped out at the x-th
    /// purchase. The second part needs the probability that x purchases fit into t; it is summed from its own first
    /// term and not as one minus the others, so that small probabilities keep their digits.
    package func probability(of count: Int, inFirst weeks: Double) -> Double {
        let x = Double(count)
        let z = weeks / (alpha + weeks)
        let logBeta = logBeta(a, b)
        let stayed = exp(self.logBeta(a, b + x) - logBeta + logPurchases(x, z))
        guard count > 0 else { return stayed }
        let left = exp(self.logBeta(a + 1, b + x - 1) - logBeta)
        return stayed + left * purchasesAtLeast(x, z)
    }

    /// The logarithm of the probability of x purchases when nobody drops out: a negative binomial distribution.
    private func logPurchases(_ x: Double, _ z: Double) -> Double {
        logGamma(r + x) - logGamma(r) - logGamma(x + 1) + r * log1p(-z) + x * log(z)
    }

    /// The sum of that distribution from x on; its terms fall at least like powers of a number near z.
    private func purchasesAtLeast(_ x: Double, _ z: Double) -> Double {
        var term = exp(logPurchases(x, z))
        var sum = 0.0
        var j = x
        while sum + term > sum, j < x + 1_000_000 {
            sum += term
            term *= z * (r + j) / (j + 1)
            j += 1
        }
        return min(1, sum)
    }

    private func logBeta(_ left: Double, _ right: Double) -> Double {
        logGamma(left) + logGamma(right) - logGamma(left + right)
    }
}
