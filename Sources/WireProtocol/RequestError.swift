public import EventModel

/// Why a whole command is not a request. The connection goes on.
public enum RequestError: ExplainedError, Hashable {
    /// A name that no command has.
    case unknownCommand
    /// Arguments that do not follow the grammar. The problem names words and bounds, never a value that was sent.
    case syntax(CommandName, problem: String)
    /// A number of things past its bound.
    case pastLimit(what: String, count: Int, limit: Int)
    /// A stream name that is not allowed.
    case invalidName(InvalidName)
    /// `HELLO` with another number than 2 or 3.
    case unsupportedVersion
    /// `AUTH`, or `HELLO` with `AUTH`.
    case authentication

    public var code: ErrorCode {
        switch self {
        case .unknownCommand, .syntax: .syntax
        case .pastLimit: .limit
        case .invalidName(let error): error.code
        case .unsupportedVersion: .noProtocol
        case .authentication: .noAuth
        }
    }

    public var isRetryable: Bool { false }

    public var description: String {
        switch self {
        case .unknownCommand:
            "there is no command of this name. Nothing was done. Ask COMMAND LIST for the names, "
                + "and COMMAND DOCS name for the grammar of one."
        case .syntax(let command, let problem):
            "\(problem). Nothing was done. Write it as: \(command.doc.usage)"
        case .pastLimit(let what, let count, let limit):
            "there are \(count) \(what), and the limit is \(limit). Nothing was done. Send less at once."
        case .invalidName(let error): error.description
        case .unsupportedVersion:
            "this version of the protocol is not known. The connection goes on as before. Send HELLO 2 or HELLO 3."
        case .authentication:
            "authentication comes with the security release. Nothing was done, and the connection goes on. "
                + "Connect without AUTH."
        }
    }
}
