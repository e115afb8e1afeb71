public import EventModel
internal import RecordFormat

/// The log as replays read it: everything, in order.
extension EventLog {
    public func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(count)
        guard position < end else { return [] }
        try store.forEach(from: position, atMost: count) { event, _ in
            events.append(event)
            return events.count < count
        }
        return events
    }

    /// Events of one stretch of many that replays read on all cores at once, at most.
    private static let stretchCountMax = 1024

    public func forEachEvent(
        from position: Position, count: Int, _ body: (borrowing EventView) -> Void
    ) throws(ReadError) {
        guard position < end, count > 0 else { return }
        var left = count
        var failure: ReadError?
        let isHelped = count > Self.stretchCountMax
        try store.forEachRecord(from: position, .forward, atMost: count, isHelped: isHelped) { record in
            do throws(RecordError) {
                body(try record.view(personal: record.hasSlots ? .sealed(purpose: record.slots()[0].purpose) : nil))
            } catch {
                failure = .corruptRecord(at: record.position, why: error.description)
            }
            left -= 1
            return left > 0 && failure == nil
        }
        if let failure { throw failure }
    }

    public var hasIndex: Bool { index != nil }
}
