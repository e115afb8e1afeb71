/// The name of a stream, `<category>-<id>`: 1 to 128 bytes of `A–Z a–z 0–9 _ . ~ : -`.
///
/// The category ends at the first hyphen, so an id may hold further ones.
public struct StreamName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The whole name, category included.
    public let text: String

    /// Checks the name.
    ///
    /// - Throws: ``InvalidName`` when the length, a byte or the shape is not allowed.
    public init(_ text: String) throws(InvalidName) {
        try InvalidName.check(text, is: "stream name")
        let bytes = text.utf8
        guard let hyphen = bytes.firstIndex(of: UInt8(ascii: "-")), hyphen != bytes.startIndex,
            bytes.index(after: hyphen) != bytes.endIndex
        else { throw InvalidName(what: "stream name", problem: .noCategory) }
        self.text = text
    }

    /// Takes a name that was checked when it was recorded.
    package init(recorded text: String) { self.text = text }

    /// The part before the first hyphen, such as `account`.
    public var category: Substring {
        text.utf8.firstIndex(of: UInt8(ascii: "-")).map { text[..<$0] } ?? text[...]
    }

    /// The part after the first hyphen, such as `42`.
    public var id: Substring {
        text.utf8.firstIndex(of: UInt8(ascii: "-")).map { text[text.utf8.index(after: $0)...] } ?? ""
    }

    public var description: String { text }

    public static func < (left: StreamName, right: StreamName) -> Bool { left.text < right.text }
}

/// Why a name was refused. The name itself is never repeated, since it may be personal.
public struct InvalidName: ExplainedError, Hashable {
    /// What is wrong with the name.
    public enum Problem: Hashable, Sendable {
        case empty
        case tooLong(byteCount: Int)
        case forbiddenByte(UInt8, offset: Int)
        case noCategory
        case looksPersonal
    }

    /// What was named: "stream name", "id", or the field that holds it.
    public let what: String
    /// What is wrong with it.
    public let problem: Problem

    /// An error about the named thing.
    public init(what: String, problem: Problem) {
        self.what = what
        self.problem = problem
    }

    public var code: ErrorCode { .invalidEvent }

    public var description: String {
        let found =
            switch problem {
            case .empty: "is empty"
            case .tooLong(let count): "has \(count) bytes"
            case .forbiddenByte(let byte, let offset):
                "has the byte 0x\(String(byte, radix: 16)) at offset \(offset)"
            case .noCategory: "is not of the form <category>-<id>"
            case .looksPersonal: "looks like an e-mail address or a telephone number"
            }
        return "the \(what) \(found). Names are kept forever, so nothing was written. "
            + "Use a surrogate of 1 to \(Limits.nameByteCountMax) bytes of A-Z a-z 0-9 _ . ~ : - instead."
    }

    /// Checks length and bytes of a name or surrogate id.
    package static func check(_ text: String, is what: String) throws(InvalidName) {
        let bytes = text.utf8.span
        for offset in bytes.indices where !allowed(bytes[offset]) {
            throw InvalidName(what: what, problem: .forbiddenByte(bytes[offset], offset: offset))
        }
        guard bytes.count > 0 else { throw InvalidName(what: what, problem: .empty) }
        guard bytes.count <= Limits.nameByteCountMax else {
            throw InvalidName(what: what, problem: .tooLong(byteCount: bytes.count))
        }
    }

    private static func allowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: ":"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
