/// A value of a parsed document that keeps its document alive. ``cursor`` reads without that price.
public struct JSONNode: Sendable {
    /// What a value can be. Numbers are integers only.
    public enum Kind: Hashable, Sendable {
        case object, array, text, integer, boolean, null
    }

    let document: JSONDocument
    let index: Int

    init(_ document: JSONDocument, at index: Int) {
        self.document = document
        self.index = index
    }

    /// The same value, for a reader that does not outlive this one.
    public var cursor: JSONCursor {
        @_lifetime(borrow self) get {
            JSONCursor(bytes: document.bytes.span, tape: document.tape.span, at: index)
        }
    }

    /// The value at a place of the same document.
    public func value(at place: JSONPlace) -> JSONNode { JSONNode(document, at: Int(place.index)) }

    /// What this value is.
    public var kind: Kind { cursor.kind }

    /// Offset of its first byte in the bytes that were parsed.
    public var byteOffset: Int { cursor.byteOffset }

    /// The text with its escapes resolved; `nil` for any other kind.
    public var text: String? { cursor.text }

    /// The integer, at most 2^53 − 1 in absolute value; `nil` for any other kind.
    public var integer: Int64? { cursor.integer }

    /// True or false; `nil` for any other kind.
    public var boolean: Bool? { cursor.boolean }

    /// Whether this is `null`.
    public var isNull: Bool { cursor.isNull }

    /// Members of an object or elements of a list; 0 for a scalar.
    public var count: Int { cursor.count }

    /// Whether this is a text of exactly these UTF-8 bytes. Allocates nothing.
    public func hasText(_ expected: String) -> Bool { cursor.hasText(expected) }
}
