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
    private func newest(of name: StreamName) throws(ReadError) -> (revision: Revision, position: Position)? {
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

    /// Records in the order of the log. Returns where to go on if it lent none and there is more to look at.
    private func allPage(
        _ page: QueryReader.Page, from start: UInt64?, _ direction: ReadDirection,
        _ body: (borrowing RecordView) -> Void
    ) throws(ReadError) -> UInt64? {
        guard let page = page.narrowed(from: start, direction), let last = page.range.last else { return nil }
        var next: UInt64? = direction == .forward ? page.range.lowerBound : last
        var count = 0
        var byteCount = 0
        var examinedCount = 0
        let first = direction == .forward ? page.range.lowerBound : last
        let wanted = page.time == .always ? page.count : .max
        try store.forEachRecord(from: Position(first), direction, atMost: wanted) { record in
            let position = record.position.index
            guard page.range.contains(position) else { return false }
            examinedCount += 1
            next = position.next(direction)
            if page.time.contains(record.time) {
                byteCount += record.bytes.count
                guard count == 0 || byteCount <= Limits.pageByteCountMax else { return false }
                body(record)
                count += 1
            }
            return count < page.count && examinedCount < QueryReader.examinedCountMax
                && position != (direction == .forward ? last : page.range.lowerBound)
        }
        return count == 0 ? next.flatMap { page.range.contains($0) ? $0 : nil } : nil
    }

    /// Records of one stream by revision. The index finds them; the records decide.
    ///
    /// The entry of revision `n` is the n-th of the stream's, or a later one if keys collide: skipping the
    /// entries before passes no event that is wanted. Returns where to go on if it lent none and there is more.
    private func streamPage(
        _ name: StreamName, _ page: QueryReader.Page, from start: UInt64?, _ direction: ReadDirection,
        _ body: (borrowing RecordView) -> Void
    ) throws(ReadError) -> UInt64? {
        let reader = try queryReader()
        var page = page
        let key = reader.index.hasher.stream(name)
        if let start, let skipped = try entriesBefore(start, of: name, direction) {
            var cursor = reader.index.cursor(key, direction)
            let place = try QueryReader.reading { () throws(IndexError) in try cursor.skip(skipped) }
            guard let place, let narrowed = page.narrowed(from: place, direction) else { return nil }
            page = narrowed
        }
        var postings = QueryPostings(reader.index.cursor(key, direction), direction)
        return try reader.collect(
            &postings, page, direction,
            where: { record in
                guard record.has(.stream, name.text) else { return false }
                guard let start else { return true }
                return direction == .forward ? record.revision.index >= start : record.revision.index <= start
            }, body)
    }

    /// How many events of a stream lie before a revision in a direction; `nil` if there are none.
    private func entriesBefore(
        _ revision: UInt64, of name: StreamName, _ direction: ReadDirection
    ) throws(ReadError) -> UInt64? {
        guard direction == .backward else { return revision > 0 ? revision : nil }
        guard let newest = try newest(of: name)?.revision.index, newest > revision else { return nil }
        return newest - revision
    }

    /// The positions that were recorded in a range of time.
    private func positions(recorded range: TimeRange) throws(ReadError) -> Range<UInt64> {
        let end = end.index
        let lower = try range.from.map { (moment) throws(ReadError) in try firstPosition(recordedFrom: moment, end) }
        let upper = try range.until.map { (moment) throws(ReadError) in try firstPosition(recordedFrom: moment, end) }
        return (lower ?? 0)..<max(upper ?? end, lower ?? 0)
    }

    /// The first position that was recorded at a moment or later.
    private func firstPosition(recordedFrom moment: Timestamp, _ end: UInt64) throws(ReadError) -> UInt64 {
        var reader = RecordReader(store)
        var low: UInt64 = 0
        var high = end
        while low < high {
            let middle = low + (high - low) / 2
            try reader.withRecord(at: Position(middle)) { record in
                if record.recorded < moment { low = middle + 1 } else { high = middle }
            }
        }
        return low
    }
}

extension QueryReader.Page {
    /// The page without what lies before a position in a direction; `nil` if nothing is left.
    func narrowed(from start: UInt64?, _ direction: ReadDirection) -> Self? {
        guard let start else { return self }
        var page = self
        switch direction {
        case .forward:
            guard start < range.upperBound else { return nil }
            page.range = max(start, range.lowerBound)..<range.upperBound
        case .backward:
            guard start >= range.lowerBound else { return nil }
            page.range = range.lowerBound..<min(start.next(.forward) ?? .max, range.upperBound)
        }
        return page
    }
}
