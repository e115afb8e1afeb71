internal import EventModel
internal import LMDB
internal import RecordFormat

/// The requests of one commit, decided one after the other against log, index and this very batch.
///
/// Positions and recorded times are assigned here and nowhere else, as a pure function of ordered input.
struct Batch {
    private(set) var events: [RecordedEvent] = []
    private(set) var keys: [[UInt64]] = []
    private var revisions: [StreamName: Revision] = [:]
    private var places: [EventKey: Int] = [:]
    private let start: Position
    private let recorded: Timestamp
    private let history: History

    init(from start: Position, recorded: Timestamp, _ history: History) {
        self.start = start
        self.recorded = recorded
        self.history = history
    }

    /// The position after the last event of the batch.
    var end: Position { Position(start.index + UInt64(events.count)) }

    /// The records to write.
    var records: [(position: Position, record: [UInt8])] { events.map { ($0.position, Record.encode($0)) } }

    /// Decides one request: stages its events, or refuses it as a whole.
    ///
    /// Ids are looked at before revisions, so that a retry returns its first receipt and never a conflict.
    mutating func decide(_ request: AppendRequest) throws(AppendError) -> [AppendReceipt] {
        if let receipts = try recordedReceipts(of: request) { return receipts }
        var heads: [StreamName: Revision?] = [:]
        var starts: [UInt64] = []
        for append in request.appends {
            let head = if let staged = heads[append.stream] { staged } else { try revision(of: append.stream) }
            guard append.expecting.isMet(by: head) else {
                throw .wrongExpectedRevision(append.stream, expected: append.expecting, actual: head)
            }
            let first = head.map { $0.index + 1 } ?? 0
            starts.append(first)
            heads[append.stream] = Revision(first + UInt64(append.events.count) - 1)
        }
        return zip(request.appends, starts).map { stage($0, from: Revision($1), auth: request.auth) }
    }

    /// The receipts of a request whose events all stand already; `nil` if none does.
    private func recordedReceipts(of request: AppendRequest) throws(AppendError) -> [AppendReceipt]? {
        var isNew = false
        var receipts: [AppendReceipt] = []
        var firstKnown: Position?
        var ownKeys: Set<EventKey> = []
        for append in request.appends {
            var last: RecordedEvent?
            for event in append.events {
                guard ownKeys.insert(event.content.key).inserted else { throw .duplicateID(firstAt: end) }
                guard let known = try self.event(with: event.content.key) else {
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

    private mutating func stage(_ append: StreamAppend, from first: Revision, auth: [UInt8]) -> AppendReceipt {
        var next = first
        var last = first
        for event in append.events {
            places[event.content.key] = events.count
            keys.append(history.hasher.keys(of: event.content, in: append.stream, references: event.terms))
            events.append(
                RecordedEvent(
                    position: end, stream: append.stream, revision: next, time: event.time ?? recorded,
                    recorded: recorded, content: event.content, auth: auth))
            last = next
            next = next.next
        }
        revisions[append.stream] = last
        return AppendReceipt(
            stream: append.stream, position: Position(end.index - 1), revision: last, isDuplicate: false)
    }

    private func event(with key: EventKey) throws(AppendError) -> RecordedEvent? {
        if let place = places[key] { return events[place] }
        return try history.event(with: key)
    }

    private func revision(of stream: StreamName) throws(AppendError) -> Revision? {
        if let revision = revisions[stream] { return revision }
        return try history.revision(of: stream)
    }

    /// Newest revisions of the streams that the batch touched.
    var touchedRevisions: [StreamName: Revision] { revisions }
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
