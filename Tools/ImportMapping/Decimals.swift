/// Decimal text to scaled integers, exactly, never through floating point.
enum Decimals {
    /// The greatest absolute value of an integer in an event, 2^53 − 1.
    static let integerMax: Int64 = 9_007_199_254_740_991

    /// Why a text is not an exact scaled integer.
    enum Refusal: Error, Hashable { case notADecimal, notExact, outOfRange }

    /// Reads `-`, digits, and optionally a point and digits, and multiplies by `scale` (1 or more).
    ///
    /// `29.33` by 100 is 2933; `29.335` by 100 is refused as not exact. No exponents, no grouping, no leading `+`.
    static func scaled(_ text: String, by scale: Int64) throws(Refusal) -> Int64 {
        var digits = Substring(text).utf8
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        let halves = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(halves.count), halves.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else {
            throw .notADecimal
        }
        var fraction = halves.count == 2 ? Array(halves[1]) : []
        while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        var value: Int128 = 0
        for digit in Array(halves[0]) + fraction {
            value = value * 10 + Int128(digit - UInt8(ascii: "0"))
            // Far past the greatest result of any scale, and far from overflow.
            guard value < Int128(1) << 100 / Int128(scale) else { throw .outOfRange }
        }
        value *= Int128(scale)
        for _ in fraction {
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { throw .notExact }
            value = quotient
        }
        guard value <= Int128(integerMax) else { throw .outOfRange }
        return isNegative ? -Int64(value) : Int64(value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
