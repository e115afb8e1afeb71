/// The codes that stand in front of an error on the wire, one per kind of refusal.
public enum ErrorCode: String, CaseIterable, Hashable, Sendable {
    case wrongRevision = "WRONGREVISION"
    case condition = "CONDITION"
    case duplicateID = "DUPLICATEID"
    case invalidEvent = "INVALIDEVENT"
    case unknownType = "UNKNOWNTYPE"
    case illegalTransition = "ILLEGALTRANSITION"
    case notFound = "NOTFOUND"
    case noAuth = "NOAUTH"
    case noPermission = "NOPERM"
    case noProtocol = "NOPROTO"
    case tooLarge = "TOOLARGE"
    case busy = "BUSY"
    case logFull = "LOGFULL"
    case logFailed = "LOGFAILED"
    case syntax = "SYNTAX"
    case limit = "LIMIT"
    case erased = "ERASED"
    case corrupt = "CORRUPT"
    case unavailable = "UNAVAILABLE"
}

/// An error that explains itself in three sentences: what happened, what it means, what to do.
///
/// The description never carries customer data: only names of fields, positions, revisions and counts.
public protocol ExplainedError: Error, Sendable, CustomStringConvertible {
    /// The code that stands for this error on the wire.
    var code: ErrorCode { get }
    /// Whether sending the same request again can succeed without any other change.
    var isRetryable: Bool { get }
}

extension ExplainedError {
    public var isRetryable: Bool { code == .busy }
}
