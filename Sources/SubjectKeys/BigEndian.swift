/// The pieces of which everything that is hashed or authenticated is made (VERIFIABILITY.md, section 3.1).
extension [UInt8] {
    /// Appends an integer, most significant byte first.
    mutating func appendBigEndian<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    /// Appends a `t16`: u16 byte length ‖ UTF-8 text.
    mutating func appendText16(_ text: String) {
        precondition(text.utf8.count <= Int(UInt16.max), "a text of the envelope or a path is checked before")
        appendBigEndian(UInt16(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}

/// Reads the same pieces; `nil` where they end too early.
struct BigEndianReader {
    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func integer<Number: FixedWidthInteger & UnsignedInteger>() -> Number? {
        guard let part = take(Number.bitWidth / 8) else { return nil }
        return part.reduce(0) { $0 << 8 | Number($1) }
    }

    mutating func text16() -> String? {
        guard let count = integer() as UInt16?, let part = take(Int(count)) else { return nil }
        return String(validating: part, as: UTF8.self)
    }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }
}
