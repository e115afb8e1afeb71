// The file of one segment: the index entries of the events from `start` up to `end`, sorted by key.
// Numbers are little-endian. LEB128 is the unsigned encoding of DWARF 5, section 7.6.
//
//     filter       line count × 64 bytes      480 bits ‖ u32 checksum
//     blocks       one behind the other       entries ‖ u64 checksum; closed at 1,024 bytes of entries
//     block index  block count × 24 bytes     u64 key ‖ u64 position of the first entry ‖ u64 offset in the file
//     footer       80 bytes                   see `SegmentFooter`
//
// A key is 36 bits wide (`ShortKey`). An entry holds up to 256 positions of one key; further ones stand in
// further entries of the same key.
//
//     LEB128   (key - key of the entry before; 0 for a block's first) << 1 | whether there are several positions
//     LEB128   bytes of the distances below, if there are several positions
//     w bytes  first position - start, where w is the least width that holds end - start - 1
//     LEB128   for each further position its distance to the one before
//
// A file is valid if
//  1. its last 80 bytes are a footer with the magic number, whose last eight bytes are the XXH64 of the rest;
//  2. the footer's sizes add up to the file's: filter, then blocks, then block index, then footer;
//  3. the block index has the checksum that the footer names, its first offset is the filter's end, offsets
//     ascend by 9 to 65,535 bytes, and (key, position) ascend;
//  4. each block ends with the XXH64 of its entries, seeded with the key of its first entry;
//  5. entries fill their block, keys do not descend, positions of a key ascend and lie in start ..< end;
//  6. each filter line ends with the lower half of the XXH64 of its 60 bytes, seeded with its number;
//  7. the filter has every bit of every key.
//
// 1 to 3 are checked when the file is opened, 4 to 6 whenever a block or line is read, and 7 by the audit,
// which compares every entry with the records.

internal import RecordFormat

/// The end of a segment's file: what is where.
struct SegmentFooter: Hashable, Sendable {
    /// "RAPINDX1", read as a little-endian number.
    static let magic: UInt64 = 0x3158_444E_4950_4152
    static let byteCount = 80

    /// The seed of the index that the segment belongs to.
    var seed: UInt64
    /// The first position that the segment covers.
    var start: UInt64
    /// The position after the last one.
    var end: UInt64
    /// Keys in the segment.
    var keyCount: UInt64
    var lineCount: UInt64
    var blockCount: UInt64
    var blockIndexOffset: UInt64
    var blockIndexChecksum: UInt64

    /// The bytes without magic number and checksum.
    var numbers: [UInt64] {
        [seed, start, end, keyCount, lineCount, blockCount, blockIndexOffset, blockIndexChecksum]
    }

    var bytes: [UInt8] {
        var bytes = LittleEndian.bytes(of: [Self.magic] + numbers)
        bytes += LittleEndian.bytes(of: [XXH64.hash(bytes.span)])
        return bytes
    }

    /// What the footer's last eight bytes say: the name by which a manifest knows this very file.
    var checksum: UInt64 { XXH64.hash(LittleEndian.bytes(of: [Self.magic] + numbers).span) }

    init(
        seed: UInt64, start: UInt64, end: UInt64, keyCount: UInt64, lineCount: UInt64,
        blockCount: UInt64, blockIndexOffset: UInt64, blockIndexChecksum: UInt64
    ) {
        self.seed = seed
        self.start = start
        self.end = end
        self.keyCount = keyCount
        self.lineCount = lineCount
        self.blockCount = blockCount
        self.blockIndexOffset = blockIndexOffset
        self.blockIndexChecksum = blockIndexChecksum
    }

    /// Reads the footer of a file; `nil` unless conditions 1 and 2 hold.
    init?(of file: Span<UInt8>) {
        guard file.count >= Self.byteCount else { return nil }
        let bytes = file.extracting(file.count - Self.byteCount..<file.count)
        func number(_ place: Int) -> UInt64 { bytes.littleEndian(at: 8 * place) }
        guard number(0) == Self.magic, number(9) == XXH64.hash(bytes.extracting(0..<Self.byteCount - 8)) else {
            return nil
        }
        self.init(
            seed: number(1), start: number(2), end: number(3), keyCount: number(4), lineCount: number(5),
            blockCount: number(6), blockIndexOffset: number(7), blockIndexChecksum: number(8))
        let fileByteCount = UInt64(file.count)
        guard start < end, lineCount > 0, lineCount <= fileByteCount / UInt64(SegmentFilter.lineByteCount),
            blockCount <= fileByteCount / 24, blockIndexOffset <= fileByteCount,
            lineCount * UInt64(SegmentFilter.lineByteCount) <= blockIndexOffset,
            blockIndexOffset + blockCount * 24 + UInt64(Self.byteCount) == fileByteCount
        else { return nil }
    }

    /// Bytes of an entry's first position.
    var positionByteCount: Int { Self.positionByteCount(start: start, end: end) }

    static func positionByteCount(start: UInt64, end: UInt64) -> Int {
        max(1, (71 - (end - start - 1).leadingZeroBitCount) / 8)
    }
}

enum LittleEndian {
    /// Numbers in bytes, least significant byte first.
    static func bytes(of numbers: [UInt64]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * numbers.count)
        for number in numbers { bytes.appendInteger(number) }
        return bytes
    }
}

extension UInt64 {
    /// The bits mixed, so that each depends on all (the finalizer of SplitMix64; Steele, Lea and Flood, OOPSLA'14).
    var finalized: UInt64 {
        var mixed = (self ^ (self >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
