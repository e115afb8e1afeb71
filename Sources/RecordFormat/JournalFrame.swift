public import EventModel

/// One commit in the journal: its records behind a header, in whole 4 KiB pages.
///
///      0  8    magic FF 52 50 4A 52 4E 4C 02 (never UTF-8, so no text can contain one)
///      8  u64  XXH64 of the bytes from 16 to the byte count; its seed is the XXH64 of the log's identity
///     16  u64  position of the first record
///     24  u32  records
///     28  u32  byte count, header included, padding not
///     32  records
///
/// Integers are little-endian. A frame begins at a multiple of 4,096 bytes and is padded with zeros to the next.
/// Valid is a frame with this magic, a right checksum, and exactly as many records as it says. A file may hold
/// frames of an earlier round behind those of this one: their events are sealed, which tells them apart.
public enum JournalFrame {
    /// Frames begin at multiples of this: a sector of every disk, and a page of the page cache.
    public static let pageByteCount = 4096
    /// Bytes in front of the records.
    public static let headerByteCount = 32

    private static let magic: UInt64 = 0x024C_4E52_4A50_52FF

    /// Bytes that a frame takes in the file.
    public static func paddedByteCount(_ byteCount: Int) -> Int {
        (byteCount + pageByteCount - 1) / pageByteCount * pageByteCount
    }

    /// Writes the header in front of the records that stand behind its place.
    ///
    /// - Parameter log: the log's identity, so that a frame of another log is none here.
    public static func seal(_ bytes: inout [UInt8], first: Position, count: Int, of log: String) {
        bytes.setInteger(magic, at: 0)
        bytes.setInteger(first.index, at: 16)
        bytes.setInteger(UInt32(count), at: 24)
        bytes.setInteger(UInt32(bytes.count), at: 28)
        bytes.setInteger(checksum(of: bytes.span, in: log), at: 8)
    }

    /// What the header at the beginning of some bytes announces; `nil` if it is none.
    public static func announced(_ bytes: Span<UInt8>) -> (first: Position, byteCount: Int)? {
        guard bytes.count >= headerByteCount, bytes.littleEndian(at: 0) == magic else { return nil }
        let byteCount = Int(bytes.littleEndian(at: 28) as UInt32)
        guard byteCount >= headerByteCount else { return nil }
        return (Position(bytes.littleEndian(at: 16)), byteCount)
    }

    /// The records of a whole frame without its padding.
    ///
    /// - Throws: ``RecordError`` unless the frame is valid, and of this log.
    public static func run(_ frame: [UInt8], of log: String) throws(RecordError) -> RecordRun {
        let span = frame.span
        guard let (first, byteCount) = announced(span), byteCount == frame.count else { throw .format }
        guard span.littleEndian(at: 8) == checksum(of: span, in: log) else { throw .checksum }
        let count = Int(span.littleEndian(at: 24) as UInt32)
        return try RecordRun(first: first, count: count, in: frame, from: headerByteCount)
    }

    private static func checksum(of frame: Span<UInt8>, in log: String) -> UInt64 {
        XXH64.hash(frame, from: 16, seed: XXH64.hash(Array(log.utf8).span))
    }
}
