internal import EventModel
internal import RecordFormat

/// Events that are decided and not yet part of the log, as requests behind them see them.
///
/// They are those of the batch that takes requests, and those of the one before it while the disk writes it.
struct StagedEvents {
    /// Position of the first.
    let start: Position
    /// The journal frame that is growing: room for its header, then the records.
    private(set) var frame = [UInt8](repeating: 0, count: JournalFrame.headerByteCount)
    /// Index keys of the events, and how many each has.
    private(set) var keys: [UInt64] = []
    private(set) var keyCounts: [UInt16] = []
    /// Newest revisions of the streams that were touched; `nil` for one that got no event after all.
    var touched: KeyTable<UInt64?>
    /// How far the streams have come whose lifecycle was asked about.
    var courses: [StreamMark: StreamCourse] = [:]
    private var offsets: [UInt32] = []
    /// The newest event with an id's key.
    private var places: KeyTable<Int>
    /// When the newest of them is recorded; `nil` if there is none.
    private(set) var recorded: Timestamp?

    /// None yet, with room for about so many bytes and events.
    init(from start: Position, expecting byteCount: Int, eventCount: Int) {
        self.start = start
        frame.reserveCapacity(frame.count + byteCount)
        offsets.reserveCapacity(eventCount + 1)
        keyCounts.reserveCapacity(eventCount)
        keys.reserveCapacity(8 * eventCount)
        touched = KeyTable(expecting: eventCount)
        places = KeyTable(expecting: eventCount)
    }

    var count: Int { offsets.count }
    var isEmpty: Bool { offsets.isEmpty }
    /// The position after the last event.
    var end: Position { position(of: count) }

    /// Takes over the records and keys of a request; its revisions and the time of recording are set with
    /// ``complete(_:recorded:)``, one event after the other.
    mutating func append(
        _ prepared: borrowing PreparedRequests, _ from: PreparedRequests.Request, _ to: PreparedRequests.Request
    ) {
        let records = prepared.recordRange(of: from.firstEvent..<to.firstEvent)
        let base = frame.count - records.lowerBound
        frame.append(contentsOf: prepared.records[records])
        var key = from.firstKey
        for event in from.firstEvent..<to.firstEvent {
            places.set(offsets.count, prepared.keys[key], 0)
            offsets.append(UInt32(base + prepared.offsets[event]))
            key += Int(prepared.keyCounts[event])
        }
        keys.append(contentsOf: prepared.keys[from.firstKey..<to.firstKey])
        keyCounts.append(contentsOf: prepared.keyCounts[from.firstEvent..<to.firstEvent])
    }

    /// Sets what the writer decides about an event.
    mutating func complete(_ place: Int, revision: Revision, recorded: Timestamp) {
        Record.complete(&frame, at: Int(offsets[place]), revision: revision, recorded: recorded)
        self.recorded = recorded
    }

    /// The events as a run whose bytes are the frame, its header written. Nothing is added behind it.
    mutating func sealed(of log: String) -> RecordRun {
        JournalFrame.seal(&frame, first: start, count: count, of: log)
        // A frame that turned out much smaller than was expected stays in memory until it is sealed.
        if frame.capacity > 2 * frame.count { frame = Array(frame[...]) }
        return RecordRun(first: start, in: frame, offsets: offsets)
    }
}

// MARK: - Looking at them

extension StagedEvents {
    /// The event here that holds the id of a prepared one.
    func known(
        _ key: UInt64, _ prepared: borrowing PreparedRequests, _ event: Int,
        tags: (borrowing RecordView) -> [[UInt8]?]
    ) -> Known? {
        guard let place = places[key, 0] else { return nil }
        let bytes = frame.span.extracting(recordRange(at: place))
        return prepared.compare(event, with: bytes, at: position(of: place), tags: tags)
    }

    /// Takes a stream's events into its state.
    func advance(_ state: inout LifecycleState, of mark: StreamMark, _ name: StreamName, _ history: History) {
        guard case .some(.some) = touched[mark.key, mark.check] else { return }
        var key = 0
        for place in offsets.indices {
            // The second key of an event is its stream's.
            if keys[key + 1] == mark.key {
                withRecord(at: place) { if $0.has(.stream, name.text) { history.advance(&state, by: $0) } }
            }
            key += Int(keyCounts[place])
        }
    }

    /// The event at a position.
    func event(at position: Position) -> RecordedEvent {
        withRecord(at: Int(position.index - start.index)) { record throws(RecordError) in try record.event() }
    }

    /// Where the record of an event stands in the frame.
    private func recordRange(at place: Int) -> Range<Int> {
        Int(offsets[place])..<(place + 1 < offsets.count ? Int(offsets[place + 1]) : frame.count)
    }

    private func position(of place: Int) -> Position { Position(start.index + UInt64(place)) }

    private func withRecord<Result>(
        at place: Int, _ body: (borrowing RecordView) throws(RecordError) -> Result
    ) -> Result {
        let bytes = frame.span.extracting(recordRange(at: place))
        do throws(RecordError) {
            return try body(RecordView(bytes, at: position(of: place)))
        } catch {
            preconditionFailure("the batch reads back what it wrote: \(error)")
        }
    }
}
