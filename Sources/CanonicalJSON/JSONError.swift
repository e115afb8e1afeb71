/// Why bytes were refused as strict JSON, and where.
///
/// The description names offsets, counts and allowed forms, never what the document says.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// Nothing, or nothing but whitespace.
        case empty
        /// More bytes than allowed; the offset is that of the first byte too many.
        case tooLarge(byteCount: Int, limit: Int)
        /// An opening bracket one level past the limit.
        case tooDeep(limit: Int)
        /// The second of two names of one object that are equal once unescaped.
        case duplicateName
        /// The first byte of a sequence that is no UTF-8: overlong, a surrogate, past U+10FFFF, cut off.
        case invalidUTF8
        /// A `\uD800`–`\uDFFF` escape without its other half.
        case loneSurrogate
        /// A byte below 0x20 inside a text.
        case controlCharacter
        /// A backslash before something that RFC 8259 does not name.
        case unknownEscape
        /// A decimal point or an exponent.
        case fraction
        /// An integer past 2^53 − 1 in absolute value.
        case integerTooLarge
        /// A zero before further digits.
        case leadingZero
        /// Another byte than the grammar wants here.
        case unexpectedByte(UInt8, wanted: String)
        /// The document stops in the middle.
        case unexpectedEnd(wanted: String)
        /// Something other than whitespace after the document.
        case trailingBytes
    }

    /// What is wrong.
    public let problem: Problem
    /// The index of the byte at fault, counted from 0.
    public let offset: Int

    /// An error at an offset.
    public init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// What is wrong and where, for a sentence of somebody else's.
    public var finding: String { "\(explanation.found) at byte \(offset)" }

    public var description: String {
        "\(finding). The document was not read, because it has no single meaning or no "
            + "canonical form. \(explanation.advice)."
    }

    private var explanation: (found: String, advice: String) {
        switch problem {
        case .empty:
            ("the document is empty", "Send one JSON value")
        case .tooLarge(let byteCount, let limit):
            ("the document has \(byteCount) bytes and the limit is \(limit)", "Send less at once")
        case .tooDeep(let limit):
            ("objects and lists are nested deeper than \(limit) levels", "Flatten the document")
        case .duplicateName:
            ("an object has the same member name twice, the second", "Send each member once")
        case .invalidUTF8:
            ("a text is not valid UTF-8", "Encode texts as UTF-8 without surrogates and without overlong forms")
        case .loneSurrogate:
            ("a \\u escape is half of a surrogate pair", "Send both halves, or the character itself")
        case .controlCharacter:
            ("a text holds a raw control character", "Escape it as \\n, \\t or \\u00xx")
        case .unknownEscape:
            ("an unknown escape stands in a text", "Use \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u with four hex digits")
        case .fraction:
            ("a number has a decimal point or an exponent", "Scale it to an integer, such as cents or thousandths")
        case .integerTooLarge:
            ("an integer is past 9007199254740991 in absolute value", "Send it as a text, or in a larger unit")
        case .leadingZero:
            ("a number begins with a zero before other digits", "Write it without leading zeros")
        case .unexpectedByte(let byte, let wanted):
            ("the byte 0x\(String(byte, radix: 16)) stands where \(wanted) was wanted", "Correct the document there")
        case .unexpectedEnd(let wanted):
            ("the document ends where \(wanted) was wanted", "Send the whole document")
        case .trailingBytes:
            ("something follows after the end of the document", "Send exactly one JSON value")
        }
    }
}
