internal import EventModel
internal import LMDB

/// The segments of the index as of one snapshot.
final class SegmentReader {
    let manifest: Manifest
    /// Whether so many look-ups will follow that copying the filters pays.
    var isLongLived = false
    private let transaction: ReadTransaction
    private let slots: [Database]
    private let filters: Database
    /// Filters read so far: a reader that lives for many look-ups copies each once.
    private var loadedFilters: [UInt8: [UInt8]] = [:]

    init(_ transaction: ReadTransaction, _ manifest: Manifest, _ slots: [Database], _ filters: Database) {
        self.transaction = transaction
        self.manifest = manifest
        self.slots = slots
        self.filters = filters
    }

    /// Hands the positions of a key to `body` in the given direction, from `start` on, until it returns
    /// `false`. Returns whether it went through to the end.
    func forEach(
        _ key: UInt64, from start: UInt64, _ direction: ReadDirection, _ body: (UInt64) -> Bool
    ) throws(LMDBError) -> Bool {
        let segments = direction == .forward ? manifest.segments : manifest.segments.reversed()
        for segment in segments {
            let isInReach = direction == .forward ? segment.end > start : segment.start <= start
            guard isInReach, try mayContain(key, segment) else { continue }
            guard try forEach(key, in: segment, from: start, direction, body) else { return false }
        }
        return true
    }

    private func mayContain(_ key: UInt64, _ segment: Manifest.Segment) throws(LMDBError) -> Bool {
        if let filter = loadedFilters[segment.slot] { return BloomFilter.mayContain(key, in: filter.span) }
        guard isLongLived else {
            return try transaction.withValue(of: [segment.slot], in: filters) { BloomFilter.mayContain(key, in: $0) }
                ?? true
        }
        let filter = try transaction.value(of: [segment.slot], in: filters) ?? []
        loadedFilters[segment.slot] = filter
        return BloomFilter.mayContain(key, in: filter.span)
    }

    private func forEach(
        _ key: UInt64, in segment: Manifest.Segment, from start: UInt64, _ direction: ReadDirection,
        _ body: (UInt64) -> Bool
    ) throws(LMDBError) -> Bool {
        try transaction.withCursor(in: slots[Int(segment.slot)]) { cursor throws(LMDBError) in
            // The row that covers `start` begins at or before it.
            var isOnRow = try cursor.seek(atOrBefore: Postings.rowKey(key, start))
            if direction == .forward, !isOnRow || cursor.key.bigEndianPosition != key {
                isOnRow = try isOnRow ? cursor.next() : cursor.first()
            }
            while isOnRow {
                let row = cursor.withRow { Postings.decode($0, $1) }
                guard row.key == key else { return true }
                let positions = direction == .forward ? row.positions : row.positions.reversed()
                for position in positions where direction == .forward ? position >= start : position <= start {
                    guard body(position) else { return false }
                }
                isOnRow = try direction == .forward ? cursor.next() : cursor.previous()
            }
            return true
        }
    }

    /// Up to `count` rows of a segment that follow a row key.
    func rows(
        of segment: Manifest.Segment, after last: [UInt8]?, count: Int
    ) throws(LMDBError) -> [(rowKey: [UInt8], key: UInt64, positions: [UInt64])] {
        var rows: [(rowKey: [UInt8], key: UInt64, positions: [UInt64])] = []
        rows.reserveCapacity(count)
        try transaction.withCursor(in: slots[Int(segment.slot)]) { cursor throws(LMDBError) in
            var isOnRow = if let last { try cursor.seek(atOrAfter: last) } else { try cursor.first() }
            if isOnRow, let last, cursor.key == last { isOnRow = try cursor.next() }
            while isOnRow, rows.count < count {
                let row = cursor.withRow { Postings.decode($0, $1) }
                rows.append((cursor.key, row.key, row.positions))
                isOnRow = try cursor.next()
            }
        }
        return rows
    }

    /// Bytes of the filters of some segments, together.
    func filterByteCounts(of segments: [Manifest.Segment]) throws(LMDBError) -> Int {
        var sum = 0
        for segment in segments {
            sum += try transaction.withValue(of: [segment.slot], in: filters) { $0.count } ?? 0
        }
        return sum
    }
}

/// The rows of one segment in order, read ahead in small pages.
struct SegmentStream {
    private let segment: Manifest.Segment
    private let reader: SegmentReader
    private var page: [(rowKey: [UInt8], key: UInt64, positions: [UInt64])] = []
    private var place = 0

    init(_ segment: Manifest.Segment, in reader: SegmentReader) {
        self.segment = segment
        self.reader = reader
    }

    /// Reads the first page.
    mutating func start() throws(LMDBError) { page = try reader.rows(of: segment, after: nil, count: 1024) }

    /// The current row; `nil` at the end.
    var current: (key: UInt64, positions: [UInt64])? {
        place < page.count ? (page[place].key, page[place].positions) : nil
    }

    /// Goes to the next row.
    mutating func advance() throws(LMDBError) {
        place += 1
        guard place == page.count, let last = page.last?.rowKey else { return }
        page = try reader.rows(of: segment, after: last, count: 1024)
        place = 0
    }
}
