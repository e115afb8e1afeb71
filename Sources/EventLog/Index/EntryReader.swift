internal import RecordFormat

/// Goes through the entries of one block; every length is checked before it is believed.
struct EntryReader {
    /// The key of the current entry.
    private(set) var key: UInt64
    private let start: UInt64
    private let eventCount: UInt64
    private let positionByteCount: Int
    private var offset = 0
    /// Where the current entry's first position stands.
    private var firstOffset = 0

    init(base: UInt64, _ footer: SegmentFooter) {
        key = base
        start = footer.start
        eventCount = footer.end - footer.start
        positionByteCount = footer.positionByteCount
    }

    /// Goes to the next entry; `false` at the end of the block.
    @inline(__always)
    mutating func next(in bytes: Span<UInt8>) throws(IndexError) -> Bool {
        guard offset < bytes.count else { return false }
        let head = try Self.leb(in: bytes, &offset)
        key &+= head >> 1
        let distanceByteCount = head & 1 == 0 ? 0 : try Self.leb(in: bytes, &offset)
        firstOffset = offset
        guard bytes.count - offset >= positionByteCount,
            distanceByteCount <= UInt64(bytes.count - offset - positionByteCount)
        else { throw Self.outOfForm }
        offset += positionByteCount + Int(distanceByteCount)
        return true
    }

    /// The first position of the current entry.
    @inline(__always)
    func firstPosition(in bytes: Span<UInt8>) throws(IndexError) -> UInt64 {
        let position = Self.number(in: bytes, at: firstOffset, byteCount: positionByteCount)
        guard position < eventCount else { throw Self.outOfForm }
        return start + position
    }

    /// Where the distances of the current entry stand.
    var distances: Range<Int> { firstOffset + positionByteCount..<offset }

    /// Hands out the positions of the current entry, ascending.
    @inline(__always)
    func forEachPosition(in bytes: Span<UInt8>, _ body: (UInt64) -> Void) throws(IndexError) {
        let first = try firstPosition(in: bytes)
        body(first)
        var position = first - start
        var place = firstOffset + positionByteCount
        while place < offset {
            let distance = try Self.leb(in: bytes, &place)
            guard distance > 0, distance < eventCount - position else { throw Self.outOfForm }
            position += distance
            body(start + position)
        }
    }

    /// The number in so many bytes, which lie inside, least significant byte first.
    @inline(__always)
    private static func number(in bytes: Span<UInt8>, at offset: Int, byteCount: Int) -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        for place in offset..<offset + byteCount {
            number |= UInt64(bytes[place]) << shift
            shift += 8
        }
        return number
    }

    static let outOfForm = IndexError.damaged("an entry of a segment is out of form")

    /// A LEB128 number. All of its bytes are taken at once where eight may be looked at: a look-up reads some hundred
    /// numbers, and would spend most of its time here otherwise.
    @inline(__always)
    static func leb(in bytes: Span<UInt8>, _ offset: inout Int) throws(IndexError) -> UInt64 {
        guard bytes.count - offset >= 8 else { return try lebByByte(in: bytes, &offset) }
        let word: UInt64 = bytes.littleEndian(at: offset)
        let ends = ~word & 0x8080_8080_8080_8080
        guard ends != 0 else { return try lebByByte(in: bytes, &offset) }
        let bitCount = ends.trailingZeroBitCount + 1
        offset += bitCount / 8
        // Sevens of bits move together: two to fourteen, two of those to twenty-eight, and so on.
        let sevens = word & 0x7F7F_7F7F_7F7F_7F7F & UInt64.max &>> UInt64(64 - bitCount)
        let fourteens = sevens & 0x007F_007F_007F_007F | (sevens & 0x7F00_7F00_7F00_7F00) >> 1
        let halves = fourteens & 0x0000_3FFF_0000_3FFF | (fourteens & 0x3FFF_0000_3FFF_0000) >> 2
        return halves & 0x0FFF_FFFF | halves >> 4 & 0x00FF_FFFF_F000_0000
    }

    /// A LEB128 number of any length, up to the end of the bytes.
    private static func lebByByte(in bytes: Span<UInt8>, _ offset: inout Int) throws(IndexError) -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
        throw outOfForm
    }
}
