public import EventModel

/// Records of consecutive positions, compressed part by part: a row of the log's database.
///
/// A part is the 64 records from a position that 64 divides: where an event stands follows from its position by
/// division. A block is 1 to 16 parts; its key is the number of its first part, u64 big-endian.
///
///      0  u64  XXH64 (seed 0) of the bytes from 8 to the end of the table
///      8  u32  format, 1
///     12  u32  parts n
///     16  u64  number of the first part: the position of its first record divided by 64
///     24  n ×  u32 byte count of the part's records ‖ u32 byte count compressed ‖ u64 XXH64 (seed 0) of the
///              compressed bytes
///      …  the parts: one zstd frame (RFC 8878) each, with the content checksum on
///
/// Integers are little-endian. Valid is a block whose two kinds of checksum are right, whose parts fill it
/// exactly, and whose parts hold 64 records each in as many bytes as they say. A part is the unit of reading: its
/// checksum is compared before it is unpacked, so damaged bytes never reach the decompressor.
public enum SealedBlock {
    /// Records of one part.
    public static let partRecordCount = 64
    /// Parts of one block, at most.
    public static let partCountMax = 16
    /// Bytes of the records of one part, at most: the largest event in every place.
    public static let partByteCountMax = partRecordCount * (Limits.eventDataByteCountMax + 8192)

    /// One part of a block.
    public struct Part: Hashable, Sendable {
        /// Position of its first record.
        public let first: Position
        /// Bytes of its records.
        public let byteCount: Int
        /// The zstd frame.
        public let frame: [UInt8]
    }

    private static let headerByteCount = 24
    private static let rowByteCount = 16
    private static let format: UInt32 = 1

    /// The number of the part that holds a position.
    public static func partNumber(of position: Position) -> UInt64 { position.index / UInt64(partRecordCount) }

    /// A part of a block by its number, its checksums compared; `nil` past the block's last.
    ///
    /// - Throws: ``RecordError`` unless the table and this part are what was written under this key.
    public static func part(_ number: UInt64, in bytes: Span<UInt8>, key: UInt64) throws(RecordError) -> Part? {
        let count = try partCount(bytes, key: key)
        guard number >= key, number - key < UInt64(count) else { return nil }
        let place = Int(number - key)
        var start = headerByteCount + count * rowByteCount
        for before in 0..<place { start += Int(bytes.littleEndian(at: row(before) + 4) as UInt32) }
        let byteCount = Int(bytes.littleEndian(at: row(place)) as UInt32)
        let end = start + Int(bytes.littleEndian(at: row(place) + 4) as UInt32)
        guard end <= bytes.count, byteCount <= partByteCountMax else { throw .form("part") }
        let frame = bytes.copy(start..<end)
        guard XXH64.hash(frame.span) == bytes.littleEndian(at: row(place) + 8) else { throw .checksum }
        return Part(first: Position(number * UInt64(partRecordCount)), byteCount: byteCount, frame: frame)
    }

    /// Compares the table of a block with its checksum and its key, and returns the number of parts.
    ///
    /// - Throws: ``RecordError``.
    public static func partCount(_ bytes: Span<UInt8>, key: UInt64) throws(RecordError) -> Int {
        guard bytes.count >= headerByteCount, bytes.littleEndian(at: 8) == format else { throw .format }
        let count = Int(bytes.littleEndian(at: 12) as UInt32)
        guard (1...partCountMax).contains(count), bytes.count >= row(count) else { throw .form("parts") }
        guard bytes.littleEndian(at: 0) == XXH64.hash(bytes.extracting(0..<row(count)), from: 8) else {
            throw .checksum
        }
        let found: UInt64 = bytes.littleEndian(at: 16)
        guard found == key else { throw .misplaced(Position(found &* UInt64(partRecordCount))) }
        var end = row(count)
        for place in 0..<count { end += Int(bytes.littleEndian(at: row(place) + 4) as UInt32) }
        guard end == bytes.count else { throw .form("trailing bytes") }
        return count
    }

    /// The bytes of a block.
    ///
    /// - Precondition: there are 1 to ``partCountMax`` parts.
    public static func encode(key: UInt64, _ parts: [(byteCount: Int, frame: [UInt8])]) -> [UInt8] {
        precondition((1...partCountMax).contains(parts.count), "a block has 1 to 16 parts")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(row(parts.count)) { $0 + $1.frame.count })
        bytes.appendInteger(UInt64(0))
        bytes.appendInteger(format)
        bytes.appendInteger(UInt32(parts.count))
        bytes.appendInteger(key)
        for part in parts {
            bytes.appendInteger(UInt32(part.byteCount))
            bytes.appendInteger(UInt32(part.frame.count))
            bytes.appendInteger(XXH64.hash(part.frame.span))
        }
        bytes.setInteger(XXH64.hash(bytes.span, from: 8), at: 0)
        for part in parts { bytes.append(contentsOf: part.frame) }
        return bytes
    }

    private static func row(_ place: Int) -> Int { headerByteCount + place * rowByteCount }
}
