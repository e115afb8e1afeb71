internal import MappedFiles
internal import RecordFormat
internal import Synchronization

/// One immutable sorted part of the index, in a mapped file (layout in `SegmentFormat.swift`).
///
/// The block index is held in memory (24 bytes per KiB); filter and blocks are read through the mapping
/// and checked at every read. Nothing that the file says is believed before its checksum was right.
final class Segment: Sendable {
    let entry: Manifest.Segment
    let footer: SegmentFooter
    private let file: MappedFile
    private let path: String
    private let isReadOnly: Bool
    /// Key and position of each block's first entry, and where it begins; one more offset for the end.
    private let keys: [UInt64]
    private let positions: [UInt64]
    private let offsets: [Int]
    private let damage = Atomic(false)

    var start: UInt64 { footer.start }
    var end: UInt64 { footer.end }
    var blockCount: Int { keys.count }
    var byteCount: Int { file.byteCount }
    /// Whether a read has found bytes that are not what was written.
    var isDamaged: Bool { damage.load(ordering: .relaxed) }

    /// Opens the file that a manifest's entry names; throws unless conditions 1 to 3 hold.
    init(_ entry: Manifest.Segment, at path: String, seed: UInt64, isReadOnly: Bool) throws(IndexError) {
        self.entry = entry
        self.path = path
        self.isReadOnly = isReadOnly
        do throws(MappedFileError) {
            file = try MappedFile(at: path)
        } catch {
            throw error.isMissing ? .damaged("the file of a segment is missing") : .storage(error.description)
        }
        let footer = file.withBytes { SegmentFooter(of: $0) }
        guard let footer, footer.seed == seed, footer.checksum == entry.checksum, footer.start == entry.start,
            footer.end == entry.end
        else { throw .damaged("a segment's file is not the one that the manifest names") }
        self.footer = footer
        (keys, positions, offsets) = try file.withBytes { bytes throws(IndexError) in
            try Self.blockIndex(of: bytes, footer)
        }
    }

    /// The block index of a file; throws unless condition 3 holds.
    private static func blockIndex(
        of file: Span<UInt8>, _ footer: SegmentFooter
    ) throws(IndexError) -> (keys: [UInt64], positions: [UInt64], offsets: [Int]) {
        let indexStart = Int(footer.blockIndexOffset)
        let index = file.extracting(indexStart..<file.count - SegmentFooter.byteCount)
        guard XXH64.hash(index) == footer.blockIndexChecksum else {
            throw .damaged("the block index of a segment does not have its checksum")
        }
        let blockCount = Int(footer.blockCount)
        var keys = [UInt64](repeating: 0, count: blockCount)
        var positions = keys
        var offsets = [Int](repeating: indexStart, count: blockCount + 1)
        for block in 0..<blockCount {
            keys[block] = index.littleEndian(at: 24 * block)
            positions[block] = index.littleEndian(at: 24 * block + 8)
            offsets[block] = index.littleEndian(at: 24 * block + 16)
        }
        // From the filter's end on, ascending and below the index: so every block lies inside the file.
        var isInOrder = offsets[0] == Int(footer.lineCount) * SegmentFilter.lineByteCount
        for block in 0..<blockCount where isInOrder {
            isInOrder =
                offsets[block] < indexStart && offsets[block + 1] > offsets[block] + 8
                && offsets[block + 1] - offsets[block] <= 65_535
            guard block > 0 else { continue }
            isInOrder = isInOrder && (keys[block - 1], positions[block - 1]) < (keys[block], positions[block])
        }
        guard isInOrder else { throw .damaged("the block index of a segment is out of order") }
        return (keys, positions, offsets)
    }

    /// Whether the segment may have a key.
    func mayContain(_ key: ShortKey) throws(IndexError) -> Bool {
        do throws(IndexError) {
            return try file.withBytes { bytes throws(IndexError) in
                try SegmentFilter.mayContain(key, in: bytes, lineCount: footer.lineCount)
            }
        } catch {
            throw noting(error)
        }
    }

