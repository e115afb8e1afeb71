public import CRMEvents
public import EventModel

/// Collects the events behind one entity through the index of a log, within bounds.
public struct HistoryReader {
    private let source: any IndexedEventSource
    /// The newest position that counts.
    private let last: Position
    private let asOf: Timestamp?
    private var found: [Position: CRMEvent] = [:]
    /// Streams that were read whole.
    private var streams: Set<String> = []

    init(_ source: any IndexedEventSource, last: Position, asOf: Timestamp?) {
        self.source = source
        self.last = last
        self.asOf = asOf
    }

    /// Everything that was read, once, by position.
    var events: [CRMEvent] { found.values.sorted { $0.position < $1.position } }

    /// Reads streams whole, and the events that match any of the items, each event once.
    ///
    /// The index is asked once, and no event is decoded twice: ask for much at once. Now and then an event is returned
    /// that nobody asked for (``IndexedEventSource``).
    public mutating func events(
        of streams: Set<String>, matching items: [EventQuery.Item] = []
    ) throws(ViewError) -> [CRMEvent] {
        self.streams.formUnion(streams)
        let positions: [Position]
        do throws(ReadError) {
            positions = try source.positions(
                of: streams.map { StreamName(recorded: $0) }, matching: items, before: last.next)
        } catch {
            throw .log("\(error)")
        }
        try read(positions)
        return positions.compactMap { found[$0] }
    }

    /// Reads the first events of streams, which say whose those are.
    public mutating func first(of streams: [StreamName]) throws(ViewError) {
        var positions: [Position] = []
        do throws(ReadError) {
            for stream in Set(streams) where !self.streams.contains(stream.text) {
                if let first = try source.firstPosition(of: stream), first <= last { positions.append(first) }
            }
        } catch {
            throw .log("\(error)")
        }
        try read(positions.sorted())
    }

    /// Reads what is not there yet and had happened by the bound.
    private mutating func read(_ positions: [Position]) throws(ViewError) {
        let new = positions.filter { found[$0] == nil }
        do {
            var batch = EventBatch(expecting: new.count)
            try source.forEachEvent(at: new) { event in
                if asOf.map({ event.time <= $0 }) ?? true { batch.append(event) }
            }
            for event in try batch.events() { found[event.position] = event }
        } catch {
            throw .log("\(error)")
        }
    }
}
