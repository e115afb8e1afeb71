/// What a writer believes about a stream at the moment it appends. Wire words in brackets.
public enum ExpectedRevision: Hashable, Sendable {
    /// Anything (`any`).
    case any
    /// That the stream has no event yet (`none`).
    case noStream
    /// That the stream has at least one event (`exists`).
    case streamExists
    /// That the newest event has exactly this revision (a number).
    case exactly(Revision)

    /// Reads a wire word; `nil` for anything else.
    public init?(_ word: String) {
        switch word {
        case "any": self = .any
        case "none": self = .noStream
        case "exists": self = .streamExists
        default:
            guard let index = UInt64(word), String(index) == word else { return nil }
            self = .exactly(Revision(index))
        }
    }

    /// The wire word.
    public var word: String {
        switch self {
        case .any: "any"
        case .noStream: "none"
        case .streamExists: "exists"
        case .exactly(let revision): revision.description
        }
    }

    /// Whether a stream whose newest event has this revision meets the expectation.
    public func isMet(by actual: Revision?) -> Bool {
        switch self {
        case .any: true
        case .noStream: actual == nil
        case .streamExists: actual != nil
        case .exactly(let revision): actual == revision
        }
    }
}

/// Events for one stream, to be appended together.
public struct StreamAppend: Hashable, Sendable {
    /// The stream.
    public var stream: StreamName
    /// What the writer believes about it.
    public var expecting: ExpectedRevision
    /// One event or more.
    public var events: [ProposedEvent]

    /// An append from its parts. `expecting` has no default: a concurrency decision is always visible.
    public init(_ events: [ProposedEvent], to stream: StreamName, expecting: ExpectedRevision) {
        self.events = events
        self.stream = stream
        self.expecting = expecting
    }
}

/// A dynamic consistency boundary: the append is refused if an event that matches stands past a position.
///
/// Decide from what a query returned, then append unless something new matches it (dcb.events).
public struct AppendCondition: Hashable, Sendable {
    /// Which events would change the decision.
    public var query: EventQuery
    /// The newest position that the decision knows; `nil` if no matching event may stand at all.
    public var after: Position?

    /// A condition from its parts.
    public init(unless query: EventQuery, after: Position? = nil) {
        self.query = query
        self.after = after
    }
}

/// What an append recorded in one stream, or had recorded before.
public struct AppendReceipt: Hashable, Sendable {
    /// The stream.
    public let stream: StreamName
    /// Position of the last event of this append.
    public let position: Position
    /// Revision of the last event of this append.
    public let revision: Revision
    /// Whether the events were there already, with the same content.
    public let isDuplicate: Bool

    /// A receipt from its parts.
    public init(stream: StreamName, position: Position, revision: Revision, isDuplicate: Bool) {
        self.stream = stream
        self.position = position
        self.revision = revision
        self.isDuplicate = isDuplicate
    }
}

/// Why an append was not confirmed. Only ``outcomeUnknown(_:)`` may have written anything.
public enum AppendError: ExplainedError, Hashable {
    case wrongExpectedRevision(StreamName, expected: ExpectedRevision, actual: Revision?)
    /// The stream's lifecycle does not allow an event where the stream stands.
    case illegalTransition(StreamName, IllegalTransition)
    /// An event that matches the request's ``AppendCondition`` stands past its position.
    case conditionFailed(at: Position)
    /// Same source and id, other content.
    case duplicateID(firstAt: Position)
    /// Two events of one request with the same source and id.
    case repeatedID
    /// A request partly there already and partly new: never what a retry sends.
    case partlyRecorded(firstAt: Position)
    case empty
    case tooLarge(what: String, count: Int, limit: Int)
    case tooManyTerms(count: Int)
    case busy(pendingByteCount: Int)
    /// The conditions before it took the steps through the index that those of one commit share.
    case conditionsBusy
    case logFull(byteCount: Int)
    /// Too little of the disk is left free.
    case diskFull(freeByteCount: Int, reserveByteCount: Int)
    case logFailed
    /// A failed sync or a lost connection. Retry the same ids: a duplicate is recognised.
    case outcomeUnknown(String)
    /// The server's own words, when they arrive over a socket.
    case refused(ErrorCode, String)

    public var code: ErrorCode {
        switch self {
        case .wrongExpectedRevision: .wrongRevision
        case .illegalTransition: .illegalTransition
        case .conditionFailed: .condition
        case .duplicateID, .repeatedID, .partlyRecorded: .duplicateID
        case .empty: .syntax
        case .tooLarge: .tooLarge
        case .tooManyTerms: .limit
        case .busy, .conditionsBusy: .busy
        case .logFull, .diskFull: .logFull
        case .logFailed: .logFailed
        case .outcomeUnknown: .unavailable
        case .refused(let code, _): code
        }
    }

    public var isRetryable: Bool {
        switch self {
        case .busy, .conditionsBusy, .outcomeUnknown: true
        case .refused(let code, _): code == .busy
        default: false
        }
    }

    public var description: String {
        switch self {
        case .wrongExpectedRevision(let stream, let expected, let actual):
            let state = actual.map { "is at revision \($0)" } ?? "has no event"
            return "stream '\(stream)' \(state), and the request expected \(expected.word). "
                + "Nothing was written. Read the stream, decide again, and append with what you found."
        case .illegalTransition(let stream, let transition):
            return "stream '\(stream)' is in state '\(transition.state)', where \(transition.attempted) is not legal. "
                + "Nothing was written. \(transition.advice)"
        case .conditionFailed(let position):
            return "the event at position \(position) matches the request's UNLESS query. "
                + "Nothing was written. Run the query again, decide anew, and append after the newest position found."
        case .duplicateID(let position):
            return "an event with the same source and id and other content stands at position \(position). "
                + "Nothing was written. Give a new event an id of its own."
        case .repeatedID:
            return "two events of the request have the same source and id. Nothing was written. "
                + "Give each event an id of its own."
        case .partlyRecorded(let position):
            return
                "some events of the request are recorded already, the first at position \(position), and some are not. "
                + "Nothing was written. Send a retry exactly as the first time, and new events in a request of "
                + "their own."
        case .empty:
            return "the request holds no event. Nothing was written. Send at least one event."
        case .tooLarge(let what, let count, let limit):
            return "\(what): \(count), and the limit is \(limit). Nothing was written. Send less at once."
        case .tooManyTerms(let count):
            return "an event has \(count) index terms, and the limit is \(Limits.termCountMax). "
                + "Nothing was written. Split the references over several events."
        case .busy(let count):
            return "\(count) bytes of appends are waiting for the disk. Nothing was written. "
                + "Wait a moment and send the same request again."
        case .conditionsBusy:
            return "the UNLESS conditions of other appends took the steps through the index that those of one commit "
                + "share. Nothing was written. Wait a moment and send the same request again."
        case .logFull(let count):
            return "the log has used all \(count) bytes that it may use. Nothing was written, reading goes on. "
                + "Start the server with a larger --max-log-bytes, then send the same request again."
        case .diskFull(let free, let reserve):
            return "the log's disk has \(free) bytes free, and \(reserve) have to stay free. "
                + "Nothing was written, reading goes on. Make room on the disk, then send the same request again."
        case .logFailed:
            return "the log stopped after a failed write or sync. Nothing was written since, reading goes on. "
                + "Find the disk's error in the server's log, restart the server, and send the same request again."
        case .outcomeUnknown(let why):
            return "\(why). The events may or may not have been written. "
                + "Send the same request with the same ids again: what is there already is recognised."
        case .refused(_, let sentences): return sentences
        }
    }
}