    /// Sets the flag of each key that the segment may have.
    func flag(_ keys: [ShortKey], _ flags: inout [Bool]) throws(IndexError) {
        do throws(IndexError) {
            try file.withBytes { bytes throws(IndexError) in
                try SegmentFilter.flag(keys, in: bytes, lineCount: footer.lineCount, &flags)
            }
        } catch {
            throw noting(error)
        }
    }

    /// Appends positions of a key at or after a bound, oldest first: those of the first block that has some.
    ///
    /// - Parameter block: The first block that may have some; afterwards the one behind the last that was looked into.
    func collect(
        _ key: ShortKey, atOrAfter bound: UInt64, from block: inout Int, to found: inout [UInt64]
    ) throws(IndexError) {
        guard block < keys.count, keys[block] <= key.number else { return }
        block = max(block, lastBlock(atOrBefore: key, bound) ?? 0)
        let count = found.count
        while block < keys.count, found.count == count, keys[block] <= key.number {
            try scan(block, for: key) { position in
                if position >= bound { found.append(position) }
            }
            block += 1
        }
    }

    /// Appends positions of a key at or before a bound, newest first: those of the last entry that
    /// has some.
    func collect(_ key: ShortKey, atOrBefore bound: UInt64, to found: inout [UInt64]) throws(IndexError) {
        guard let block = lastBlock(atOrBefore: key, bound) else { return }
        let first = found.count
        do throws(IndexError) {
            try withEntries(of: block) { bytes throws(IndexError) in
                var reader = EntryReader(base: keys[block], footer)
                var newest: EntryReader?
                while try reader.next(in: bytes), reader.key <= key.number {
                    guard reader.key == key.number else { continue }
                    guard try reader.firstPosition(in: bytes) <= bound else { break }
                    newest = reader
                }
                try newest?.forEachPosition(in: bytes) { position in
                    if position <= bound { found.append(position) }
                }
            }
        } catch {
            throw noting(error)
        }
        found[first...].reverse()
    }

    /// How many blocks have entries of a key, at most: a measure of how common it is.
    func blockCount(of key: ShortKey) -> Int {
        guard let last = lastBlock(atOrBefore: key, .max) else { return 0 }
        return last - (lastBlock(atOrBefore: key, 0) ?? 0) + 1
    }

    /// The last block whose first entry does not lie past a pair.
    private func lastBlock(atOrBefore key: ShortKey, _ position: UInt64) -> Int? {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if (keys[middle], positions[middle]) <= (key.number, position) { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    private func scan(_ block: Int, for key: ShortKey, _ body: (UInt64) -> Void) throws(IndexError) {
        do throws(IndexError) {
            try withEntries(of: block) { bytes throws(IndexError) in
                var reader = EntryReader(base: keys[block], footer)
                while try reader.next(in: bytes), reader.key <= key.number {
                    if reader.key == key.number { try reader.forEachPosition(in: bytes, body) }
                }
            }
        } catch {
            throw noting(error)
        }
    }

    /// Reads all entries of a block.
    func read(_ block: Int, into page: inout EntryPage) throws(IndexError) {
        do throws(IndexError) {
            try withEntries(of: block) { bytes throws(IndexError) in
                try page.read(bytes, EntryReader(base: keys[block], footer))
            }
        } catch {
            throw noting(error)
        }
    }

    /// Lends the entries of a block, after its checksum was compared.
    private func withEntries(
        of block: Int, _ body: (Span<UInt8>) throws(IndexError) -> Void
    ) throws(IndexError) {
        try file.withBytes { file throws(IndexError) in
            let bytes = file.extracting(offsets[block]..<offsets[block + 1])
            let entries = bytes.extracting(0..<bytes.count - 8)
            guard bytes.littleEndian(at: entries.count) == XXH64.hash(entries, seed: keys[block]) else {
                throw .damaged("a block of a segment does not have its checksum")
            }
            try body(entries)
        }
    }

    /// Notes that bytes are not what was written, and takes the file away, so that the next opening builds
    /// this segment and those behind it anew from the log.
    private func noting(_ error: IndexError) -> IndexError {
        guard case .damaged = error, !damage.exchange(true, ordering: .relaxed), !isReadOnly else { return error }
        NewFile.removeUnnamed(path)
        return error
    }
}
