public import EventModel

/// What the log's records have in common, by which parts of blocks are packed: a row of the log's database.
///
///      0  u64  XXH64 (seed 0) of the bytes from 8 on
///      8  u32  format, 1
///     12  u32  id, 32,768 to 2,147,483,647: RFC 8878, section 5, keeps these for private use
///     16  u64  the position after the last record that it was made from
///     24  …    a zstd dictionary (RFC 8878, section 5) with the same id
///
/// Integers are little-endian. It is made from records as blocks hold them, so there is no sealed field in it.
public struct BlockDictionary: Hashable, Sendable {
    /// The first id of a log.
    public static let firstID: UInt32 = 32_768
    private static let headerByteCount = 24
    private static let format: UInt32 = 1

    /// By which frames name it.
    public let id: UInt32
    /// The position after the last record that it was made from.
    public let end: Position
    /// The zstd dictionary.
    public let bytes: [UInt8]

    /// A dictionary from its parts.
    public init(id: UInt32, end: Position, bytes: [UInt8]) {
        self.id = id
        self.end = end
        self.bytes = bytes
    }

    /// Reads a row.
    ///
    /// - Throws: ``RecordError`` unless it is what was written for this id.
    public init(_ row: Span<UInt8>, id: UInt32) throws(RecordError) {
        guard row.count > Self.headerByteCount, row.littleEndian(at: 8) == Self.format else { throw .format }
        guard row.littleEndian(at: 0) == XXH64.hash(row, from: 8) else { throw .checksum }
        guard row.littleEndian(at: 12) == id else { throw .form("dictionary's id") }
        self.id = id
        end = Position(row.littleEndian(at: 16))
        bytes = row.copy(Self.headerByteCount..<row.count)
    }

    /// The bytes of its row.
    public var row: [UInt8] {
        var row: [UInt8] = []
        row.reserveCapacity(Self.headerByteCount + bytes.count)
        row.appendInteger(UInt64(0))
        row.appendInteger(Self.format)
        row.appendInteger(id)
        row.appendInteger(end.index)
        row.append(contentsOf: bytes)
        row.setInteger(XXH64.hash(row.span, from: 8), at: 0)
        return row
    }
}
