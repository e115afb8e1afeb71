/// A value of a parsed document: a cursor that is cheap to copy and keeps its document alive.
public struct JSONNode: Sendable {
    /// What a value can be. Numbers are integers only.
    public enum Kind: Hashable, Sendable {
        case object, array, text, integer, boolean, null
    }

    let storage: TapeStorage
    let index: Int

    init(_ storage: TapeStorage, at index: Int) {
        self.storage = storage
        self.index = index
    }

    var entry: TapeEntry { storage.tape[index] }

    /// What this value is.
    public var kind: Kind {
        switch entry.kind {
        case .object: .object
        case .array: .array
        case .text: .text
        case .integer: .integer
        case .yes, .no: .boolean
        case .null: .null
        }
    }

    /// Offset of its first byte in the bytes that were parsed.
    public var byteOffset: Int { Int(entry.start) }

    /// The text with its escapes resolved; `nil` for any other kind.
    public var text: String? {
        let entry = self.entry
        guard entry.kind == .text else { return nil }
        guard entry.isIrregular else {
            return String(decoding: storage.bytes[Int(entry.start) + 1..<Int(entry.end) - 1], as: UTF8.self)
        }
        return String(
            decoding: CanonicalWriter(source: storage.bytes, tape: []).unescapedBytes(of: entry), as: UTF8.self)
    }

    /// The integer, at most 2^53 − 1 in absolute value; `nil` for any other kind.
    public var integer: Int64? {
        let entry = self.entry
        guard entry.kind == .integer else { return nil }
        let bytes = storage.bytes
        let isNegative = bytes[Int(entry.start)] == Byte.minus
        var value: Int64 = 0
        for index in Int(entry.start) + (isNegative ? 1 : 0)..<Int(entry.end) {
            value = value &* 10 &+ Int64(bytes[index] &- Byte.zero)
        }
        return isNegative ? -value : value
    }

    /// True or false; `nil` for any other kind.
    public var boolean: Bool? {
        switch entry.kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// Whether this is `null`.
    public var isNull: Bool { entry.kind == .null }

    /// Members of an object or elements of a list; 0 for a scalar.
    public var count: Int { entry.count }

    /// Whether this is a text of exactly these UTF-8 bytes. Allocates nothing.
    public func hasText(_ expected: String) -> Bool {
        let entry = self.entry
        let bytes = storage.bytes
        return entry.kind == .text && NameOrder.isEqual(entry, in: bytes.span, to: expected)
    }
}
