import Glibc

/// One reason to worry about a customer, as it stands at the as-of day.
package struct ChurnSignal: Hashable, Sendable {
    /// The name of the signal, such as `p_alive`.
    package var name: String
    /// How much the signal counts at full severity, in basis points; above 9,500 it counts as 9,500.
    package var weight: Int
    /// How bad it is, 0 to 10,000 basis points.
    package var severity: Int
    /// Age of its newest evidence and the days in which its effect halves; `nil` for a state, which has no age.
    package var decay: Decay?

    /// The age of a signal that rests on an event.
    package struct Decay: Hashable, Sendable {
        package var ageDays: Int
        package var halfLifeDays: Int

        package init(ageDays: Int, halfLifeDays: Int) {
            self.ageDays = ageDays
            self.halfLifeDays = halfLifeDays
        }

        /// 2^(−age ÷ half-life) in billionths: age = q · h + r, so entry r of the table of one half-life,
        /// halved q times.
        var factorNano: Int64 {
            let age = max(0, ageDays)
            let halfLife = max(1, halfLifeDays)
            let (halvings, rest) = age.quotientAndRemainder(dividingBy: halfLife)
            guard halvings < 31 else { return 0 }
            let entry = exp2(-Double(rest) / Double(halfLife)).fixed(.nano) ?? 0
            return entry.dividedHalfUp(by: 1 << Int64(halvings))
        }
    }

    /// Weight cap: no single signal makes the risk 1 and its contribution infinite.
    package static let weightMax = 9_500

    /// A signal; a state unless a decay is given.
    package init(_ name: String, weight: Int, severity: Int, decay: Decay? = nil) {
        self.name = name
        self.weight = weight
        self.severity = severity
        self.decay = decay
    }

    /// e = weight · severity · decay, in billionths.
    var effectNano: Int64 {
        let capped = Int64(min(max(0, weight), Self.weightMax))
        let undecayed = capped * Int64(min(max(0, severity), 10_000)) * 10
        return decay.map { multiplyNano(undecayed, $0.factorNano) } ?? undecayed
    }
}

/// The risk of losing a customer, with the reasons that add up to it.
package struct ChurnRisk: Hashable, Sendable {
    /// 1 − Π (1 − e), a noisy-or: it grows with every signal, and signals that are absent drop out. Basis points.
    package let basisPoints: Int
    /// The reasons, the greatest contribution first, ties by name.
    package let reasons: [Reason]

    /// A signal's part in the risk.
    package struct Reason: Hashable, Sendable {
        package let name: String
        package let severity: Int
        /// c = −ln(1 − e) in millionths: these add up to −ln(1 − risk).
        package let contributionMicro: Int64
        /// c over the sum of all c, in basis points rounded half up.
        package let share: Int
    }

    /// Combines the signals that have an effect; the others are left out of the reasons.
    package init(_ signals: [ChurnSignal]) {
        let effective = signals.map { ($0, $0.effectNano) }.filter { $0.1 > 0 }
        let kept = effective.reduce(nano) { multiplyNano($0, nano - $1.1) }
        basisPoints = Int((nano - kept).dividedHalfUp(by: nano / 10_000))
        let parts = effective.map { signal, effect in
            (signal, -log1p(-Double(effect) / Double(nano)))
        }
        let total = parts.reduce(0) { $0 + $1.1 }
        reasons = parts.sorted { ($1.1, $0.0.name) < ($0.1, $1.0.name) }.map { signal, contribution in
            Reason(
                name: signal.name, severity: signal.severity,
                contributionMicro: contribution.fixed(.micro) ?? 0,
                share: Int((contribution / total * 10_000 + 0.5).rounded(.down)))
        }
    }
}

/// One in billionths.
private let nano: Int64 = 1_000_000_000

/// The product of two numbers in billionths, neither negative nor above 1, rounded half up.
///
/// It stays below 2^63: 10^9 · 10^9 + 5 · 10^8 is about 10^18.
private func multiplyNano(_ left: Int64, _ right: Int64) -> Int64 { (left * right).dividedHalfUp(by: nano) }
