internal import EventModel
internal import LMDB
internal import RecordFormat

/// Compares the index with the records in constant memory.
///
/// Every (key, position) pair is hashed, and the hashes are added up per segment: once over the records,
/// once over the segment's rows. Equal multisets give equal sums; different ones differ but for one chance
/// in 2^64.
struct IndexAudit {
    private let reader: SegmentReader
    private let hasher: TermHasher
    private var sums: [UInt64]
    private var current = 0

    init(at directory: String, extractorVersion: UInt32) throws(LMDBError) {
        let segments = try SegmentStore(at: directory, extractorVersion: extractorVersion, isReadOnly: true)
        reader = try segments.reader()
        hasher = segments.hasher
        sums = [UInt64](repeating: 0, count: reader.manifest.segments.count)
    }

    /// Adds what an event must have in the index.
    mutating func add(_ event: RecordedEvent, _ extractor: TermExtractor) {
        while current < sums.count, event.position.index >= reader.manifest.segments[current].end { current += 1 }
        guard current < sums.count else { return }
        let references = extractor.references(event.content.type, event.stream, event.content.data)
        for key in Set(hasher.keys(of: event.content, in: event.stream, references: references)) {
            sums[current] &+= Self.pair(key, event.position.index)
        }
    }

    /// Compares with what the segments hold.
    func compare(_ report: inout LogAuditReport) {
        report.indexedEventCount = reader.manifest.end
        for (segment, sum) in zip(reader.manifest.segments, sums) {
            do throws(LMDBError) {
                var found: UInt64 = 0
                var stream = SegmentStream(segment, in: reader)
                try stream.start()
                while let row = stream.current {
                    for position in row.positions { found &+= Self.pair(row.key, position) }
                    try stream.advance()
                }
                guard found != sum else { continue }
                report.add(
                    Finding(
                        .derived, at: Position(segment.start),
                        "the index of positions \(segment.start) to \(segment.end - 1) is not what the records give. "
                            + "Reads by stream or term may miss events; the log itself is not concerned. "
                            + "Stop rapportd, delete the directory 'index', and start it again."))
            } catch {
                report.add(
                    Finding(.corruption, "the index did not answer: \(error). Delete 'index' and start rapportd."))
            }
        }
    }

    private static func pair(_ key: UInt64, _ position: UInt64) -> UInt64 {
        XXH64.hash((key.bigEndianBytes + position.bigEndianBytes).span)
    }
}
