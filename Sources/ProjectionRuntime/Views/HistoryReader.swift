public import CRMEvents
public import EventModel

/// Collects the events behind one entity through the index of a log, within bounds.
public struct HistoryReader {
    private let source: any IndexedEventSource
    /// The newest position that counts.
    private let last: Position
    private let asOf: Timestamp?
    private var found: [Position: CRMEvent] = [:]
    private var streams: Set<String> = []

    /// Streams or terms that one look into the index asks for, at most.
    private static let itemCountMax = 64

    init(_ source: any IndexedEventSource, last: Position, asOf: Timestamp?) {
        self.source = source
        self.last = last
        self.asOf = asOf
    }

    /// Everything that was read, once, by position.
    var events: [CRMEvent] { found.values.sorted { $0.position < $1.position } }

    /// Reads whole streams. Of those that were read before nothing is returned.
    public mutating func streams(_ names: [String]) throws(ViewError) -> [CRMEvent] {
        let new = names.filter { streams.insert($0).inserted }
        var events: [RecordedEvent] = []
        for name in new { try append(StreamName(recorded: name), from: 0, to: &events) }
        return try keep(decoded(events))
    }

    /// Reads what follows in the streams that some events are the first of.
    public mutating func rest(ofStreamsBegunBy firsts: [CRMEvent]) throws(ViewError) -> [CRMEvent] {
        var events: [RecordedEvent] = []
        for first in firsts where streams.insert(first.stream.text).inserted {
            try append(first.stream, from: first.revision.index + 1, to: &events)
        }
        return try keep(decoded(events))
    }

    private func append(
        _ stream: StreamName, from revision: UInt64, to events: inout [RecordedEvent]
    ) throws(ViewError) {
        var from = revision
        while let page = try page(ReadRequest(.stream(stream), from: from, count: Limits.pageEventCountMax)).nonEmpty {
            events += bounded(page)
            guard let end = page.last, end.position < last else { return }
            from = end.revision.index + 1
        }
    }

    /// Reads the first event of a stream, which says whose the stream is.
    public mutating func first(of stream: StreamName) throws(ViewError) -> CRMEvent? {
        guard !streams.contains(stream.text) else { return nil }
        return try keep(decoded(bounded(page(ReadRequest(.stream(stream), count: 1))))).first
    }

    /// Reads the events that match any of the items.
    public mutating func events(matching items: [EventQuery.Item]) throws(ViewError) -> [CRMEvent] {
        var events: [CRMEvent] = []
        for start in stride(from: 0, to: items.count, by: Self.itemCountMax) {
            let part = Array(items[start..<min(start + Self.itemCountMax, items.count)])
            let query = ReadSelection.query(EventQuery(part))
            var from: UInt64?
            while let page = try page(ReadRequest(query, from: from, count: Limits.pageEventCountMax)).nonEmpty {
                events += try keep(decoded(bounded(page)))
                guard let end = page.last?.position, end < last else { break }
                from = end.next.index
            }
        }
        return events
    }

    private func bounded(_ events: [RecordedEvent]) -> [RecordedEvent] {
        events.filter { event in event.position <= last && (asOf.map { event.time <= $0 } ?? true) }
    }

    private mutating func keep(_ events: [CRMEvent]) -> [CRMEvent] {
        for event in events { found[event.position] = event }
        return events
    }

    private func page(_ request: ReadRequest) throws(ViewError) -> [RecordedEvent] {
        do throws(ReadError) {
            return try source.read(request)
        } catch {
            throw .log("\(error)")
        }
    }

    private func decoded(_ events: [RecordedEvent]) throws(ViewError) -> [CRMEvent] {
        var batch = EventBatch()
        for event in events { event.withView { batch.append($0) } }
        do throws(UndecodableEvent) {
            return try batch.events()
        } catch {
            throw .log("\(error)")
        }
    }
}

extension Array {
    /// The array unless it is empty.
    fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
