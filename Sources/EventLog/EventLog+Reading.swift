public import EventModel
internal import LMDB

extension EventLog {
    /// One page of events. A page ends early at ``Limits/pageByteCountMax`` bytes of records.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` rather than serving damaged bytes.
    public func read(_ request: ReadRequest) throws(ReadError) -> [RecordedEvent] {
        let count = min(max(request.count, 1), Limits.pageEventCountMax)
        switch request.selection {
        case .all:
            return try page(from: request.from, request.direction, count)
        case .stream(let name):
            return try streamPage(name, from: request.from, request.direction, count)
        case .query(let query):
            return try queryPage(query, from: request.from, request.direction, count)
        }
    }

    public func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(count)
        guard position < end else { return [] }
        try store.forEach(from: position) { event, _ in
            events.append(event)
            return events.count < count
        }
        return events
    }

    /// How far a stream has come; `nil` if it has no event.
    public func stream(_ name: StreamName) throws(ReadError) -> StreamState? {
        guard let last = try streamPage(name, from: nil, .backward, 1).first,
            let first = try streamPage(name, from: 0, .forward, 1).first
        else { return nil }
        return StreamState(revision: last.revision, first: first.position, last: last.position)
    }

    private func page(
        from start: UInt64?, _ direction: ReadDirection, _ count: Int
    ) throws(ReadError) -> [RecordedEvent] {
        let end = end
        guard end > .origin else { return [] }
        let newest = end.index - 1
        let start = direction == .forward ? start ?? 0 : min(start ?? newest, newest)
        guard start <= newest else { return [] }
        var events: [RecordedEvent] = []
        var byteCount = 0
        try store.forEach(from: Position(start), direction) { event, size in
            byteCount += size
            guard events.isEmpty || byteCount <= Limits.pageByteCountMax else { return false }
            events.append(event)
            return events.count < count && (direction == .backward || event.position.index < newest)
        }
        return events
    }

    /// Events of one stream by revision. The index finds them; the records decide.
    private func streamPage(
        _ name: StreamName, from start: UInt64?, _ direction: ReadDirection, _ count: Int
    ) throws(ReadError) -> [RecordedEvent] {
        let term = "stream:" + name.text
        guard let start else {
            return try collect(term, direction, count) { $0.stream == name }.events
        }
        if direction == .forward {
            // Without a collision of keys the entry `start` of the stream has the revision `start`.
            let page = try collect(term, skipping: start, .forward, count) { $0.stream == name }.events
            if page.isEmpty || page[0].revision.index == start { return page }
        }
        return try collect(term, direction, count) { event in
            event.stream == name
                && (direction == .forward ? event.revision.index >= start : event.revision.index <= start)
        }.events
    }

    private func queryPage(
        _ query: EventQuery, from start: UInt64?, _ direction: ReadDirection, _ count: Int
    ) throws(ReadError) -> [RecordedEvent] {
        if query.items.contains(where: { $0.terms.isEmpty && $0.types.isEmpty }) {
            return try page(from: start, direction, count)
        }
        func isBefore(_ left: Position, _ right: Position) -> Bool {
            direction == .forward ? left < right : left > right
        }
        var found: [Position: RecordedEvent] = [:]
        var cut: Position?
        for item in query.items {
            // The rarest thing that an item names drives it: a term before a type.
            for driver in item.terms.first.map({ [$0] }) ?? item.types.map({ "type:" + $0 }) {
                let page = try collect(driver, from: start.map { Position($0) }, direction, count) {
                    item.matches($0, self.extractor)
                }
                for event in page.events { found[event.position] = event }
                if page.isCut, let last = page.events.last?.position, cut.map({ isBefore(last, $0) }) ?? true {
                    cut = last
                }
            }
        }
        // Past the end of a list that was cut by its bytes, the others would leave gaps.
        let sorted = found.values.sorted { isBefore($0.position, $1.position) }
        return Array(sorted.prefix { event in cut.map { !isBefore($0, event.position) } ?? true }.prefix(count))
    }

    /// The first events behind a term that pass a test; cut where a page has all the bytes it may have.
    private func collect(
        _ term: String, from start: Position? = nil, skipping skipped: UInt64 = 0, _ direction: ReadDirection,
        _ count: Int, _ isWanted: (RecordedEvent) -> Bool
    ) throws(ReadError) -> (events: [RecordedEvent], isCut: Bool) {
        guard let index else { throw .storage("the log is open without its index") }
        var events: [RecordedEvent] = []
        var byteCount = 0
        var toSkip = skipped
        var isCut = false
        var failure: ReadError?
        do throws(LMDBError) {
            try index.forEach(index.hasher.term(term), from: start, direction) { position in
                if toSkip > 0 {
                    toSkip -= 1
                    return true
                }
                do throws(ReadError) {
                    guard let event = try store.records(at: [position]).first, isWanted(event) else { return true }
                    byteCount += event.content.data.count
                    isCut = !events.isEmpty && byteCount > Limits.pageByteCountMax
                    if isCut { return false }
                    events.append(event)
                    return events.count < count
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            failure = .storage(error.description)
        }
        if let failure { throw failure }
        return (events, isCut)
    }
}

extension EventQuery.Item {
    /// Whether an event has one of the types and all of the terms.
    func matches(_ event: RecordedEvent, _ extractor: TermExtractor) -> Bool {
        guard types.isEmpty || types.contains(event.content.type) else { return false }
        guard !terms.isEmpty else { return true }
        let found = extractor.terms(of: event)
        return terms.allSatisfy(found.contains)
    }
}
