/// One token of a parsed document: 16 bytes, so that a document is one flat array.
///
/// The tape holds the tokens in document order. An object is its own entry, then a name and a value for
/// each member; a list is its own entry, then its elements. `next` jumps over a whole value.
@usableFromInline
struct TapeEntry: Sendable {
    /// Offset of the token's first byte.
    @usableFromInline var start: UInt32
    /// Offset past the token's last byte.
    @usableFromInline var end: UInt32
    /// Index of the entry after this value and everything inside it.
    @usableFromInline var next: UInt32
    /// Bits 0–2 the kind, 3 canonical, 4 escapes or unsorted names, 5–31 the number of members or elements.
    @usableFromInline var tag: UInt32

    /// The largest document whose offsets and counts fit, in bytes.
    static let documentByteCountMax = 1 << 27 - 1

    private static let canonicalBit: UInt32 = 1 << 3

    @inline(__always)
    init(_ kind: TapeKind, start: Int, end: Int, next: Int, count: Int = 0, isCanonical: Bool, isIrregular: Bool) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
        tag =
            kind.rawValue | (isCanonical ? Self.canonicalBit : 0) | (isIrregular ? 1 << 4 : 0)
            | UInt32(truncatingIfNeeded: count) << 5
    }

    /// What the token is.
    @inlinable
    var kind: TapeKind { TapeKind(rawValue: tag & 7) }
    /// Whether the bytes from `start` to `end` are the canonical form already.
    var isCanonical: Bool { tag & Self.canonicalBit != 0 }
    /// Whether a text holds escapes; whether the names of an object are not in canonical order.
    @inlinable
    var isIrregular: Bool { tag & (1 << 4) != 0 }
    /// Whether other values stand inside.
    @inlinable
    var isContainer: Bool { tag & 7 <= 1 }
    /// Members of an object, elements of a list.
    @inlinable
    var count: Int { Int(tag >> 5) }
}

/// The kinds of token; true and false apart, so that a Boolean needs no look at the bytes.
@usableFromInline
struct TapeKind: Equatable, Sendable {
    @usableFromInline let rawValue: UInt32

    @inlinable
    init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable static var object: TapeKind { TapeKind(rawValue: 0) }
    @inlinable static var array: TapeKind { TapeKind(rawValue: 1) }
    @inlinable static var text: TapeKind { TapeKind(rawValue: 2) }
    @inlinable static var integer: TapeKind { TapeKind(rawValue: 3) }
    @inlinable static var yes: TapeKind { TapeKind(rawValue: 4) }
    @inlinable static var no: TapeKind { TapeKind(rawValue: 5) }
    @inlinable static var null: TapeKind { TapeKind(rawValue: 6) }
}

/// The bytes of the grammar by name.
enum Byte {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let braceOpen = UInt8(ascii: "{")
    static let braceClose = UInt8(ascii: "}")
    static let bracketOpen = UInt8(ascii: "[")
    static let bracketClose = UInt8(ascii: "]")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let minus = UInt8(ascii: "-")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")
}
