internal import EventModel
internal import LMDB

/// Immutable sorted parts of the index, in one LMDB environment.
///
/// Each segment fills a slot, a database of its own, written once at its right edge. Four neighbours of
/// one tier are merged into one of the next, so an entry is rewritten once per fourfold growth and a
/// look-up probes a handful of segments, most of them answered by their Bloom filter alone.
/// Slots and manifest change in one transaction: a reader sees the one state or the other.
final class SegmentStore: Sendable {
    static let slotCount: UInt8 = 48
    static let mergeCount = 4
    private static let manifestKey = Array("manifest".utf8)

    private let environment: Environment
    private let meta: Database
    private let filters: Database
    private let slots: [Database]
    /// Version and seed of the index as it was opened.
    let hasher: TermHasher

    init(at directory: String, extractorVersion: UInt32, isReadOnly: Bool) throws(LMDBError) {
        environment = try Environment(
            at: directory, options: .init(databaseCountMax: Int(Self.slotCount) + 4, isReadOnly: isReadOnly))
        guard let meta = try environment.database("meta"), let filters = try environment.database("filters") else {
            throw .corrupted("the index was never written")
        }
        self.meta = meta
        self.filters = filters
        var slots: [Database] = []
        for slot in 0..<Self.slotCount { slots.append(try environment.database("slot-\(slot)") ?? .none) }
        self.slots = slots
        let stored = try environment.read { transaction throws(LMDBError) in
            try transaction.value(of: Self.manifestKey, in: meta).flatMap { Manifest($0) }
        }
        if let stored, stored.extractorVersion == extractorVersion {
            hasher = TermHasher(seed: stored.seed)
            return
        }
        guard !isReadOnly else { throw .corrupted("the index was built by another version of the catalog") }
        let fresh = Manifest(extractorVersion: extractorVersion, seed: UInt64.random(in: 0 ... .max))
        hasher = TermHasher(seed: fresh.seed)
        try environment.write { transaction throws(LMDBError) in
            for slot in slots { try transaction.empty(slot) }
            try transaction.empty(filters)
            try transaction.put(fresh.bytes, for: Self.manifestKey, in: meta)
        }
    }

    /// One consistent state of all segments.
    func reader() throws(LMDBError) -> SegmentReader {
        let transaction = try environment.snapshot()
        guard let manifest = try transaction.value(of: Self.manifestKey, in: meta).flatMap({ Manifest($0) }) else {
            throw .corrupted("the index has no manifest")
        }
        return SegmentReader(transaction, manifest, slots, filters)
    }

    /// Writes a tail as the newest segment, then merges where four neighbours have one tier.
    func flush(_ tail: IndexTail) throws(LMDBError) {
        let manifest = try reader().manifest
        precondition(manifest.end == tail.start.index, "segments follow each other without gap")
        var keys = tail.sortedKeys.makeIterator()
        try write(tier: 0, start: tail.start.index, end: tail.end.index, keyCount: tail.keyCount, replacing: 0) {
            keys.next().map { ($0, tail.positions(of: $0)) }
        }
        // The tail is safe; a merge that fails is tried again after the next one.
        while (try? mergeNewest()) == true {}
    }

    private func mergeNewest() throws(LMDBError) -> Bool {
        let reader = try reader()
        let newest = reader.manifest.segments.suffix(Self.mergeCount)
        guard newest.count == Self.mergeCount, let first = newest.first, let last = newest.last,
            newest.allSatisfy({ $0.tier == first.tier })
        else { return false }
        var streams = newest.map { SegmentStream($0, in: reader) }
        for index in streams.indices { try streams[index].start() }
        let keyCount = try reader.filterByteCounts(of: Array(newest)) * 8 / 10
        try write(
            tier: first.tier + 1, start: first.start, end: last.end, keyCount: keyCount, replacing: newest.count
        ) { () throws(LMDBError) in
            guard let key = streams.compactMap({ $0.current?.key }).min() else { return nil }
            var positions: [UInt64] = []
            for index in streams.indices {
                while let row = streams[index].current, row.key == key {
                    positions += row.positions
                    try streams[index].advance()
                }
            }
            return (key, positions)
        }
        return true
    }

    /// Writes a segment at the right end of the manifest, in place of the `replacing` newest ones.
    private func write(
        tier: UInt8, start: UInt64, end: UInt64, keyCount: Int, replacing: Int,
        _ nextKey: () throws(LMDBError) -> (key: UInt64, positions: [UInt64])?
    ) throws(LMDBError) {
        var manifest = try reader().manifest
        let used = Set(manifest.segments.map(\.slot))
        guard let slot = (0..<Self.slotCount).first(where: { !used.contains($0) }) else {
            throw .corrupted("no slot of the index is free")
        }
        let replaced = manifest.segments.suffix(replacing)
        manifest.segments.removeLast(replacing)
        manifest.segments.append(Manifest.Segment(slot: slot, tier: tier, start: start, end: end))
        var filter = BloomFilter(keyCount: keyCount)
        try environment.write { transaction throws(LMDBError) in
            let database = slots[Int(slot)]
            while let (key, positions) = try nextKey() {
                filter.insert(key)
                for start in stride(from: 0, to: positions.count, by: Postings.positionCountMax) {
                    let end = min(start + Postings.positionCountMax, positions.count)
                    guard let row = Postings.encode(key, positions[start..<end]) else { continue }
                    try transaction.append(row.value, for: row.key, to: database)
                }
            }
            try transaction.put(filter.bytes, for: [slot], in: filters)
            for segment in replaced {
                try transaction.empty(slots[Int(segment.slot)])
                try transaction.delete([segment.slot], in: filters)
            }
            try transaction.put(manifest.bytes, for: Self.manifestKey, in: meta)
        }
    }
}
