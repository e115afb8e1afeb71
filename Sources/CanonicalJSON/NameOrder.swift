/// The order of member names in RFC 8785 section 3.2.3: by UTF-16 code units.
///
/// UTF-8 bytes sort by code point. The two orders differ in one place only: characters past U+FFFF are
/// surrogates in UTF-16 (0xD800–0xDFFF) and so stand before U+E000–U+FFFF. The lead bytes tell the two
/// groups apart, so no name is ever converted to UTF-16.
enum NameOrder {
    /// A byte's place in UTF-16 order: the lead bytes 0xEE and 0xEF (U+E000–U+FFFF) go behind 0xF0–0xF4.
    static func rank(_ byte: UInt8) -> UInt8 { byte & 0xFE == 0xEE ? byte | 0x10 : byte }

    /// Negative, zero or positive, for two texts of one document, escapes resolved.
    static func compare(_ left: TapeEntry, _ right: TapeEntry, in bytes: Span<UInt8>) -> Int {
        if left.isIrregular || right.isIrregular { return compareEscaped(left, right, in: bytes) }
        var (leftAt, rightAt) = (Int(left.start) + 1, Int(right.start) + 1)
        let (leftEnd, rightEnd) = (Int(left.end) - 1, Int(right.end) - 1)
        while leftAt < leftEnd, rightAt < rightEnd {
            let (leftByte, rightByte) = (bytes[leftAt], bytes[rightAt])
            if leftByte != rightByte { return Int(rank(leftByte)) - Int(rank(rightByte)) }
            leftAt += 1
            rightAt += 1
        }
        return (leftEnd - leftAt) - (rightEnd - rightAt)
    }

    private static func compareEscaped(_ left: TapeEntry, _ right: TapeEntry, in bytes: Span<UInt8>) -> Int {
        var leftBytes = UnescapedBytes(left, in: bytes)
        var rightBytes = UnescapedBytes(right, in: bytes)
        while true {
            switch (leftBytes.next(), rightBytes.next()) {
            case (nil, nil): return 0
            case (nil, _): return -1
            case (_, nil): return 1
            case (let leftByte?, let rightByte?):
                if leftByte != rightByte { return Int(rank(leftByte)) - Int(rank(rightByte)) }
            }
        }
    }

    /// Whether one name goes before another, for values that were never parsed.
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (leftBytes, rightBytes) = (left.utf8.span, right.utf8.span)
        let common = min(leftBytes.count, rightBytes.count)
        for index in 0..<common where leftBytes[index] != rightBytes[index] {
            return rank(leftBytes[index]) < rank(rightBytes[index])
        }
        return leftBytes.count < rightBytes.count
    }
}

/// The UTF-8 bytes that an escaped text means, one by one and without allocating.
///
/// Takes texts that the parser accepted; of anything else it makes replacement characters.
struct UnescapedBytes: ~Escapable {
    private let bytes: Span<UInt8>
    private var at: Int
    private let end: Int
    private var pending = UTF8.encode("\0")?.makeIterator()

    @_lifetime(copy bytes)
    init(_ entry: TapeEntry, in bytes: Span<UInt8>) {
        self.bytes = bytes
        at = Int(entry.start) + 1
        end = Int(entry.end) - 1
        pending = nil
    }

    mutating func next() -> UInt8? {
        if let byte = pending?.next() { return byte }
        pending = nil
        guard at < end else { return nil }
        let byte = bytes[at]
        guard byte == Byte.backslash else {
            at += 1
            return byte
        }
        let escape = bytes[at + 1]
        guard escape == UInt8(ascii: "u") else {
            at += 2
            return Self.shortEscape(escape)
        }
        pending = UTF8.encode(hexEscaped())?.makeIterator()
        return pending?.next()
    }

    private mutating func hexEscaped() -> Unicode.Scalar {
        var value = HexEscape.unit(at, in: bytes) ?? 0xFFFD
        at += 6
        if value & 0xFC00 == 0xD800, let low = HexEscape.unit(at, in: bytes) {
            value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
            at += 6
        }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private static func shortEscape(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: byte
        }
    }
}
