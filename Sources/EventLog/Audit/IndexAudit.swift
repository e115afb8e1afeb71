internal import EventModel

/// Compares the index with the records in constant memory.
///
/// Every (key, position) pair is mixed into a number, and the numbers are added up per segment: once over
/// the records, once over the segment's entries. Equal multisets give equal sums; different ones differ but
/// for one chance in 2^64.
struct IndexAudit {
    private let segments: [Segment]
    private let hasher: TermHasher
    private var sums: [UInt64]
    private var keys: [UInt64] = []
    private var current = 0

    /// Opens the index of a directory as it stands. A running log may replace it meanwhile; then it is
    /// opened again, since a file that was opened stays whole.
    init(at directory: String, of log: String, extractorVersion: UInt32) throws(IndexError) {
        var attemptsLeft = 8
        while true {
            do throws(IndexError) {
                let store = try SegmentStore(
                    at: directory, of: log, extractorVersion: extractorVersion, isReadOnly: true)
                segments = store.opened
                hasher = store.hasher
                sums = [UInt64](repeating: 0, count: segments.count)
                return
            } catch .damaged where attemptsLeft > 0 {
                attemptsLeft -= 1
            }
        }
    }

    /// Adds what an event must have in the index.
    mutating func add(_ event: RecordedEvent, _ extractor: TermExtractor) {
        while current < sums.count, event.position.index >= segments[current].end { current += 1 }
        guard current < sums.count else { return }
        let references = extractor.references(event.content.type, event.stream, event.content.data)
        keys.removeAll(keepingCapacity: true)
        hasher.appendKeys(of: event.content, in: event.stream, references: references, to: &keys)
        for key in Set(keys.map { ShortKey($0) }) {
            sums[current] &+= Self.mixed(key.number, event.position.index)
        }
    }

    /// Compares with what the segments hold.
    ///
    /// - Parameter end: the position before which the log was read; a running writer may have indexed more.
    func compare(before end: Position, _ report: inout LogAuditReport) {
        let known = segments.prefix { $0.end <= end.index }
        report.indexedEventCount = known.last?.end ?? 0
        for (segment, sum) in zip(known, sums) {
            do throws(IndexError) {
                guard try Self.sum(of: segment) != sum else { continue }
                report.add(
                    Finding(
                        .derived, at: Position(segment.start),
                        "the index of positions \(segment.start) to \(segment.end - 1) is not what the records give. "
                            + "Reads by stream or term may miss events; the log itself is not concerned. "
                            + "Stop rapportd, delete the directory 'index', and start it again."))
            } catch {
                report.add(
                    Finding(
                        .derived, at: Position(segment.start),
                        "\(error), in positions \(segment.start) to \(segment.end - 1). Reads by stream or term "
                            + "may be refused; the log itself is not concerned. "
                            + "Stop rapportd, delete the directory 'index', and start it again."))
            }
        }
    }

    /// The sum over a segment's pairs; each key must also pass the segment's filter.
    private static func sum(of segment: Segment) throws(IndexError) -> UInt64 {
        var sum: UInt64 = 0
        var page = EntryPage(end: segment.end)
        for block in 0..<segment.blockCount {
            try segment.read(block, into: &page)
            for place in 0..<page.count {
                let key = page.key(place)
                guard try segment.mayContain(ShortKey(number: key)) else {
                    throw .damaged("a segment's filter denies a key that the segment has")
                }
                try page.forEachPosition(of: place) { position in sum &+= mixed(key, position) }
            }
        }
        return sum
    }

    /// Two numbers mixed into one.
    private static func mixed(_ key: UInt64, _ position: UInt64) -> UInt64 { (key.finalized &+ position).finalized }
}
