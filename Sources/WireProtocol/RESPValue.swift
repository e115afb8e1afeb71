public import EventModel

/// Which dialect of RESP a connection speaks. A connection begins in ``v2`` and changes with `HELLO`.
public enum RESPVersion: Int, Hashable, Sendable, CaseIterable {
    /// RESP2, which every Redis client knows.
    case v2 = 2
    /// RESP3, which adds maps, booleans and a null of its own.
    case v3 = 3
}

/// One value of the Redis serialization protocol, as Rapport sends and receives it.
///
/// The cases are what the server writes. A client may meet more kinds on the wire: ``RESPReader`` says which
/// case each of them becomes.
public indirect enum RESPValue: Hashable, Sendable {
    /// A short text without control characters, such as `OK`.
    case simple(String)
    /// A refusal: a code in capitals, and sentences.
    case error(code: String, message: String)
    /// A signed 64-bit number.
    case integer(Int64)
    /// Bytes of any kind.
    case bulk([UInt8])
    /// Nothing: not found, or timed out.
    case null
    /// A truth value; `:1` or `:0` in RESP2.
    case boolean(Bool)
    /// Values in order.
    case array([RESPValue])
    /// Pairs in order; a flat array in RESP2.
    case map([Entry])

    /// One pair of a map.
    public struct Entry: Hashable, Sendable {
        /// What it is called, a bulk string in all our maps.
        public let key: RESPValue
        /// What it holds.
        public let value: RESPValue

        /// A pair from its parts.
        public init(key: RESPValue, value: RESPValue) {
            self.key = key
            self.value = value
        }
    }
}

extension RESPValue {
    /// The answer to a command that has nothing to tell.
    public static let ok = RESPValue.simple("OK")

    /// A bulk string from a text.
    public static func text(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }

    /// A map whose keys are texts, in the order given.
    public static func fields(_ fields: KeyValuePairs<String, RESPValue>) -> RESPValue {
        .map(fields.map { Entry(key: .text($0.key), value: $0.value) })
    }

    /// The index of a position. An index past 2^63 − 1, which no log reaches, is cut to that.
    public static func position(_ position: Position) -> RESPValue { .integer(Int64(clamping: position.index)) }

    /// The index of a revision, with the bound of ``position(_:)``.
    public static func revision(_ revision: Revision) -> RESPValue { .integer(Int64(clamping: revision.index)) }

    /// The refusal that an error of ours becomes: its code, and its three sentences.
    public static func refusal(_ error: any ExplainedError) -> RESPValue {
        .error(code: error.code.rawValue, message: error.description)
    }
}

extension RESPValue {
    /// Whether this is a refusal.
    public var isError: Bool {
        if case .error = self { true } else { false }
    }

    /// The bytes of a bulk string or of a simple text; `nil` for any other case.
    public var bytes: [UInt8]? {
        switch self {
        case .bulk(let bytes): bytes
        case .simple(let text): Array(text.utf8)
        case .error, .integer, .null, .boolean, .array, .map: nil
        }
    }

    /// The text of a bulk string or of a simple text; `nil` for any other case and for bytes that are not UTF-8.
    public var text: String? {
        switch self {
        case .bulk(let bytes): String(validating: bytes, as: UTF8.self)
        case .simple(let text): text
        case .error, .integer, .null, .boolean, .array, .map: nil
        }
    }

    /// The number; `nil` for any other case.
    public var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The truth value, which RESP2 writes as `:1` or `:0`; `nil` for any other case.
    public var boolean: Bool? {
        switch self {
        case .boolean(let value): value
        case .integer(0): false
        case .integer(1): true
        case .simple, .error, .integer, .bulk, .null, .array, .map: nil
        }
    }

    /// The elements of an array; `nil` for any other case.
    public var elements: [RESPValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The pairs of a map, or of an array of even length, as RESP2 writes maps; `nil` for any other case.
    public var entries: [Entry]? {
        switch self {
        case .map(let entries): return entries
        case .array(let elements) where elements.count.isMultiple(of: 2):
            return stride(from: 0, to: elements.count, by: 2).map {
                Entry(key: elements[$0], value: elements[$0 + 1])
            }
        case .simple, .error, .integer, .bulk, .null, .boolean, .array: return nil
        }
    }

    /// The value of the first pair with this key; `nil` when there is none, or when this is no map.
    public subscript(name: String) -> RESPValue? {
        entries?.first { $0.key.text == name }?.value
    }
}
