public import EventLog
public import EventModel
internal import RecordFormat

/// The log for views: its events with their personal fields opened when a question asks for one.
///
/// Folds see them sealed, so rows never hold what they say and a view needs no key to follow the log. What is erased
/// comes as ``PersonalContent/erased(at:)``, at every position.
public struct OpenedEvents: IndexedEventSource {
    private let log: EventLog
    private let reader: PersonalReader

    /// The events of a log as a reader sees them.
    public init(_ log: EventLog, _ reader: PersonalReader) {
        self.log = log
        self.reader = reader
    }

    public var identity: String { log.identity }
    public var end: Position { log.end }

    public func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(count)
        guard position < end else { return [] }
        var failure: ReadError?
        try log.forEachRecord(from: position) { record in
            do {
                var event = try record.event()
                if record.hasSlots { event.personal = try reader.readings(of: record) }
                events.append(event)
            } catch let error as ReadError {
                failure = error
            } catch {
                failure = .corruptRecord(at: record.position, why: "\(error)")
            }
            return failure == nil && events.count < count
        }
        if let failure, events.isEmpty { throw failure }
        return events
    }

    public func forEachEvent(
        from position: Position, count: Int, _ body: (borrowing EventView) -> Void
    ) throws(ReadError) {
        try log.forEachEvent(from: position, count: count, body)
    }

    public var hasIndex: Bool { log.hasIndex }

    public func positions(
        of streams: [StreamName], matching items: [EventQuery.Item], before end: Position
    ) throws(ReadError) -> [Position] {
        try log.positions(of: streams, matching: items, before: end)
    }

    public func forEachEvent(at positions: [Position], _ body: (borrowing EventView) -> Void) throws(ReadError) {
        try log.forEachEvent(at: positions, body)
    }

    public func firstPosition(of stream: StreamName) throws(ReadError) -> Position? {
        try log.firstPosition(of: stream)
    }

    public func waitForEvent(at position: Position, atMost time: Duration) async {
        await log.waitForEvent(at: position, atMost: time)
    }
}
