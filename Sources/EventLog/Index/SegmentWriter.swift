internal import MappedFiles
internal import RecordFormat

/// Writes a segment's file from pairs in the order of key and position, in constant memory but for the
/// block index (24 bytes per 4 KiB).
///
/// Filter and blocks grow at once, each at its own place of the file: the filter's size follows from a
/// bound on the number of keys.
struct SegmentWriter: ~Copyable {
    /// Bytes of entries at which a block is closed.
    static let blockByteCount = 4096
    /// Positions of one entry at most.
    static let positionCountMax = 256

    private let file: NewFile
    private let positionByteCount: Int
    private var footer: SegmentFooter
    private var filter: SegmentFilterWriter
    private var block = OutputBuffer()
    /// Where the open block will stand in the file.
    private var blockOffset: Int
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
        blockOffset = Int(filter.lineCount) * SegmentFilter.lineByteCount
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
        try closeBlock()
        try filter.finish(to: file)
        let index = LittleEndian.bytes(of: blockIndex)
        footer.blockCount = UInt64(blockIndex.count / 3)
        footer.blockIndexOffset = UInt64(blockOffset)
        footer.blockIndexChecksum = XXH64.hash(index.span)
        let footer = footer
        do throws(MappedFileError) {
            try file.write((index + footer.bytes).span, at: blockOffset)
            try file.finish()
        } catch {
            throw .storage(error.description)
        }
        return footer
    }

    private mutating func closeEntry() throws(IndexError) {
        guard positionCount > 0 else { return }
        if block.count >= Self.blockByteCount { try closeBlock() }
        if block.count == 0 {
            blockIndex.append(key)
            blockIndex.append(first)
            blockIndex.append(UInt64(blockOffset))
            previousKey = key
        }
        if positionCount == 1 {
            block.leb((key - previousKey) << 1)
            block.number(first - footer.start, byteCount: positionByteCount)
        } else {
            block.leb((key - previousKey) << 1 | 1)
            block.leb(UInt64(distances.count))
            block.number(first - footer.start, byteCount: positionByteCount)
            block.append(distances.bytes.span.extracting(0..<distances.count))
            distances.count = 0
        }
        previousKey = key
        positionCount = 0
    }

    private mutating func closeBlock() throws(IndexError) {
        guard block.count > 0, let key = blockIndex.dropLast(2).last else { return }
        block.number(XXH64.hash(block.bytes.span.extracting(0..<block.count), seed: key), byteCount: 8)
        try block.write(to: file, at: blockOffset)
        blockOffset += block.count
        block.count = 0
    }
}

/// Writes the lines of a filter one after the other, as keys come in their order.
struct SegmentFilterWriter: ~Copyable {
    private static let bufferedLineCount: UInt64 = 64

    let lineCount: UInt64
    /// The line that is being filled.
    private var line: UInt64 = 0
    /// Lines that are not in the file yet, the open one at the end.
    private var lines = OutputBuffer()
    private var offset = 0

    init(lineCount: UInt64) {
        self.lineCount = lineCount
        lines.zeros(SegmentFilter.lineByteCount)
    }

    @inline(__always)
    mutating func insert(_ key: ShortKey, to file: borrowing NewFile) throws(IndexError) {
        let wanted = SegmentFilter.line(of: key, lineCount: lineCount)
        while line < wanted { try closeLine(file) }
        SegmentFilter.insert(key, into: &lines, at: lines.count - SegmentFilter.lineByteCount)
    }

    /// Writes what is left, up to the last line.
    mutating func finish(to file: borrowing NewFile) throws(IndexError) {
        while line < lineCount { try closeLine(file) }
        try lines.write(to: file, at: offset)
    }

    private mutating func closeLine(_ file: borrowing NewFile) throws(IndexError) {
        let start = lines.count - SegmentFilter.lineByteCount
        let checksum = SegmentFilter.checksum(lines.bytes.span.extracting(start..<lines.count), line: line)
        lines.count -= 4
        lines.number(checksum, byteCount: 4)
        line += 1
        guard line < lineCount else { return }
        if line % Self.bufferedLineCount == 0 {
            try lines.write(to: file, at: offset)
            offset += lines.count
            lines.count = 0
        }
        lines.zeros(SegmentFilter.lineByteCount)
    }
}

/// A few KiB on their way to a file, held in place: no allocation, no reference counts.
struct OutputBuffer: ~Copyable {
    /// More than a block can have: one byte less than `SegmentWriter.blockByteCount`, an entry and a checksum.
    var bytes = [8192 of UInt8](repeating: 0)
    var count = 0

    @inline(__always)
    mutating func leb(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            count += 1
            rest >>= 7
        }
        bytes[count] = UInt8(truncatingIfNeeded: rest)
        count += 1
    }

    @inline(__always)
    mutating func number(_ number: UInt64, byteCount: Int) {
        var rest = number
        for place in count..<count + byteCount {
            bytes[place] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
        count += byteCount
    }

    mutating func append(_ other: Span<UInt8>) {
        for place in other.indices { bytes[count + place] = other[place] }
        count += other.count
    }

    mutating func zeros(_ byteCount: Int) {
        for place in count..<count + byteCount { bytes[place] = 0 }
        count += byteCount
    }

    func write(to file: borrowing NewFile, at offset: Int) throws(IndexError) {
        do throws(MappedFileError) {
            try file.write(bytes.span.extracting(0..<count), at: offset)
        } catch {
            throw .storage(error.description)
        }
    }
}
