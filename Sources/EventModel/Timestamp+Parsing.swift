extension CivilDay {
    /// Reads `YYYY-MM-DD`; `nil` for anything else.
    public init?(_ text: String) {
        var digits = DigitReader(text)
        guard let day = digits.day(), digits.isAtEnd else { return nil }
        self = day
    }
}

extension Timestamp {
    /// Reads an RFC 3339 date-time (section 5.6); `nil` for anything else.
    ///
    /// Fractions beyond milliseconds are cut off; a leap second `:60` counts as the next second.
    /// Years 0000 to 9999.
    public init?(_ text: String) {
        var digits = DigitReader(text)
        guard let day = digits.day(),
            digits.skip("T") || digits.skip("t") || digits.skip(" "),
            let hour = digits.number(2), hour < 24, digits.skip(":"),
            let minute = digits.number(2), minute < 60, digits.skip(":"),
            let second = digits.number(2), second <= 60,
            let millisecond = digits.fraction(),
            let offset = digits.offsetMinutes(), digits.isAtEnd
        else { return nil }
        let seconds = Int64(hour * 3600 + (minute - offset) * 60 + second)
        milliseconds = day.start.milliseconds + seconds * 1000 + Int64(millisecond)
    }
}

/// Reads fixed-width decimal fields from the bytes of a text.
private struct DigitReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = nextDigit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    mutating func day() -> CivilDay? {
        guard let year = number(4), skip("-"), let month = number(2), skip("-"),
            let day = number(2)
        else { return nil }
        return CivilDay(year: year, month: month, day: day)
    }

    /// Milliseconds after an optional point; `nil` if a point stands without digits.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        guard let first = nextDigit() else { return nil }
        var value = first * 100
        var weight = 10
        while let digit = nextDigit() {
            value += digit * weight
            weight /= 10
        }
        return value
    }

    /// Minutes east of UTC; `nil` without `Z` or a numeric offset.
    mutating func offsetMinutes() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(2), hours < 24, skip(":"), let minutes = number(2),
            minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }

    private mutating func nextDigit() -> Int? {
        guard offset < bytes.count, case let digit = bytes[offset] &- UInt8(ascii: "0"), digit <= 9 else { return nil }
        offset += 1
        return Int(digit)
    }
}
