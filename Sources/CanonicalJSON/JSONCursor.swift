/// A value of a parsed document, read in place: nothing is retained, copied or allocated to move it.
///
/// It cannot outlive its document; what must be kept is a ``JSONNode``, or a ``JSONPlace`` of the same document.
public struct JSONCursor: ~Escapable {
    @usableFromInline let bytes: Span<UInt8>
    @usableFromInline let tape: Span<TapeEntry>
    @usableFromInline let index: Int

    @inlinable
    @_lifetime(copy bytes, copy tape)
    init(bytes: Span<UInt8>, tape: Span<TapeEntry>, at index: Int) {
        self.bytes = bytes
        self.tape = tape
        self.index = index
    }

    @inlinable
    var entry: TapeEntry { tape[index] }

    /// What this value is.
    @inlinable
    public var kind: JSONNode.Kind {
        switch entry.kind {
        case .object: .object
        case .array: .array
        case .text: .text
        case .integer: .integer
        case .yes, .no: .boolean
        default: .null
        }
    }

    /// Offset of its first byte in the bytes that were parsed.
    @inlinable
    public var byteOffset: Int { Int(entry.start) }

    /// Bytes that it takes up in the document.
    @inlinable
    public var byteCount: Int { Int(entry.end - entry.start) }

    /// Where in its document it stands.
    @inlinable
    public var place: JSONPlace { JSONPlace(index: UInt32(truncatingIfNeeded: index)) }

    /// The value at a place of the same document.
    @inlinable
    @_lifetime(copy self)
    public func value(at place: JSONPlace) -> JSONCursor {
        JSONCursor(bytes: bytes, tape: tape, at: Int(place.index))
    }

    /// The integer, at most 2^53 − 1 in absolute value; `nil` for any other kind.
    public var integer: Int64? {
        let entry = self.entry
        guard entry.kind == .integer else { return nil }
        let isNegative = bytes[Int(entry.start)] == Byte.minus
        var value: Int64 = 0
        for index in Int(entry.start) + (isNegative ? 1 : 0)..<Int(entry.end) {
            value = value &* 10 &+ Int64(bytes[index] &- Byte.zero)
        }
        return isNegative ? -value : value
    }

    /// True or false; `nil` for any other kind.
    @inlinable
    public var boolean: Bool? {
        switch entry.kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// Whether this is `null`.
    @inlinable
    public var isNull: Bool { entry.kind == .null }

    /// Members of an object or elements of a list; 0 for a scalar.
    @inlinable
    public var count: Int { entry.count }

    /// What stands directly inside an object or a list; nothing for a scalar.
    @inlinable
    public var inside: JSONWalk {
        @_lifetime(copy self) get {
            let entry = self.entry
            return JSONWalk(bytes: bytes, tape: tape, at: index + 1, end: entry.isContainer ? Int(entry.next) : 0)
        }
    }

    /// The member of an object by its name, compared byte by byte; `nil` if it has none, or is no object.
    ///
    /// A linear scan: whoever asks for many names uses ``JSONNames``.
    public subscript(name: String) -> JSONCursor? {
        @_lifetime(copy self) get {
            guard entry.kind == .object else { return nil }
            let wanted = name.utf8.span
            var walk = inside
            while let name = walk.next(), let value = walk.next() {
                if name.hasText(wanted) { return value }
            }
            return nil
        }
    }
}

/// Where in its document a value stands.
public struct JSONPlace: Hashable, Sendable {
    @usableFromInline let index: UInt32

    @inlinable
    init(index: UInt32) { self.index = index }

    /// The value that a document is; no member and no element stands there.
    @inlinable
    public static var root: JSONPlace { JSONPlace(index: 0) }
}

/// The values directly inside an object or a list, in document order: for an object name, value, name, value.
public struct JSONWalk: ~Escapable {
    @usableFromInline let bytes: Span<UInt8>
    @usableFromInline let tape: Span<TapeEntry>
    @usableFromInline var at: Int
    @usableFromInline let end: Int

    @inlinable
    @_lifetime(copy bytes, copy tape)
    init(bytes: Span<UInt8>, tape: Span<TapeEntry>, at: Int, end: Int) {
        self.bytes = bytes
        self.tape = tape
        self.at = at
        self.end = end
    }

    /// The next value; `nil` at the end.
    @inlinable
    @_lifetime(copy self)
    public mutating func next() -> JSONCursor? {
        guard at < end else { return nil }
        let cursor = JSONCursor(bytes: bytes, tape: tape, at: at)
        at = Int(tape[at].next)
        return cursor
    }
}
