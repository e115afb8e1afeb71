import Glibc

/// The BG/NBD model of repeat buying: customers buy at random while active and may drop out after any purchase.
///
/// Fader, Hardie and Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24:275–284. The rate of
/// buying is gamma distributed over the customers (shape ``r``, rate ``alpha`` in weeks), the probability of dropping
/// out after a purchase is beta distributed (``a``, ``b``). All times are weeks, days ÷ 7 and not rounded.
package struct BGNBD: Hashable, Sendable {
    /// Shape of the gamma distribution of buying rates, above 0.
    package var r: Double
    /// Rate of the gamma distribution, in weeks, above 0.
    package var alpha: Double
    /// First parameter of the beta distribution of dropping out, above 0.
    package var a: Double
    /// Second parameter of the beta distribution, above 0.
    package var b: Double

    /// A model from its four parameters, each above 0.
    package init(r: Double, alpha: Double, a: Double, b: Double) {
        self.r = r
        self.alpha = alpha
        self.a = a
        self.b = b
    }

    /// Distance from a = 1 within which forecasts are interpolated between both sides of the removable singularity.
    package static let singularityRadius = 1e-4
}

/// What the model knows of one customer: purchase days are counted, not orders.
package struct RepeatBuying: Hashable, Sendable {
    /// Purchase days after the first, x.
    package var repeats: Int
    /// Weeks from the first to the last purchase day, t_x; 0 when nothing was bought again.
    package var lastWeeks: Double
    /// Weeks from the first purchase day to the as-of day, T.
    package var ageWeeks: Double

    /// A history in weeks.
    package init(repeats: Int, lastWeeks: Double, ageWeeks: Double) {
        self.repeats = repeats
        self.lastWeeks = lastWeeks
        self.ageWeeks = ageWeeks
    }
}

extension BGNBD {
    /// The probability that a customer with this history is still active (brucehardie.com/notes/021).
    ///
    /// It is 1 without a repeat purchase, by construction of the model: dropping out happens only after a repeat
    /// purchase, so the number says nothing about one-time buyers. The odds of having left are formed as a logarithm;
    /// where they overflow the answer is 0.
    package func probabilityAlive(_ buying: RepeatBuying) -> Double {
        guard buying.repeats > 0 else { return 1 }
        let x = Double(buying.repeats)
        let logOdds =
            log(a) - log(b + x - 1)
            + (r + x) * (log(alpha + buying.ageWeeks) - log(alpha + buying.lastWeeks))
        return 1 / (1 + exp(logOdds))
    }

    /// The expected number of purchase days in the first `weeks` of a customer picked at random, E[X(t)].
    ///
    /// It is the forecast for a customer without history, since such a customer is active by definition.
    package func expectedPurchases(inFirst weeks: Double) -> Double? {
        forecastWhileActive(repeats: 0, ageWeeks: 0, nextWeeks: weeks)
    }

    /// The expected number of purchase days in the next `weeks`, E[Y(t) | x, t_x, T].
    ///
    /// `nil` where the parameters are so extreme that neither form of the series has a finite value.
    package func expectedPurchases(inNext weeks: Double, after buying: RepeatBuying) -> Double? {
        forecastWhileActive(repeats: buying.repeats, ageWeeks: buying.ageWeeks, nextWeeks: weeks)
            .map { $0 * probabilityAlive(buying) }
    }

    /// The forecast given that the customer is active now.
    ///
    /// It depends on the history only through x and T, so that callers with many customers may share it.
    package func forecastWhileActive(repeats: Int, ageWeeks: Double, nextWeeks: Double) -> Double? {
        guard abs(a - 1) < Self.singularityRadius else {
            return forecast(a: a, repeats: repeats, ageWeeks: ageWeeks, nextWeeks: nextWeeks)
        }
        let radius = Self.singularityRadius
        guard let below = forecast(a: 1 - radius, repeats: repeats, ageWeeks: ageWeeks, nextWeeks: nextWeeks),
            let above = forecast(a: 1 + radius, repeats: repeats, ageWeeks: ageWeeks, nextWeeks: nextWeeks)
        else { return nil }
        return below + (above - below) * (a - 1 + radius) / (2 * radius)
    }

    /// The closed form of the paper, equation 10, after Euler's transformation of ₂F₁ (DLMF 15.8.1).
    ///
    /// The transformed series converges two to three times faster and stays small for many purchases. Only for large
    /// `a` may it overflow; the form as printed in the paper has a finite value there.
    private func forecast(a: Double, repeats: Int, ageWeeks: Double, nextWeeks: Double) -> Double? {
        let x = Double(repeats)
        let c = a + b + x - 1
        let span = alpha + ageWeeks + nextWeeks
        let z = nextWeeks / span
        let remaining = log1p(-z)
        let transformed = c - exp((a - 1) * remaining) * scaledHypergeometric(a + b - 1 - r, a - 1, c, at: z)
        if transformed.isFinite { return transformed / (a - 1) }
        let printed = c - exp((r + x) * remaining) * scaledHypergeometric(r + x, b + x, c, at: z)
        return printed.isFinite ? printed / (a - 1) : nil
    }
}
