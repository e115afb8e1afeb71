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
        var events: [CRMEvent] = []
        for name in new {
            events += try read(.stream(StreamName(recorded: name)), count: Limits.pageEventCountMax)
        }
        return events
    }

    /// Reads the first event of a stream, which says whose the stream is.
    public mutating func first(of stream: StreamName) throws(ViewError) -> CRMEvent? {
        guard !streams.contains(stream.text) else { return nil }
        return try read(.stream(stream), count: 1, pageCountMax: 1).first
    }

    /// Reads the events that match any of the items.
    public mutating func events(matching items: [EventQuery.Item]) throws(ViewError) -> [CRMEvent] {
        var events: [CRMEvent] = []
        for start in stride(from: 0, to: items.count, by: Self.itemCountMax) {
            let part = Array(items[start..<min(start + Self.itemCountMax, items.count)])
            events += try read(.query(EventQuery(part)), count: Limits.pageEventCountMax)
        }
        return events
    }

    private mutating func read(
        _ selection: ReadSelection, count: Int, pageCountMax: Int = .max
    ) throws(ViewError) -> [CRMEvent] {
        var events: [CRMEvent] = []
        var from: UInt64?
        var pageCount = 0
        while pageCount < pageCountMax {
            let page = try self.page(ReadRequest(selection, from: from, count: count))
            guard let end = page.last else { break }
            pageCount += 1
            let known = page.prefix { $0.position <= last }.filter { event in asOf.map { event.time <= $0 } ?? true }
            events += try decoded(known)
            guard end.position < last else { break }
            if case .stream = selection { from = end.revision.index + 1 } else { from = end.position.next.index }
        }
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
