import Glibc

/// P(N ≥ count) for a Poisson distribution of mean `mean`, above 0.
///
/// Above the mean it is summed from its own first term on, never as one minus the others, so that rare events keep
/// their digits; the terms fall there. Below the mean the others are summed, downwards, for the same reason.
package func poissonTail(mean: Double, atLeast count: Int) -> Double {
    guard count > 0 else { return 1 }
    let isRare = Double(count) > mean
    var at = Double(isRare ? count : count - 1)
    var term = exp(at * log(mean) - mean - logGamma(at + 1))
    var sum = 0.0
    while sum + term > sum {
        sum += term
        if isRare { at += 1 }
        term *= isRare ? mean / at : at / mean
        if !isRare { at -= 1 }
    }
    return isRare ? min(1, sum) : max(0, 1 - sum)
}

/// Whether something happens more often than it used to.
///
/// The last four weeks are compared with the 24 weeks before: their count over six is what four weeks usually bring,
/// and half an event is added so that a customer without history is not judged by its first event.
package struct Surge: Hashable, Sendable {
    /// Events in the last ``recentDays`` days.
    package let recentCount: Int
    /// Events in the ``usualDays`` days before.
    package let usualCount: Int

    package static let recentDays = 28
    package static let usualDays = 168

    /// A surge from its two counts.
    package init(recentCount: Int, usualCount: Int) {
        self.recentCount = recentCount
        self.usualCount = usualCount
    }

    /// What four weeks usually bring, λ.
    package var expected: Double { Double(usualCount) / 6 + 0.5 }

    /// How probable so many events, or more, would be, in billionths.
    package var probabilityNano: Int64 {
        poissonTail(mean: expected, atLeast: recentCount).fixed(.nano) ?? 0
    }

    /// min(1, −log₁₀(p) ÷ 6) in basis points, if p is below the threshold in basis points; else 0.
    package func severityBasisPoints(below threshold: Int) -> Int {
        guard probabilityNano < Int64(threshold) * 100_000 else { return 0 }
        let power = -log10(poissonTail(mean: expected, atLeast: recentCount))
        return power < 6 ? Int((power / 6 * 10_000 + 0.5).rounded(.down)) : 10_000
    }
}
