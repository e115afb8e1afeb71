internal import EventModel

/// Brings an index up to the log, some thousand events at a time.
struct IndexFeed {
    private let index: Index
    private let extractor: TermExtractor
    private let start: Position
    private var keys: [UInt64] = []
    private var counts: [UInt16] = []

    init(_ index: Index, _ extractor: TermExtractor) {
        self.index = index
        self.extractor = extractor
        start = index.end
    }

    /// Adds an event, unless the index knows it.
    mutating func add(_ event: RecordedEvent) {
        guard event.position >= start else { return }
        let count = keys.count
        let references = extractor.references(event.content.type, event.stream, event.content.data)
        index.hasher.appendKeys(of: event.content, in: event.stream, references: references, to: &keys)
        counts.append(UInt16(keys.count - count))
        if counts.count == 4096 { finish() }
    }

    /// Hands over what has gathered.
    mutating func finish() {
        index.add(keys: keys, counts: counts)
        keys.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
    }
}
