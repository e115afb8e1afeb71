internal import EventModel

/// Finds events through the index, and lets their records decide.
struct QueryReader: Sendable {
    /// Records that one look takes at first; pages that turn out small need no second look.
    private static let firstBatchCount = 64
    /// Records that one look takes at most.
    private static let batchCountMax = 1024
    /// Records that a page may examine once it has an event.
    static let examinedCountMax = 16_384

    let index: Index
    private let store: LogStore
    let extractor: TermExtractor

    init(_ store: LogStore, _ index: Index, _ extractor: TermExtractor) {
        self.store = store
        self.index = index
        self.extractor = extractor
    }

    /// The first event that matches a query and stands past a position, among those that the index has;
    /// `nil` if there is none.
    func firstMatch(_ query: EventQuery, after: Position?) throws(ReadError) -> Position? {
        let end = index.end.index
        let start = after.map { $0.index.next(.forward) ?? .max } ?? 0
        guard start < end else { return nil }
        if query.matchesEverything { return Position(start) }
        var postings = try postings(of: query, .forward)
        let page = Page(range: start..<end, count: 1)
        return try collect(&postings, page, .forward) { query.matches($0, extractor) }.first?.position
    }

    /// What a page may hold.
    struct Page {
        /// Positions inside.
        var range: Range<UInt64>
        /// Events at most.
        var count: Int
        /// When they happened.
        var time = TimeRange.always
    }

    /// The candidates of a query.
    func postings(of query: EventQuery, _ direction: ReadDirection) throws(ReadError) -> QueryPostings {
        try Self.reading { () throws(IndexError) in
            try QueryPostings(query, direction, index.hasher, in: index.snapshot)
        }
    }

    /// The first candidates that pass a test; fewer than asked where the page has all the bytes it may have,
    /// or has examined ``examinedCountMax`` records. It is empty only if nothing is left.
    func collect(
        _ postings: inout QueryPostings, _ page: Page, _ direction: ReadDirection,
        _ isWanted: (RecordedEvent) -> Bool
    ) throws(ReadError) -> [RecordedEvent] {
        guard let last = page.range.last else { return [] }
        var bound: UInt64? = direction == .forward ? page.range.lowerBound : last
        var events: [RecordedEvent] = []
        var byteCount = 0
        var examinedCount = 0
        var batchCount = min(page.count, Self.firstBatchCount)
        while events.isEmpty || examinedCount < Self.examinedCountMax {
            let positions = try candidates(&postings, from: &bound, in: page.range, batchCount, direction)
            guard !positions.isEmpty else { return events }
            var readByteCount = 0
            for event in try store.records(at: positions) {
                readByteCount += event.content.data.count
                guard page.time.contains(event.time), isWanted(event) else { continue }
                byteCount += event.content.data.count
                guard events.isEmpty || byteCount <= Limits.pageByteCountMax else { return events }
                events.append(event)
                if events.count == page.count { return events }
            }
            examinedCount += positions.count
            batchCount = Self.batchCount(
                wanted: page.count - events.count, left: Limits.pageByteCountMax - byteCount,
                meanByteCount: readByteCount / positions.count)
        }
        return events
    }

    /// How many records to read next: no more than a page has room for, and more where few are wanted.
    private static func batchCount(wanted: Int, left: Int, meanByteCount: Int) -> Int {
        min(max(wanted, firstBatchCount), batchCountMax, left / max(meanByteCount, 64) + 1)
    }

    /// The next candidates inside a range.
    private func candidates(
        _ postings: inout QueryPostings, from bound: inout UInt64?, in range: Range<UInt64>, _ count: Int,
        _ direction: ReadDirection
    ) throws(ReadError) -> [Position] {
        var positions: [Position] = []
        while positions.count < count, let start = bound {
            let found = try Self.reading { () throws(IndexError) in try postings.seek(start) }
            guard let found, range.contains(found) else {
                bound = nil
                break
            }
            positions.append(Position(found))
            bound = found.next(direction)
        }
        return positions
    }

    /// The error of a reader, in place of that of the index.
    static func reading<Result>(_ body: () throws(IndexError) -> Result) throws(ReadError) -> Result {
        do throws(IndexError) {
            return try body()
        } catch {
            throw .storage(error.description)
        }
    }
}
