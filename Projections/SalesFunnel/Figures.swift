import CanonicalJSON

/// Numbers as a report prints them: integers, with the counts they rest on.
enum Figures {
    /// A share with its parts, in basis points rounded half up; `null` for a denominator of 0.
    static func rate(_ numerator: Int, of denominator: Int) -> JSON {
        [
            "numerator": .integer(Int64(numerator)), "denominator": .integer(Int64(denominator)),
            "bp": .from(basisPoints(numerator, of: denominator)),
        ]
    }

    /// 10,000 × numerator ÷ denominator, rounded half up, for counts that are not negative.
    static func basisPoints(_ numerator: Int, of denominator: Int) -> Int? {
        denominator == 0 ? nil : (20_000 * numerator + denominator) / (2 * denominator)
    }

    /// The element of rank ⌈percent × n ÷ 100⌉ of an ascending list; `nil` if it is empty (READ_MODELS 0).
    static func nearestRank(_ percent: Int, of ascending: [Int64]) -> Int64? {
        ascending.isEmpty ? nil : ascending[(ascending.count * percent + 99) / 100 - 1]
    }

    /// Median and 90th percentile of durations in milliseconds, with their number.
    static func quantiles(of durations: [Int64]) -> JSON {
        let ascending = durations.sorted()
        return [
            "n": .integer(Int64(ascending.count)),
            "p50_ms": .from(nearestRank(50, of: ascending)),
            "p90_ms": .from(nearestRank(90, of: ascending)),
        ]
    }
}

extension Figures {
    /// The arithmetic mean, rounded half up; `nil` of nothing.
    static func mean(of values: [Int64]) -> Int64? {
        guard !values.isEmpty else { return nil }
        let sum = values.reduce(Int128(0)) { $0 + Int128($1) }
        return rounded(sum, over: Int128(values.count))
    }

    /// A share of an amount, rounded half up to the minor unit: parts are rounded before they are added up, so that
    /// groups add up to the whole.
    static func share(_ numerator: Int64, of denominator: Int64, _ amount: Int64) -> Int64 {
        rounded(Int128(amount) * Int128(numerator), over: Int128(max(1, denominator)))
    }

    /// A quotient with a positive denominator, rounded half up, at the end of the range where it is too large.
    static func rounded(_ numerator: Int128, over denominator: Int128) -> Int64 {
        var (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        if rest < 0 { (quotient, rest) = (quotient - 1, rest + denominator) }
        return Int64(clamping: rest >= denominator - rest ? quotient + 1 : quotient)
    }

    /// What a pipeline earns per day: open deals × average won amount × win rate ÷ cycle in days (READ_MODELS 2).
    ///
    /// - Parameter cycle: the mean sales cycle in milliseconds.
    /// - Returns: minor units per day, rounded half up; `nil` where a factor is missing or the cycle takes no time.
    static func velocity(
        open: Int, averageWon: Int64?, won: Int, closed: Int, cycle: Int64?
    ) -> Int64? {
        guard let averageWon, let cycle, cycle > 0, closed > 0 else { return nil }
        let perCycle = Double(open) * Double(averageWon) * Double(won) / Double(closed)
        let perDay = (perCycle * Double(millisecondsPerDay) / Double(cycle) + 0.5).rounded(.down)
        return Int64(exactly: perDay)
    }

    private static let millisecondsPerDay: Int64 = 86_400_000
}

extension Int64 {
    /// The sum, at the end of the range where it is too large: totals of a report never stop a server.
    func adding(_ other: Int64) -> Int64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, at the end of the range where it is too large.
    func subtracting(_ other: Int64) -> Int64 {
        let (difference, isTooLarge) = subtractingReportingOverflow(other)
        return isTooLarge ? (other < 0 ? .max : .min) : difference
    }
}

/// Milliseconds between two moments, 0 where the second lies before the first.
func elapsed(from start: Int64, to end: Int64) -> Int64 {
    let (difference, isTooLarge) = end.subtractingReportingOverflow(start)
    return isTooLarge ? (end < start ? 0 : .max) : Swift.max(0, difference)
}

/// Money in minor units by currency. Sums of different currencies never meet.
struct Amounts: Equatable {
    /// ISO 4217: no currency involved.
    static let noCurrency = "XXX"

    private(set) var sums: [String: Int64] = [:]

    /// Adds an amount. A sum that leaves the 64-bit range stays at its end instead of stopping the server.
    mutating func add(_ amount: Int64, in currency: String?) {
        let currency = currency ?? Self.noCurrency
        sums[currency] = sums[currency, default: 0].adding(amount)
    }

    /// The only sum, 0 without any, and `nil` when several currencies would have to be mixed.
    var single: Int64? { sums.count > 1 ? nil : sums.values.first ?? 0 }

    var json: JSON { .object(sums.mapValues { .integer($0) }) }
}
