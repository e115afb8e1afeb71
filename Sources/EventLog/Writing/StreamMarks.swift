internal import EventModel
internal import RecordFormat

/// A stream by two hashes of its name: 128 bits that no two streams of a log share but for one chance in 2^80 or so
/// at ten million streams.
///
/// The first hash is the stream's key in the index, seeded at random; the second has a seed of its own.
struct StreamMark: Hashable {
    let key: UInt64
    let check: UInt64

    init(key: UInt64, check: UInt64) {
        self.key = key
        self.check = check
    }

    /// The mark of the stream of the newest record.
    init(key: UInt64, of record: borrowing RecordWriter) {
        let name = record.bytes.span.extracting(record.range(of: .stream))
        self.init(key: key, check: XXH64.hash(name, seed: 0x7261_7070_6F72_7421))
    }
}

/// Newest revisions of the streams that were written lately: some 64 bytes each, bounded in number.
///
/// Two generations: when the younger one is full it becomes the older one, and what was not touched since is
/// forgotten. Whatever is missing here is found through the index.
struct StreamMarks {
    private let countMax: Int
    private var young = KeyTable<UInt64>()
    private var old = KeyTable<UInt64>()

    init(countMax: Int) { self.countMax = max(2, countMax) }

    subscript(mark: StreamMark) -> Revision? {
        (young[mark.key, mark.check] ?? old[mark.key, mark.check]).map { Revision($0) }
    }

    mutating func insert(_ revision: Revision, for mark: StreamMark) {
        if young.count >= countMax / 2 {
            old = young
            young = KeyTable()
        }
        young.set(revision.index, mark.key, mark.check)
    }
}
