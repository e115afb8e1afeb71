public import EventLog
public import EventModel

/// The verbs of a log, embedded or behind a socket.
public protocol LogUnderTest: Sendable {
    /// Appends to several streams, all or none, unless a condition forbids it.
    func append(
        _ appends: [StreamAppend], unless condition: AppendCondition?
    ) async throws(AppendError) -> [AppendReceipt]
    /// Reads one page.
    func read(_ request: ReadRequest) async throws(ReadError) -> [RecordedEvent]
    /// How far a stream has come.
    func stream(_ name: StreamName) async throws(ReadError) -> StreamState?
    /// Reads one page of the whole log from a position on; waits for its first event, this long at most.
    func follow(from position: Position, count: Int, waitingMilliseconds: Int) async throws(ReadError)
        -> [RecordedEvent]
}

extension LogUnderTest {
    /// Appends to several streams, all or none.
    public func append(_ appends: [StreamAppend]) async throws(AppendError) -> [AppendReceipt] {
        try await append(appends, unless: nil)
    }

    /// Appends to one stream.
    @discardableResult
    public func append(
        _ events: [ProposedEvent], to stream: StreamName, expecting: ExpectedRevision = .any
    ) async throws(AppendError) -> AppendReceipt {
        let receipts = try await append([StreamAppend(events, to: stream, expecting: expecting)])
        guard let receipt = receipts.first else { throw .outcomeUnknown("no receipt came") }
        return receipt
    }

    /// Every event, page after page.
    public func everything(pageEventCount: Int = 1000) async throws(ReadError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let page = try await read(ReadRequest(.all, from: UInt64(events.count), count: pageEventCount))
            if page.isEmpty { return events }
            events += page
        }
    }
}

/// The log in this process.
public struct EmbeddedLog: LogUnderTest {
    private let log: EventLog

    /// The verbs of an open log.
    public init(_ log: EventLog) { self.log = log }

    public func append(
        _ appends: [StreamAppend], unless condition: AppendCondition?
    ) async throws(AppendError) -> [AppendReceipt] {
        try await log.append(appends, unless: condition)
    }

    public func read(_ request: ReadRequest) async throws(ReadError) -> [RecordedEvent] { try log.read(request) }

    public func stream(_ name: StreamName) async throws(ReadError) -> StreamState? { try log.stream(name) }

    public func follow(
        from position: Position, count: Int, waitingMilliseconds: Int
    ) async throws(ReadError) -> [RecordedEvent] {
        await log.waitForEvent(at: position, atMost: .milliseconds(waitingMilliseconds))
        return try log.events(from: position, count: count)
    }
}
