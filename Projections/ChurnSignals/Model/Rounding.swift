extension FixedWidthInteger where Self: SignedInteger {
    /// The quotient rounded to the nearest integer, halves towards plus infinity; the divisor must be positive.
    package func dividedHalfUp(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        let floor = remainder < 0 ? quotient - 1 : quotient
        let above = remainder < 0 ? remainder + divisor : remainder
        return above >= divisor - above ? floor + 1 : floor
    }
}

extension Double {
    /// The value times `scale`, rounded half up, for an answer in JSON, which holds integers to 2^53 only.
    ///
    /// `nil` if the result is not a number or beyond that bound.
    package func fixed(_ scale: FixedScale) -> Int64? {
        let scaled = (self * scale.rawValue + 0.5).rounded(.down)
        return abs(scaled) < 0x1p53 ? Int64(scaled) : nil
    }
}

/// The fixed-point scales of answers, named by the suffix of their fields.
package enum FixedScale: Double, Sendable {
    /// Millionths, fields `…_micro`.
    case micro = 1_000_000
    /// Billionths, fields `…_nano`.
    case nano = 1_000_000_000
}
