internal import MappedFiles
internal import RecordFormat

/// Writes a segment's file from pairs in the order of key and position, in constant memory but for the
/// block index (24 bytes per KiB).
///
/// Filter and blocks grow at once, each at its own place of the file: the filter's size follows from a
/// bound on the number of keys.
struct SegmentWriter: ~Copyable {
    /// Bytes of entries at which a block is closed. A look-up hashes one block and passes half of its entries, so
    /// small ones make it cheap; each costs 32 bytes beside its entries.
    static let blockByteCount = 1024
    /// Bytes of closed blocks that are written together.
    private static let writtenByteCount = 4096
    /// Positions of one entry at most.
    static let positionCountMax = 256

    private let file: NewFile
    private let positionByteCount: Int
    private var footer: SegmentFooter
    private var filter: SegmentFilterWriter
    /// Closed blocks that are not in the file yet, the open one at the end.
    private var blocks = OutputBuffer()
    /// Where those will stand in the file.
    private var blocksOffset: Int
    /// Where the open block begins among them.
    private var blockStart = 0
    private var blockIndex: [UInt64] = []
    /// The key of the newest entry in the open block.
    private var previousKey: UInt64 = 0
    /// The open entry: its key, its positions, and the distances between them.
    private var key: UInt64 = .max
    private var first: UInt64 = 0
    private var last: UInt64 = 0
    private var positionCount = 0
    private var distances = OutputBuffer()

    /// Begins a segment over `start ..< end` that has `keyCountMax` keys at most.
    init(at path: String, seed: UInt64, start: UInt64, end: UInt64, keyCountMax: UInt64) throws(IndexError) {
        precondition(start < end, "a segment covers at least one event")
        do throws(MappedFileError) {
            file = try NewFile(at: path)
        } catch {
            throw .storage(error.description)
        }
        positionByteCount = SegmentFooter.positionByteCount(start: start, end: end)
        filter = SegmentFilterWriter(lineCount: SegmentFilter.lineCount(forKeys: keyCountMax))
        footer = SegmentFooter(
            seed: seed, start: start, end: end, keyCount: 0, lineCount: filter.lineCount,
            blockCount: 0, blockIndexOffset: 0, blockIndexChecksum: 0)
        blocksOffset = Int(filter.lineCount) * SegmentFilter.lineByteCount
    }

    /// Adds a pair; one that stands already is passed over.
    @inline(__always)
    mutating func add(_ newKey: UInt64, _ position: UInt64) throws(IndexError) {
        if newKey == key {
            guard position != last else { return }
            precondition(position > last, "positions of a key ascend")
            if positionCount > 0, positionCount < Self.positionCountMax {
                distances.leb(position - last)
                last = position
                positionCount += 1
                return
            }
            try closeEntry()
        } else {
            try begin(newKey)
        }
        first = position
        last = position
        positionCount = 1
    }

    /// Adds an entry as it stands in another segment.
    mutating func add(_ newKey: UInt64, _ position: UInt64, distances copied: Span<UInt8>) throws(IndexError) {
        if newKey == key {
            precondition(position > last, "positions of a key ascend")
            try closeEntry()
        } else {
            try begin(newKey)
        }
        first = position
        last = position
        positionCount = Self.positionCountMax
        distances.append(copied)
        try closeEntry()
    }

    private mutating func begin(_ newKey: UInt64) throws(IndexError) {
        try closeEntry()
        precondition(key == .max || newKey > key, "keys ascend")
        key = newKey
        footer.keyCount += 1
        try filter.insert(ShortKey(number: newKey), to: file)
    }

    /// Completes the file, syncs it and gives it its name.
    consuming func finish() throws(IndexError) -> SegmentFooter {
        try closeEntry()
        closeBlock()
        try writeBlocks()
        try filter.finish(to: file)
        let index = LittleEndian.bytes(of: blockIndex)
        footer.blockCount = UInt64(blockIndex.count / 3)
        footer.blockIndexOffset = UInt64(blocksOffset)
        footer.blockIndexChecksum = XXH64.hash(index.span)
        let footer = footer
        do throws(MappedFileError) {
            try file.write((index + footer.bytes).span, at: blocksOffset)
            try file.finish()
        } catch {
            throw .storage(error.description)
        }
        return footer
    }

    private mutating func closeEntry() throws(IndexError) {
        guard positionCount > 0 else { return }
        if blocks.count - blockStart >= Self.blockByteCount {
            closeBlock()
            if blocks.count >= Self.writtenByteCount { try writeBlocks() }
        }
        if blocks.count == blockStart {
            blockIndex.append(key)
            blockIndex.append(first)
            blockIndex.append(UInt64(blocksOffset + blockStart))
            previousKey = key
        }
        if positionCount == 1 {
            blocks.leb((key - previousKey) << 1)
            blocks.number(first - footer.start, byteCount: positionByteCount)
        } else {
            blocks.leb((key - previousKey) << 1 | 1)
            blocks.leb(UInt64(distances.count))
            blocks.number(first - footer.start, byteCount: positionByteCount)
            blocks.append(distances.bytes.span.extracting(0..<distances.count))
            distances.count = 0
        }
        previousKey = key
        positionCount = 0
    }

    private mutating func closeBlock() {
        guard blocks.count > blockStart, let key = blockIndex.dropLast(2).last else { return }
        let checksum = XXH64.hash(blocks.bytes.span.extracting(blockStart..<blocks.count), seed: key)
        blocks.number(checksum, byteCount: 8)
        blockStart = blocks.count
    }

    /// Writes the closed blocks.
    ///
    /// - Precondition: no block is open.
    private mutating func writeBlocks() throws(IndexError) {
        try blocks.write(to: file, at: blocksOffset)
        blocksOffset += blocks.count
        blocks.count = 0
        blockStart = 0
    }
}
