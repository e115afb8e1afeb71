public import EventModel

/// Records of consecutive positions, compressed part by part: a row of the log's database.
///
/// A part is the 32 records from a position that 32 divides: where an event stands follows from its position by
/// division. A block is 1 to 32 parts; its key is the number of its first part, u64 big-endian.
///
///      0  u64  XXH64 (seed 0) of the bytes from 8 to the end of the table
///      8  u32  format, 2
///     12  u32  parts n
///     16  u64  number of the first part: the position of its first record divided by 32
///     24  n ×  u32 byte count of the part's records ‖ u32 byte count compressed ‖ u64 XXH64 (seed 0) of the
///              compressed bytes
///      …  the parts: one zstd frame (RFC 8878) each, with the content checksum on; it may name a dictionary of
///         the log (``BlockDictionary``)
///
/// Integers are little-endian. Valid is a block whose two kinds of checksum are right, whose parts fill it
/// exactly, and whose parts hold 32 records each in as many bytes as they say. A part is the unit of reading: its
/// checksum is compared before it is unpacked, so damaged bytes never reach the decompressor.
public struct SealedBlock: ~Escapable {
    /// Records of one part.
    public static let partRecordCount = 32
    /// Parts of one block, at most.
    public static let partCountMax = 32
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
    private static let format: UInt32 = 2

    /// The numbers of its parts.
    public let numbers: Range<UInt64>
    private let bytes: Span<UInt8>
    /// Where each part begins; one more at the end.
    private let starts: [Int]

    /// The number of the part that holds a position.
    public static func partNumber(of position: Position) -> UInt64 { position.index / UInt64(partRecordCount) }

    /// The position of a part's first record.
    public static func first(ofPart number: UInt64) -> Position { Position(number &* UInt64(partRecordCount)) }

    /// Compares the table of a block with its checksum and its key.
    ///
    /// - Throws: ``RecordError`` unless the table is what was written under this key.
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>, key: UInt64) throws(RecordError) {
        guard bytes.count >= Self.headerByteCount, bytes.littleEndian(at: 8) == Self.format else { throw .format }
        let count = Int(bytes.littleEndian(at: 12) as UInt32)
        guard (1...Self.partCountMax).contains(count), bytes.count >= Self.row(count) else { throw .form("parts") }
        guard bytes.littleEndian(at: 0) == XXH64.hash(bytes.extracting(0..<Self.row(count)), from: 8) else {
            throw .checksum
        }
        let found: UInt64 = bytes.littleEndian(at: 16)
        guard found == key else { throw .misplaced(Self.first(ofPart: found)) }
        var starts = [Self.row(count)]
        starts.reserveCapacity(count + 1)
        for place in 0..<count {
            let byteCount: UInt32 = bytes.littleEndian(at: Self.row(place) + 4)
            starts.append(starts[place] + Int(byteCount))
        }
        guard starts[count] == bytes.count else { throw .form("trailing bytes") }
        guard key <= .max - UInt64(count) else { throw .form("number") }
        self.bytes = bytes
        self.starts = starts
        numbers = key..<key + UInt64(count)
    }

    /// A part by its number, its checksum compared.
    ///
    /// - Precondition: the block has it.
    /// - Throws: ``RecordError`` unless it is what was written.
    public func part(_ number: UInt64) throws(RecordError) -> Part {
        let frame = try frame(of: number)
        return Part(
            first: Self.first(ofPart: number), byteCount: try recordByteCount(of: number),
            frame: frame.copy(0..<frame.count))
    }

    /// The zstd frame of a part, its checksum compared.
    ///
    /// - Precondition: the block has it.
    /// - Throws: ``RecordError`` unless it is what was written.
    @_lifetime(copy self)
    public func frame(of number: UInt64) throws(RecordError) -> Span<UInt8> {
        let place = place(of: number)
        let frame = bytes.extracting(starts[place]..<starts[place + 1])
        guard XXH64.hash(frame) == bytes.littleEndian(at: Self.row(place) + 8) else { throw .checksum }
        return frame
    }

    /// Bytes of the records of a part.
    ///
    /// - Precondition: the block has it.
    /// - Throws: ``RecordError`` for more than a part may have.
    public func recordByteCount(of number: UInt64) throws(RecordError) -> Int {
        let byteCount = Int(bytes.littleEndian(at: Self.row(place(of: number))) as UInt32)
        guard byteCount <= Self.partByteCountMax else { throw .form("part") }
        return byteCount
    }

    private func place(of number: UInt64) -> Int {
        precondition(numbers.contains(number), "a part is asked of its own block")
        return Int(number - numbers.lowerBound)
    }

    /// The bytes of a block.
    ///
    /// - Precondition: there are 1 to ``partCountMax`` parts.
    public static func encode(key: UInt64, _ parts: [(byteCount: Int, frame: [UInt8])]) -> [UInt8] {
        precondition((1...partCountMax).contains(parts.count), "a block has 1 to 32 parts")
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
