/// Which events a read, a follow or a condition means: items joined by OR.
public struct EventQuery: Hashable, Sendable {
    /// Types (any of them) and terms (all of them). An empty list does not restrict.
    public struct Item: Hashable, Sendable {
        /// Catalog names; the event has one of them.
        public var types: [String]
        /// Index terms such as `account:42`; the event has all of them.
        public var terms: [String]

        /// An item from its lists.
        public init(types: [String] = [], terms: [String] = []) {
            self.types = types
            self.terms = terms
        }
    }

    /// At least one item.
    public var items: [Item]

    /// A query from its items.
    public init(_ items: [Item]) { self.items = items }
}

/// What to read.
public enum ReadSelection: Hashable, Sendable {
    /// The whole log, by position.
    case all
    /// One stream, by revision.
    case stream(StreamName)
    /// What matches, by position.
    case query(EventQuery)
}

/// Which way to read.
public enum ReadDirection: Hashable, Sendable {
    case forward, backward
}

/// A stretch of time: `from` includes, `until` excludes; an absent bound does not restrict.
public struct TimeRange: Hashable, Sendable {
    /// The first moment inside.
    public var from: Timestamp?
    /// The first moment past it.
    public var until: Timestamp?

    /// All of time.
    public static let always = TimeRange()

    /// A range from its bounds.
    public init(from: Timestamp? = nil, until: Timestamp? = nil) {
        self.from = from
        self.until = until
    }

    /// Whether a moment lies inside.
    public func contains(_ moment: Timestamp) -> Bool {
        from.map { moment >= $0 } ?? true && until.map { moment < $0 } ?? true
    }
}

/// One page to read. `from` includes: a position, or a revision when one stream is read.
public struct ReadRequest: Hashable, Sendable {
    /// What to read.
    public var selection: ReadSelection
    /// The first index to return; by default the oldest forward, the newest backward.
    public var from: UInt64?
    /// Events at most, 1 to ``Limits/pageEventCountMax``.
    public var count: Int
    /// Which way.
    public var direction: ReadDirection
    /// When the events were written, by the server's clock.
    public var recorded = TimeRange.always
    /// When the events happened, as their producers say.
    public var time = TimeRange.always

    /// A request from its parts.
    public init(
        _ selection: ReadSelection, from: UInt64? = nil, count: Int = 100,
        direction: ReadDirection = .forward
    ) {
        self.selection = selection
        self.from = from
        self.count = count
        self.direction = direction
    }
}

/// What is known of a stream.
public struct StreamState: Hashable, Sendable {
    /// Revision of its newest event.
    public let revision: Revision
    /// Position of its first event.
    public let first: Position
    /// Position of its newest event.
    public let last: Position

    /// A state from its parts.
    public init(revision: Revision, first: Position, last: Position) {
        self.revision = revision
        self.first = first
        self.last = last
    }
}

/// Why events could not be read.
public enum ReadError: ExplainedError, Hashable {
    /// The stored bytes do not pass their checksum or their form.
    case corruptRecord(at: Position, why: String)
    /// The storage engine answered with an error of its own.
    case storage(String)
    /// The server's own words, when they arrive over a socket.
    case refused(ErrorCode, String)
    /// The connection is gone, or the answer was not understood.
    case connection(String)

    public var code: ErrorCode {
        switch self {
        case .corruptRecord: .corrupt
        case .storage: .logFailed
        case .refused(let code, _): code
        case .connection: .unavailable
        }
    }

    public var description: String {
        switch self {
        case .corruptRecord(let position, let why):
            "the record at position \(position) is damaged: \(why). It was not served, because it is not what "
                + "was written. "
                + "Run 'rapport-replay audit' and restore the log from a backup."
        case .storage(let why):
            "the storage engine answered: \(why). Nothing was read. Check the disk and the data directory's "
                + "permissions."
        case .refused(_, let sentences): sentences
        case .connection(let why):
            "\(why). Nothing was read. Connect again and repeat the request."
        }
    }
}

/// Anything that hands out the log in order: the embedded log is one.
public protocol EventSource: Sendable {
    /// Which log it is: 32 hexadecimal digits, drawn when the log was made and the same in every copy. What is derived
    /// from a log carries it, and is not believed beside another log.
    var identity: String { get }

    /// The position that the next event will get; 0 for an empty log.
    var end: Position { get }

    /// The events from a position on, in order, at most `count`; fewer only at the end of the log.
    func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent]

    /// Lends the events from a position on, in order, at most `count`; fewer only at the end of the log.
    func forEachEvent(
        from position: Position, count: Int, _ body: (borrowing EventView) -> Void
    ) throws(ReadError)

    /// Whether it finds the events of a stream without looking at all events.
    var hasIndex: Bool { get }

    /// The position of a stream's first event; `nil` for a stream without any.
    func firstPosition(of stream: StreamName) throws(ReadError) -> Position?

    /// Returns when the log has an event at the position, the time ran out, or the task was cancelled.
    func waitForEvent(at position: Position, atMost time: Duration) async
}
