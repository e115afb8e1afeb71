public import EventModel
public import RecordFormat

extension EventLog {
    /// One page of events. A page ends early at ``Limits/pageByteCountMax`` bytes of data, or when a filter
    /// has passed over many records; it is empty only if nothing is left. The next page begins behind the
    /// last event of this one.
    ///
    /// ``ReadRequest/recorded`` narrows the positions by a binary search, since recorded times never go
    /// back. ``ReadRequest/time`` is compared with each record that is otherwise wanted: a range in which
    /// nothing happened costs a look at all of them.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` rather than serving damaged bytes.
    public func read(_ request: ReadRequest) throws(ReadError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        var failure: ReadError?
        try readRecords(request) { record in
            do throws(RecordError) {
                events.append(try record.event())
            } catch {
                failure = failure ?? .corruptRecord(at: record.position, why: error.description)
            }
        }
        if let failure { throw failure }
        return events
    }

    /// The records of one page in place: ``read(_:)`` without copying.
    public func readRecords(
        _ request: ReadRequest, _ body: (borrowing RecordView) -> Void
    ) throws(ReadError) {
        var place: UInt64?
        repeat { place = try readRecords(request, goingOnAt: place, body) } while place != nil
    }

    /// The records of one page in place, as far as they are found among some thousand records: for callers who let
    /// others have their turn meanwhile.
    ///
    /// - Parameter place: what the call before returned, for the same request.
    /// - Returns: where to go on if nothing was lent yet and there is more to look at; `nil` if the page is done.
    public func readRecords(
        _ request: ReadRequest, goingOnAt place: UInt64?, _ body: (borrowing RecordView) -> Void
    ) throws(ReadError) -> UInt64? {
        let whole = QueryReader.Page(
            range: try positions(recorded: request.recorded),
            count: min(max(request.count, 1), Limits.pageEventCountMax), time: request.time)
        guard !whole.range.isEmpty, let page = whole.narrowed(from: place, request.direction) else { return nil }
        switch request.selection {
        case .all:
            return try allPage(page, from: request.from, request.direction, body)
        case .stream(let name):
            return try streamPage(name, page, from: request.from, request.direction, body)
        case .query(let query) where query.matchesEverything:
            return try allPage(page, from: request.from, request.direction, body)
        case .query(let query):
            let reader = try queryReader()
            var postings = try reader.postings(of: query, request.direction, in: reader.index.snapshot)
            guard let page = page.narrowed(from: request.from, request.direction) else { return nil }
            let (extractor, direction) = (extractor, request.direction)
            return try reader.collect(
                &postings, page, direction,
                where: { record throws(RecordError) in query.matches(try record.event(), extractor) }, body)
        }
    }

    /// Every record from a position on, in order and in place, until `body` returns `false`.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` rather than lending damaged bytes.
    public func forEachRecord(
        from start: Position = .origin, _ body: (borrowing RecordView) -> Bool
    ) throws(ReadError) {
        try store.forEachRecord(from: start, .forward, body)
    }

    public func firstPosition(of stream: StreamName) throws(ReadError) -> Position? {
        var first: Position?
        _ = try streamPage(stream, QueryReader.Page(range: 0..<end.index, count: 1), from: 0, .forward) {
            first = $0.position
        }
        return first
    }

    /// Whether any event has sealed personal fields, so that the log is of no use to readers without its keys.
    public var hasSealedFields: Bool {
        get throws(ReadError) { try store.hasSealedFields }
    }

    /// The sealed personal fields of a record, slot by slot; `nil` for each that is deleted.
    public func sealedFields(of record: borrowing RecordView) throws(ReadError) -> [SealedFields?] {
        try store.sealedFields(of: record)
    }

    /// How far a stream has come; `nil` if it has no event.
    public func stream(_ name: StreamName) throws(ReadError) -> StreamState? {
        guard let first = try firstPosition(of: name), let last = try newest(of: name) else { return nil }
        return StreamState(revision: last.revision, first: first, last: last.position)
    }

    /// The newest event of a stream.
    func newest(of name: StreamName) throws(ReadError) -> (revision: Revision, position: Position)? {
        let page = QueryReader.Page(range: 0..<end.index, count: 1)
        var found: (Revision, Position)?
        _ = try streamPage(name, page, from: nil, .backward) { found = ($0.revision, $0.position) }
        return found
    }

    /// The way to events through the index.
    func queryReader() throws(ReadError) -> QueryReader {
        guard let index else { throw .storage("the log is open without its index") }
        return QueryReader(store, index, extractor)
    }
}
