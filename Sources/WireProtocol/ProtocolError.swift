public import EventModel

/// Why bytes are not RESP, or are more of it than a connection may send. The connection is closed after it.
public enum ProtocolError: ExplainedError, Hashable {
    /// What a bound counts.
    public enum Bound: String, Hashable, Sendable {
        case frame = "bytes in one command"
        case firstFrame = "bytes in the first command of a connection"
        case inline = "bytes in one inline command"
        case argument = "bytes in one argument"
        case arguments = "arguments in one command"
        case reply = "bytes in one reply"
        case elements = "elements in one list of a reply"
        case depth = "nested lists in one reply"
    }

    /// A length that is not a plain decimal number, such as a negative one.
    case malformedLength
    /// An announced length or count past its bound. Nothing was buffered for it.
    case pastBound(Bound, limit: Int)
    /// An element of a command that is not a bulk string.
    case notABulkString
    /// Bytes of an element that do not end with CR LF where they should.
    case missingTerminator
    /// A control character in an inline command: the peer speaks another protocol, such as TLS.
    case notText
    /// Quotation marks that are not closed, or not followed by a space.
    case unbalancedQuotes
    /// The first word of a request in HTTP.
    case http
    /// A command that comes in more slowly than ``Pace`` allows.
    case tooSlow
    /// A reply of a kind that RESP does not have, or of the wrong form.
    case unknownKind

    public var code: ErrorCode {
        switch self {
        case .pastBound: .tooLarge
        case .tooSlow: .limit
        case .malformedLength, .notABulkString, .missingTerminator, .notText, .unbalancedQuotes, .http,
            .unknownKind:
            .syntax
        }
    }

    public var isRetryable: Bool { false }

    public var description: String {
        switch self {
        case .malformedLength:
            "a length or count is not a plain decimal number. " + Self.lost
                + "Send lengths as digits, such as $5 or *3."
        case .pastBound(.firstFrame, let limit):
            "the first command of the connection has more than \(limit) bytes. It was not read, and the connection is "
                + "closed. Send HELLO or PING first, and larger commands after it."
        case .pastBound(let bound, let limit):
            "there are more than \(limit) \(bound.rawValue). It was not read, and the connection is closed. "
                + "Send less at once."
        case .notABulkString:
            "an element of a command is not a bulk string. " + Self.lost
                + "Send commands as RESP arrays of bulk strings, as Redis clients do."
        case .missingTerminator:
            "an element does not end with CR LF where its length says. " + Self.lost
                + "Send lengths in bytes, not in characters."
        case .notText:
            "an inline command holds a control character. " + Self.lost
                + "Speak RESP without TLS here, or type commands as plain text."
        case .unbalancedQuotes:
            "the quotation marks of an inline command are not balanced. " + Self.lost
                + "Close each quotation mark, and put a space after it."
        case .http:
            "this is a request in HTTP. The port speaks RESP, and the connection is closed. "
                + "Use redis-cli or any Redis client."
        case .tooSlow:
            "a command comes in with less than \(Pace.byteCountPerTickMin) bytes a second. It was not read, and the "
                + "connection is closed. Send a command in one piece."
        case .unknownKind:
            "a reply is of a kind that RESP does not have. " + Self.lost + "Check that the peer is a Rapport server."
        }
    }

    private static let lost = "Where the next message begins is unknown, and the connection is closed. "
}
