internal import EventModel
internal import LMDB

/// What the writer asks of the past: who holds an id, and how far a stream has come.
///
/// It belongs to the writer's queue. One snapshot of the segments serves many look-ups; the tails are
/// asked first, so an older snapshot is complete as long as it is renewed after each flush.
final class History {
    let hasher: TermHasher
    /// Streams whose revision is kept in memory, at most; about 100 bytes each.
    private let cachedStreamCountMax: Int
    private let log: LogStore
    private let index: Index
    private var revisions: [StreamName: Revision?] = [:]
    private var reader: (segments: SegmentReader, end: Position)?

    init(_ log: LogStore, _ index: Index, cachedStreamCountMax: Int = 500_000) {
        self.log = log
        self.index = index
        self.cachedStreamCountMax = cachedStreamCountMax
        hasher = index.hasher
    }

    /// The event with an id; `nil` if there is none.
    func event(with key: EventKey) throws(AppendError) -> RecordedEvent? {
        try newest(hasher.id(key)) { $0.content.key == key }
    }

    /// Revision of a stream's newest event; `nil` if it has none.
    func revision(of stream: StreamName) throws(AppendError) -> Revision? {
        if let known = revisions[stream] { return known }
        let revision = try newest(hasher.stream(stream)) { $0.stream == stream }?.revision
        if revisions.count >= cachedStreamCountMax { revisions.removeAll(keepingCapacity: true) }
        revisions[stream] = .some(revision)
        return revision
    }

    /// Takes over what a commit made true.
    func remember(_ touched: [StreamName: Revision]) {
        for (stream, revision) in touched { revisions[stream] = .some(revision) }
    }

    private func newest(_ key: UInt64, _ matches: (RecordedEvent) -> Bool) throws(AppendError) -> RecordedEvent? {
        var found: RecordedEvent?
        var failure: ReadError?
        do throws(LMDBError) {
            try index.forEach(key, .backward, using: segments()) { position in
                do throws(ReadError) {
                    let event = try log.records(at: [position])[0]
                    if matches(event) { found = event }
                } catch {
                    failure = error
                }
                return found == nil && failure == nil
            }
        } catch {
            // A transaction that met a damaged page answers nothing more.
            reader = nil
            failure = .storage(error.description)
        }
        if let failure { throw .refused(failure.code, failure.description) }
        return found
    }

    private func segments() throws(LMDBError) -> SegmentReader {
        let end = index.segmentsEnd
        if let reader, reader.end == end { return reader.segments }
        let segments = try index.segmentReader()
        segments.isLongLived = true
        reader = (segments, end)
        return segments
    }
}
