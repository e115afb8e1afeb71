import Glibc

/// One reason to worry about a customer, as it stands at the as-of day.
package struct ChurnSignal: Hashable, Sendable {
    /// The name of the signal, such as `p_alive`.
    package var name: String
    /// How much the signal counts at full severity, in basis points; above 9,500 it counts as 9,500.
    package var weight: Int
    /// How bad it is, 0 to 10,000 basis points.
    package var severity: Int
    /// Age of its newest evidence and how its effect fades; `nil` for a state, which has no age.
    package var decay: Decay?
    /// Positions of the events that it rests on, ascending: the newest few.
    package var evidence: [UInt64] = []

    /// The age of a signal that rests on an event.
    package struct Decay: Hashable, Sendable {
        package var ageDays: Int
        package var halfLife: HalfLife

        package init(ageDays: Int, halfLife: HalfLife) {
            self.ageDays = ageDays
            self.halfLife = halfLife
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

    /// What remains of the effect, in billionths.
    private var remainderNano: Int64 { decay.map { $0.halfLife.remainderNano(afterDays: $0.ageDays) } ?? nano }

    /// e = weight · severity · decay, in billionths: one product of 128 bits, rounded once.
    package var effectNano: Int64 {
        let capped = Int128(min(max(0, weight), Self.weightMax))
        let product = capped * Int128(min(max(0, severity), 10_000)) * Int128(remainderNano)
        return Int64(product.dividedHalfUp(by: 100_000_000))
    }

    /// severity · decay in basis points: how bad it still is, whatever its weight.
    package var fadedSeverity: Int {
        Int((Int128(severity) * Int128(remainderNano)).dividedHalfUp(by: Int128(nano)))
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
        package let signal: ChurnSignal
        /// c = −ln(1 − e) in millionths: these add up to −ln(1 − risk).
        package let contributionMicro: Int64
        /// c over the sum of all c, in basis points; the shares of all reasons add up to 10,000.
        package let share: Int
    }

    /// Combines the signals that have an effect; the others are left out of the reasons.
    package init(_ signals: [ChurnSignal]) {
        let effective = signals.map { (signal: $0, effect: $0.effectNano) }.filter { $0.effect > 0 }
        basisPoints = Self.basisPoints(of: effective.map(\.effect))
        let parts = effective.map { (signal: $0.signal, part: -log1p(-Double($0.effect) / Double(nano))) }
            .sorted { ($1.part, $0.signal.name) < ($0.part, $1.signal.name) }
        let shares = Self.shares(of: parts.map(\.part))
        reasons = zip(parts, shares).map { part, share in
            Reason(signal: part.signal, contributionMicro: part.part.fixed(.micro) ?? 0, share: share)
        }
    }

    /// The risk alone, without reasons.
    package static func basisPoints(of effects: [Int64]) -> Int {
        let kept = effects.reduce(nano) { kept, effect in
            Int64((Int128(kept) * Int128(nano - effect)).dividedHalfUp(by: Int128(nano)))
        }
        return Int((nano - kept).dividedHalfUp(by: nano / 10_000))
    }

    /// Parts of 10,000 by largest remainder, ties by place.
    private static func shares(of parts: [Double]) -> [Int] {
        let total = parts.reduce(0, +)
        let exact = parts.map { $0 / total * 10_000 }
        var shares = exact.map { Int($0) }
        let rest = parts.isEmpty ? 0 : 10_000 - shares.reduce(0, +)
        let order = parts.indices.sorted { (exact[$1].remainder, $0) < (exact[$0].remainder, $1) }
        for index in order.prefix(max(0, rest)) { shares[index] += 1 }
        return shares
    }
}

extension Double {
    /// What follows the point of a number that is not negative.
    fileprivate var remainder: Double { self - rounded(.down) }
}

/// One in billionths.
private let nano: Int64 = 1_000_000_000
