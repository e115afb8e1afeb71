internal import EventModel
internal import RecordFormat

/// Finds events through the index, and lets their records decide.
struct QueryReader: Sendable {
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
    /// `nil` if there is none. Refuses what takes more than ``Limits/conditionStepCountMax`` steps.
    func firstMatch(_ query: EventQuery, after: Position?) throws(ReadError) -> Position? {
        let end = index.end.index
        let start = after.map { $0.index.next(.forward) ?? .max } ?? 0
        guard start < end else { return nil }
        if query.matchesEverything { return Position(start) }
        var postings = try postings(of: query, .forward, stepCountMax: Limits.conditionStepCountMax)
        let page = Page(range: start..<end, count: 1)
        var first: Position?
        try collect(
            &postings, page, .forward,
            where: { record throws(RecordError) in query.matches(try record.event(), extractor) },
            { first = $0.position })
        return first
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
    func postings(
        of query: EventQuery, _ direction: ReadDirection, stepCountMax: Int = .max
    ) throws(ReadError) -> QueryPostings {
        try Self.reading { () throws(IndexError) in
            try QueryPostings(query, direction, index.hasher, in: index.snapshot, stepCountMax: stepCountMax)
        }
    }

    /// Lends the first candidates that pass a test; fewer than asked where the page has all the bytes it may have,
    /// or has examined ``examinedCountMax`` records. There is none only if nothing is left.
    func collect(
        _ postings: inout QueryPostings, _ page: Page, _ direction: ReadDirection,
        where isWanted: (borrowing RecordView) throws(RecordError) -> Bool, _ body: (borrowing RecordView) -> Void
    ) throws(ReadError) {
        guard let last = page.range.last else { return }
        var bound: UInt64? = direction == .forward ? page.range.lowerBound : last
        var reader = RecordReader(store)
        var (count, byteCount, examinedCount) = (0, 0, 0)
        var isFull = false
        while !isFull, count == 0 || examinedCount < Self.examinedCountMax, let start = bound {
            let found = try Self.reading { () throws(IndexError) in try postings.seek(start) }
            guard let found, page.range.contains(found) else { return }
            bound = found.next(direction)
            examinedCount += 1
            try reader.withRecord(at: Position(found)) { record throws(RecordError) in
                guard page.time.contains(record.time), try isWanted(record) else { return }
                byteCount += record.data.count
                isFull = count > 0 && byteCount > Limits.pageByteCountMax
                guard !isFull else { return }
                body(record)
                count += 1
                isFull = count == page.count
            }
        }
    }

    /// The error of a reader, in place of that of the index.
    static func reading<Result>(_ body: () throws(IndexError) -> Result) throws(ReadError) -> Result {
        do throws(IndexError) {
            return try body()
        } catch {
            if case .tooManySteps = error { throw .refused(.limit, error.description) }
            throw .storage(error.description)
        }
    }
}
