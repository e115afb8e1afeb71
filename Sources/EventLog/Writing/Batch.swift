internal import EventModel
internal import RecordFormat

/// The requests of one commit, decided one after the other against log, index and this very batch.
///
/// Positions and recorded times are assigned here and nowhere else, as a pure function of ordered input.
struct Batch {
    /// The journal frame that is growing: room for its header, then the records.
    private(set) var frame = [UInt8](repeating: 0, count: JournalFrame.headerByteCount)
    /// Index keys of the events, and how many each has.
    private(set) var keys: [UInt64] = []
    private(set) var keyCounts: [UInt16] = []
    /// Newest revisions of the streams that the batch touched.
    private(set) var touched: [StreamMark: Revision] = [:]
    private var offsets: [UInt32] = []
    private var places: [UInt64: Int] = [:]
    private var staged: [(prepared: PreparedRequests, index: Int)] = []
    private let start: Position
    private let recorded: Timestamp
    private let history: History

    init(from start: Position, recorded: Timestamp, _ history: History) {
        self.start = start
        self.recorded = recorded
        self.history = history
    }

    var isEmpty: Bool { offsets.isEmpty }

    /// The position after the last event of the batch.
    var end: Position { Position(start.index + UInt64(offsets.count)) }

    /// The records as a run whose bytes are the frame, its header written.
    consuming func sealed() -> RecordRun {
        JournalFrame.seal(&frame, first: start, count: offsets.count)
        return RecordRun(first: start, in: frame, offsets: offsets)
    }

    /// Decides one request: stages its events, or refuses it as a whole.
    ///
    /// Ids are looked at before conditions and revisions, so that a retry returns its first receipt and never a
    /// conflict.
    mutating func decide(_ prepared: PreparedRequests, _ index: Int) throws(AppendError) -> [AppendReceipt] {
        if let refusal = prepared.places[index].refusal { throw refusal }
        let request = prepared.requests[index]
        if let receipts = try recordedReceipts(of: request, prepared, prepared.places[index]) { return receipts }
        if let condition = request.condition { try check(condition) }
        var heads: [StreamMark: Revision] = [:]
        var starts: [(mark: StreamMark, first: Revision)] = []
        var place = prepared.places[index].event
        var keyPlace = prepared.places[index].key
        for append in request.appends {
            let mark = StreamMark(key: prepared.keys[keyPlace + 1], name: append.stream)
            let head = if let staged = heads[mark] { staged } else { try revision(of: mark, append.stream) }
            guard append.expecting.isMet(by: head) else {
                throw .wrongExpectedRevision(append.stream, expected: append.expecting, actual: head)
            }
            let first = head?.next ?? .first
            starts.append((mark, first))
            guard request.appends.count > 1 else { break }
            heads[mark] = Revision(first.index + UInt64(append.events.count) - 1)
            for _ in append.events {
                keyPlace += Int(prepared.keyCounts[place])
                place += 1
            }
        }
        return stage(prepared, index, starts)
    }

    private mutating func stage(
        _ prepared: PreparedRequests, _ index: Int, _ starts: [(mark: StreamMark, first: Revision)]
    ) -> [AppendReceipt] {
        let (from, to) = (prepared.places[index], prepared.places[index + 1])
        var receipts: [AppendReceipt] = []
        receipts.reserveCapacity(starts.count)
        let base = frame.count - prepared.offsets[from.event]
        frame.append(contentsOf: prepared.records[prepared.offsets[from.event]..<prepared.offsets[to.event]])
        var place = from.event
        var keyPlace = from.key
        for (append, start) in zip(prepared.requests[index].appends, starts) {
            var revision = start.first
            for event in append.events {
                let offset = base + prepared.offsets[place]
                Record.complete(
                    &frame, at: offset, revision: revision, time: event.time ?? recorded, recorded: recorded)
                places[prepared.keys[keyPlace]] = offsets.count
                offsets.append(UInt32(offset))
                keyPlace += Int(prepared.keyCounts[place])
                place += 1
                revision = revision.next
            }
            let last = Revision(revision.index - 1)
            touched[start.mark] = last
            receipts.append(
                AppendReceipt(
                    stream: append.stream, position: Position(end.index - 1), revision: last, isDuplicate: false))
        }
        keys.append(contentsOf: prepared.keys[from.key..<to.key])
        keyCounts.append(contentsOf: prepared.keyCounts[from.event..<to.event])
        staged.append((prepared, index))
        return receipts
    }

