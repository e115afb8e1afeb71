public import EventLog
public import EventModel
internal import RecordFormat

/// The log for projections: its events with their personal fields opened, in bulk.
///
/// A projection gets what its reader may see; what is erased comes as ``PersonalContent/erased(at:)``, so that a view
/// which is built again does not know the person any more.
public struct OpenedEvents: EventSource {
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

    public func waitForEvent(at position: Position, atMost time: Duration) async {
        await log.waitForEvent(at: position, atMost: time)
    }
}
