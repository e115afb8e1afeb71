extension Parser {
    /// Parses a text and checks its UTF-8 and its escapes; the cursor stands on the opening quotation mark.
    @discardableResult
    mutating func parseText(_ tape: inout Tape) throws(JSONError) -> TapeEntry {
        let (start, before) = (cursor, deviations)
        var isEscaped = false
        let bytes = self.bytes
        var at = start + 1
        while true {
            while at <= bytes.count - 8 {
                let plainByteCount = PlainText.plainByteCount(ofEightAt: at, in: bytes)
                at += plainByteCount
                if plainByteCount < 8 { break }
            }
            guard at < bytes.count else {
                throw JSONError(.unexpectedEnd(wanted: "a closing quotation mark"), at: at)
            }
            let byte = bytes[at]
            if byte == Byte.quote {
                cursor = at + 1
                let entry = TapeEntry(
                    .text, start: start, end: cursor, next: tape.count + 1,
                    isCanonical: deviations == before, isIrregular: isEscaped)
                try append(entry, &tape)
                return entry
            }
            if byte == Byte.backslash {
                isEscaped = true
                at = try endOfEscape(at)
            } else if byte >= 0x80 {
                at = try endOfScalar(at)
            } else if byte >= 0x20 {
                at += 1
            } else {
                throw JSONError(.controlCharacter, at: at)
            }
        }
    }

    /// Offset past the escape at an offset. Counts a deviation unless RFC 8785 writes it just so.
    private mutating func endOfEscape(_ at: Int) throws(JSONError) -> Int {
        guard at + 1 < bytes.count else { throw JSONError(.unexpectedEnd(wanted: "an escape"), at: at + 1) }
        switch bytes[at + 1] {
        case Byte.quote, Byte.backslash, UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return at + 2
        case UInt8(ascii: "/"):
            deviations += 1
            return at + 2
        case UInt8(ascii: "u"):
            return try endOfHexEscape(at)
        default:
            throw JSONError(.unknownEscape, at: at)
        }
    }

    private mutating func endOfHexEscape(_ at: Int) throws(JSONError) -> Int {
        guard let unit = HexEscape.unit(at, in: bytes) else { throw JSONError(.unknownEscape, at: at) }
        switch unit {
        case 0xD800...0xDBFF:
            guard let low = HexEscape.unit(at + 6, in: bytes), low & 0xFC00 == 0xDC00 else {
                throw JSONError(.loneSurrogate, at: at)
            }
            deviations += 1
            return at + 12
        case 0xDC00...0xDFFF:
            throw JSONError(.loneSurrogate, at: at)
        case 0x08, 0x09, 0x0A, 0x0C, 0x0D:
            deviations += 1
        case 0...0x1F:
            // The last digit alone may be a letter here, and RFC 8785 wants it lower-case.
            if bytes[at + 5] < UInt8(ascii: "a"), bytes[at + 5] > Byte.nine { deviations += 1 }
        default:
            deviations += 1
        }
        return at + 6
    }

    /// Offset past the multi-byte character at an offset: table 3-7 of the Unicode standard.
    private func endOfScalar(_ at: Int) throws(JSONError) -> Int {
        let lead = bytes[at]
        let second = at + 1 < bytes.count ? bytes[at + 1] : 0
        let (length, allowed): (Int, ClosedRange<UInt8>)
        switch lead {
        case 0xC2...0xDF: (length, allowed) = (2, 0x80...0xBF)
        case 0xE0: (length, allowed) = (3, 0xA0...0xBF)
        case 0xED: (length, allowed) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, allowed) = (3, 0x80...0xBF)
        case 0xF0: (length, allowed) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, allowed) = (4, 0x80...0xBF)
        case 0xF4: (length, allowed) = (4, 0x80...0x8F)
        default: throw JSONError(.invalidUTF8, at: at)
        }
        guard allowed.contains(second), at + length <= bytes.count,
            length < 3 || bytes[at + 2] & 0xC0 == 0x80,
            length < 4 || bytes[at + 3] & 0xC0 == 0x80
        else { throw JSONError(.invalidUTF8, at: at) }
        return at + length
    }

    /// Parses an integer of at most 2^53 − 1 in absolute value; the cursor stands on its first byte.
    mutating func parseInteger(_ tape: inout Tape) throws(JSONError) {
        let start = cursor
        let isNegative = bytes[start] == Byte.minus
        if isNegative { cursor += 1 }
        let firstDigit = cursor
        var magnitude: UInt64 = 0
        while cursor < bytes.count, bytes[cursor] &- Byte.zero < 10 {
            magnitude = magnitude &* 10 &+ UInt64(bytes[cursor] &- Byte.zero)
            cursor += 1
        }
        let digitCount = cursor - firstDigit
        guard digitCount > 0 else { throw unexpected(wanted: "a digit") }
        guard digitCount == 1 || bytes[firstDigit] != Byte.zero else { throw JSONError(.leadingZero, at: firstDigit) }
        switch peek() {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): throw JSONError(.fraction, at: cursor)
        default: break
        }
        // 2^53 − 1 has 16 digits, and no number of 16 digits wraps around.
        guard digitCount <= 16, magnitude <= 1 << 53 - 1 else { throw JSONError(.integerTooLarge, at: start) }
        let isNegativeZero = isNegative && magnitude == 0
        if isNegativeZero { deviations += 1 }
        try append(
            TapeEntry(
                .integer, start: start, end: cursor, next: tape.count + 1,
                isCanonical: !isNegativeZero, isIrregular: false), &tape)
    }
}

/// A `\uXXXX` escape, read from its backslash.
enum HexEscape {
    /// The UTF-16 code unit; `nil` if no complete escape stands there.
    static func unit(_ at: Int, in bytes: Span<UInt8>) -> UInt32? {
        guard at + 6 <= bytes.count, bytes[at] == Byte.backslash, bytes[at + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt32 = 0
        for index in at + 2..<at + 6 {
            guard let digit = digit(bytes[index]) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case Byte.zero...Byte.nine: UInt32(byte - Byte.zero)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}

/// Plain text bytes, eight at a time: printable ASCII but for quotation mark and backslash.
enum PlainText {
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// How many of the eight bytes at an offset are plain before the first that is not.
    ///
    /// The zero-byte test is that of Mycroft and Lamport ("Hacker's Delight", section 6-1): exact for the
    /// lowest byte that it marks, and that one is all we ask for.
    @inline(__always)
    static func plainByteCount(ofEightAt at: Int, in bytes: Span<UInt8>) -> Int {
        let word = bytes.word(at: at)
        let quotes = word ^ (lowBits &* UInt64(Byte.quote))
        let backslashes = word ^ (lowBits &* UInt64(Byte.backslash))
        let special =
            (quotes &- lowBits) & ~quotes | (backslashes &- lowBits) & ~backslashes
            | (word &- lowBits &* 0x20) & ~word | word
        return (special & highBits).trailingZeroBitCount / 8
    }

    /// How many of the eight bytes at an offset stand before the first quotation mark or backslash.
    @inline(__always)
    static func unquotedByteCount(ofEightAt at: Int, in bytes: Span<UInt8>) -> Int {
        let word = bytes.word(at: at)
        let quotes = word ^ (lowBits &* UInt64(Byte.quote))
        let backslashes = word ^ (lowBits &* UInt64(Byte.backslash))
        let special = (quotes &- lowBits) & ~quotes | (backslashes &- lowBits) & ~backslashes
        return (special & highBits).trailingZeroBitCount / 8
    }
}
