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

/// Money in minor units by currency. Sums of different currencies never meet.
struct Amounts: Equatable {
    private(set) var sums: [String: Int64] = [:]

    /// Adds an amount. A sum that leaves the 64-bit range stays at its end instead of stopping the server.
    mutating func add(_ amount: Int64, in currency: String?) {
        let currency = currency ?? "XXX"  // ISO 4217: no currency involved
        let (sum, isTooLarge) = sums[currency, default: 0].addingReportingOverflow(amount)
        sums[currency] = isTooLarge ? (amount < 0 ? .min : .max) : sum
    }

    /// The only sum, 0 without any, and `nil` when several currencies would have to be mixed.
    var single: Int64? { sums.count > 1 ? nil : sums.values.first ?? 0 }

    var json: JSON { .object(sums.mapValues { .integer($0) }) }
}
