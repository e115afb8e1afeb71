/// A strictly parsed JSON document: RFC 8259 narrowed to I-JSON (RFC 7493) and to integers.
///
/// One pass over the bytes writes a flat tape; nothing is allocated per token. The document keeps the
/// bytes, so that what arrived canonical is handed on by copying a slice.
public struct JSONDocument: Sendable {
    let bytes: [UInt8]
    let tape: [TapeEntry]

    /// Bytes of a document when the caller names no limit: 1 MiB, the size of one request.
    public static let defaultByteCountMax = 1024 * 1024
    /// Levels of nested objects and lists when the caller names no limit.
    public static let defaultDepthMax = 32
    /// The deepest limit that a caller may ask for: writing recurses once per level.
    public static let depthMax = 512

    /// Parses exactly one JSON value, with whitespace around it at most.
    ///
    /// - Parameters:
    ///   - bytes: the document in UTF-8, without a byte order mark.
    ///   - maximumByteCount: longer documents are refused; at most 2^27 − 1 counts.
    ///   - maximumDepth: deeper nesting is refused; a lone scalar has depth 0; at most ``depthMax`` counts.
    /// - Throws: ``JSONError`` with the offset of the byte at fault. A duplicate name is found when its
    ///   object closes, so an error inside the object goes first.
    public init(
        parsing bytes: [UInt8], maximumByteCount: Int = JSONDocument.defaultByteCountMax,
        maximumDepth: Int = JSONDocument.defaultDepthMax
    ) throws(JSONError) {
        let limit = min(maximumByteCount, TapeEntry.documentByteCountMax)
        guard bytes.count <= limit else {
            throw JSONError(.tooLarge(byteCount: bytes.count, limit: limit), at: limit)
        }
        tape = try Parser.tape(of: bytes.span, depthMax: max(0, min(maximumDepth, Self.depthMax)))
        self.bytes = bytes
    }

    /// The value that the document is.
    public var root: JSONNode { JSONNode(self, at: 0) }

    /// The value that the document is, for a reader that does not outlive the document.
    public var cursor: JSONCursor {
        @_lifetime(borrow self) get { JSONCursor(bytes: bytes.span, tape: tape.span, at: 0) }
    }
}
