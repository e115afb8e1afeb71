/// How an effect fades: by half in so many days, as a table of integers.
///
/// The table holds 2^(−r ÷ h) in billionths for every whole day r up to the half-life h. An age is q half-lives and r
/// days, so it takes entry r and halves it q times. The entries are computed in integers of 128 bits and rounded half
/// up, so every machine has the same; a C library's `exp2` is not asked.
package struct HalfLife: Hashable, Sendable {
    /// The half-life in days, at least 1.
    package let days: Int
    /// The entries for 0 to `days` − 1.
    private let table: [Int64]

    /// A half-life; less than a day counts as one.
    package init(days: Int) {
        self.days = min(max(1, days), Self.daysMax)
        let length = Int128(self.days)
        table = (0..<self.days).map { Self.powerNano(Self.logTwo * Int128($0) / length) }
    }

    /// A century, beyond which nothing fades that anybody waits for.
    package static let daysMax = 36_525

    /// What remains after so many days, in billionths; all of it before the first.
    package func remainderNano(afterDays age: Int) -> Int64 {
        let (halvings, rest) = max(0, age).quotientAndRemainder(dividingBy: days)
        return halvings < 31 ? table[rest].dividedHalfUp(by: 1 << Int64(halvings)) : 0
    }

    /// One, and ln 2, in 10⁻¹⁸.
    private static let one: Int128 = 1_000_000_000_000_000_000
    private static let logTwo: Int128 = 693_147_180_559_945_309

    /// e^(−x) in billionths for x in 10⁻¹⁸ from 0 to ln 2, by its power series.
    private static func powerNano(_ x: Int128) -> Int64 {
        var sum = one
        var term = one
        var k: Int128 = 1
        while term != 0 {
            term = -(term * x / (one * k))
            sum += term
            k += 1
        }
        return Int64(sum.dividedHalfUp(by: 1_000_000_000))
    }
}
