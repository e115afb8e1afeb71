internal import EventModel
internal import RecordFormat

/// Finds events through the index, and lets their records decide.
struct QueryReader: Sendable {
    /// Records that are examined for a page in one go.
    static let examinedCountMax = 16_384
    /// Candidates whose records are looked for together, at most.
    private static let candidateCountMax = 32

    let index: Index
    private let store: LogStore
    let extractor: TermExtractor

    init(_ store: LogStore, _ index: Index, _ extractor: TermExtractor) {
        self.store = store
        self.index = index
        self.extractor = extractor
    }

    /// The first event that matches a query and stands past a position; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - snapshot: the index, with parts behind the log's end for events that wait to be recorded.
    ///   - stepsLeft: the steps that it may take through the index; what it takes is subtracted.
    ///   - waiting: an event behind the log's end.
    /// - Throws: what has the code `LIMIT` if it needs more steps.
    func firstMatch(
        _ query: EventQuery, after: Position?, in snapshot: IndexSnapshot, stepsLeft: inout Int,
        waiting: (Position) -> RecordedEvent
    ) throws(ReadError) -> Position? {
        var bound: UInt64? = after.map { $0.index.next(.forward) ?? .max } ?? 0
        guard let start = bound, start < snapshot.tail.end else { return nil }
        if query.matchesEverything { return Position(start) }
        var postings = try postings(of: query, .forward, in: snapshot, stepCountMax: stepsLeft)
        defer { stepsLeft = max(postings.stepsLeft, 0) }
        let end = index.end
        var reader = RecordReader(store)
        while let start = bound {
            let found = try Self.reading { () throws(IndexError) in try postings.seek(start) }
            guard let found else { return nil }
            var isMatch = false
            if Position(found) < end {
                try reader.withRecord(at: Position(found)) { record throws(RecordError) in
                    isMatch = query.matches(try record.event(), extractor)
                }
            } else {
                isMatch = query.matches(waiting(Position(found)), extractor)
            }
            if isMatch { return Position(found) }
            bound = found.next(.forward)
        }
        return nil
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
        of query: EventQuery, _ direction: ReadDirection, in snapshot: IndexSnapshot, stepCountMax: Int = .max
    ) throws(ReadError) -> QueryPostings {
        try Self.reading { () throws(IndexError) in
            try QueryPostings(query, direction, index.hasher, in: snapshot, stepCountMax: stepCountMax)
        }
    }

    /// Lends the first candidates that pass a test; fewer than asked where the page has all the bytes it may have,
    /// or has examined ``examinedCountMax`` records.
    ///
    /// - Returns: where to go on if it lent none and there is more to examine.
    func collect(
        _ postings: inout QueryPostings, _ page: Page, _ direction: ReadDirection,
        where isWanted: (borrowing RecordView) throws(RecordError) -> Bool, _ body: (borrowing RecordView) -> Void
    ) throws(ReadError) -> UInt64? {
        guard let last = page.range.last else { return nil }
        var bound: UInt64? = direction == .forward ? page.range.lowerBound : last
        var reader = RecordReader(store)
        var (count, byteCount, examinedCount) = (0, 0, 0)
        var isFull = false
        while !isFull, let start = bound {
            guard examinedCount < Self.examinedCountMax else { return count == 0 ? start : nil }
            // Mostly every candidate is wanted; where one was not, many may not be.
            let likelyCount = examinedCount == 0 ? page.count : Self.candidateCountMax
            let candidates = try candidates(
                &postings, from: &bound, in: page, direction,
                atMost: min(likelyCount, Self.candidateCountMax, Self.examinedCountMax - examinedCount))
            examinedCount += candidates.count
            for (position, run) in zip(candidates, store.runsInMemory(holding: candidates)) where !isFull {
                try reader.withRecord(at: position, in: run) { record throws(RecordError) in
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
        return nil
    }

    /// The next candidates inside a page, and where to go on behind them.
    private func candidates(
        _ postings: inout QueryPostings, from bound: inout UInt64?, in page: Page, _ direction: ReadDirection,
        atMost count: Int
    ) throws(ReadError) -> [Position] {
        var candidates: [Position] = []
        candidates.reserveCapacity(count)
        while candidates.count < count, let start = bound {
            let found = try Self.reading { () throws(IndexError) in try postings.seek(start) }
            guard let found, page.range.contains(found) else {
                bound = nil
                break
            }
            candidates.append(Position(found))
            bound = found.next(direction)
        }
        return candidates
    }

    /// The error of a reader, in place of that of the index.
    static func reading<Result>(_ body: () throws(IndexError) -> Result) throws(ReadError) -> Result {
        do throws(IndexError) {
            return try body()
        } catch {
            throw ReadError(error)
        }
    }
}

extension ReadError {
    /// The answer of a reader or a writer that the index failed.
    init(_ error: IndexError) {
        switch error {
        case .tooManySteps: self = .refused(.limit, error.description)
        case .damaged:
            self = .refused(
                .unavailable,
                "\(error). The log itself is not concerned; nothing was read or written. "
                    + "Restart the server, which builds the damaged part anew, and ask again.")
        case .missing, .storage: self = .storage(error.description)
        }
    }
}