    private func revision(of mark: StreamMark, _ stream: StreamName) throws(AppendError) -> Revision? {
        if let revision = touched[mark] { return revision }
        return try history.revision(of: mark, stream)
    }
}

// MARK: - What stands already

extension Batch {
    /// The receipts of a request whose events all stand already; `nil` if none does.
    private func recordedReceipts(
        of request: AppendRequest, _ prepared: PreparedRequests, _ start: PreparedRequests.Place
    ) throws(AppendError) -> [AppendReceipt]? {
        var isNew = false
        var receipts: [AppendReceipt] = []
        var firstKnown: Position?
        var ownKeys: Set<EventKey> = []
        let isSingle = request.appends.count == 1 && request.appends[0].events.count == 1
        var place = start.event
        var keyPlace = start.key
        for append in request.appends {
            var last: RecordedEvent?
            for event in append.events {
                let key = prepared.keys[keyPlace]
                keyPlace += Int(prepared.keyCounts[place])
                place += 1
                guard isSingle || ownKeys.insert(event.content.key).inserted else {
                    throw .duplicateID(firstAt: end)
                }
                guard let known = try self.event(with: event.content.key, key) else {
                    isNew = true
                    continue
                }
                guard known.isRecorded(event, in: append.stream) else { throw .duplicateID(firstAt: known.position) }
                firstKnown = firstKnown ?? known.position
                last = known
            }
            if let last {
                receipts.append(
                    AppendReceipt(
                        stream: append.stream, position: last.position, revision: last.revision, isDuplicate: true))
            }
        }
        guard let firstKnown else { return nil }
        guard !isNew else { throw .partlyRecorded(firstAt: firstKnown) }
        return receipts
    }

    private func event(with id: EventKey, _ key: UInt64) throws(AppendError) -> RecordedEvent? {
        if let place = places[key] {
            let event = try event(at: place)
            if event.content.key == id { return event }
        }
        return try history.event(with: id, key)
    }

    /// An event of this batch.
    private func event(at place: Int) throws(AppendError) -> RecordedEvent {
        let stop = place + 1 < offsets.count ? Int(offsets[place + 1]) : frame.count
        let bytes = frame.span.extracting(Int(offsets[place])..<stop)
        do throws(RecordError) {
            return try RecordView(bytes, at: Position(start.index + UInt64(place))).event()
        } catch {
            preconditionFailure("the batch reads back what it wrote: \(error)")
        }
    }

    /// Refuses where an event that matches stands past the condition's position, in the log or in this batch.
    private func check(_ condition: AppendCondition) throws(AppendError) {
        if let position = try history.firstMatch(of: condition) { throw .conditionFailed(at: position) }
        var position = start
        for (prepared, index) in staged {
            for append in prepared.requests[index].appends {
                for event in append.events {
                    if condition.after.map({ position > $0 }) ?? true,
                        condition.query.matches(event.content, in: append.stream, references: event.terms)
                    {
                        throw .conditionFailed(at: position)
                    }
                    position = position.next
                }
            }
        }
    }
}

extension RecordedEvent {
    /// Whether a proposal is this event sent again: equal in everything its producer decides.
    ///
    /// The actor is left out, since the server sets it, and the time where the retry sends none.
    func isRecorded(_ event: ProposedEvent, in stream: StreamName) -> Bool {
        var sent = event.content
        sent.actor = content.actor
        return sent == content && stream == self.stream && (event.time ?? time) == time
    }
}
