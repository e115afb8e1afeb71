/// A JSON value to build and to write: integers only, objects in canonical order.
///
/// The log's bytes are made from ``JSONNode``, which copies nothing.
public enum JSON: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// Written as it is. Readers accept at most 2^53 − 1 in absolute value.
    case integer(Int64)
    case text(String)
    case array([JSON])
    case object(Members)

    /// Copies a parsed value.
    public init(_ node: JSONNode) {
        switch node.kind {
        case .null: self = .null
        case .boolean: self = .boolean(node.boolean ?? false)
        case .integer: self = .integer(node.integer ?? 0)
        case .text: self = .text(node.text ?? "")
        case .array: self = .array(node.elements.map { JSON($0) })
        case .object: self = .object(Members(node.members.lazy.map { (key: $0.name, value: JSON($0.value)) }))
        }
    }

    /// Parses strictly, with the limits that ``JSONDocument`` has by default.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        self.init(try JSONDocument(parsing: bytes).root)
    }

    /// A text, or null when there is none.
    public static func from(_ text: String?) -> JSON { text.map { .text($0) } ?? .null }
    /// An integer, or null when there is none.
    public static func from(_ integer: Int64?) -> JSON { integer.map { .integer($0) } ?? .null }
    /// An integer, or null when there is none.
    public static func from(_ integer: Int?) -> JSON { integer.map { .integer(Int64($0)) } ?? .null }
    /// A Boolean, or null when there is none.
    public static func from(_ boolean: Bool?) -> JSON { boolean.map { .boolean($0) } ?? .null }

    /// A member of an object; `nil` if it has none, or is no object.
    public subscript(name: String) -> JSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The text; `nil` for any other kind.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The integer; `nil` for any other kind.
    public var integer: Int64? { if case .integer(let integer) = self { integer } else { nil } }
    /// True or false; `nil` for any other kind.
    public var boolean: Bool? { if case .boolean(let boolean) = self { boolean } else { nil } }
    /// The elements of a list; `nil` for any other kind.
    public var elements: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Members(list: elements)) }
}
