public import EventModel

/// Records of consecutive positions in one piece of memory: what a journal frame or a part of a block holds.
public final class RecordRun: Sendable {
    /// Position of the first record.
    public let first: Position
    /// The records, one behind the other, perhaps with something in front of them.
    public let bytes: [UInt8]
    /// Where each record begins; one more at the end.
    private let offsets: [UInt32]

    /// Finds the records in bytes that were found whole.
    ///
    /// - Throws: ``RecordError/form(_:)`` unless exactly `count` records fill the bytes from `start` on.
    public init(first: Position, count: Int, in bytes: [UInt8], from start: Int = 0) throws(RecordError) {
        self.first = first
        self.bytes = bytes
        var offsets: [UInt32] = []
        offsets.reserveCapacity(min(count, bytes.count / Record.headerByteCount) + 1)
        let bytes = self.bytes
        let span = bytes.span
        var offset = start
        for _ in 0..<count {
            offsets.append(UInt32(offset))
            offset = try Record.end(of: offset, in: span)
        }
        guard offset == bytes.count else { throw .form("trailing bytes") }
        offsets.append(UInt32(offset))
        self.offsets = offsets
    }

    /// Takes bytes whose records the caller has just written, with the offset of each.
    public init(first: Position, in bytes: [UInt8], offsets: [UInt32]) {
        self.first = first
        self.bytes = bytes
        self.offsets = offsets + [UInt32(bytes.count)]
    }

    /// Number of records.
    public var count: Int { offsets.count - 1 }
    /// The position after the last record.
    public var end: Position { Position(first.index + UInt64(count)) }

    /// Where the record at a position stands in ``bytes``.
    ///
    /// - Precondition: `first ≤ position < end`.
    public func byteRange(at position: Position) -> Range<Int> {
        let place = Int(position.index - first.index)
        return Int(offsets[place])..<Int(offsets[place + 1])
    }

    /// Reads one byte of each line of memory that a record begins with, 64 bytes long, and returns their sum: for who
    /// is about to read several records that stand far apart, and would wait for each.
    public func look(at position: Position) -> UInt64 {
        let range = byteRange(at: position)
        let bytes = self.bytes
        let span = bytes.span
        var sum: UInt64 = 0
        let end = min(range.upperBound, range.lowerBound + Self.lookedByteCountMax)
        for place in stride(from: range.lowerBound, to: end, by: 64) { sum &+= UInt64(span[place]) }
        return sum
    }

    /// Behind so many bytes the processor has noticed by itself that a record is read in order.
    private static let lookedByteCountMax = 2048

    /// The bytes of a record without its sealed fields; none for one whose form is broken.
    public func publicBytes(at position: Position) -> [UInt8] {
        var bytes: [UInt8] = []
        try? withRecord(at: position) { record throws(RecordError) in Record.appendPublic(record, to: &bytes) }
        return bytes
    }

    /// The event at a position.
    public func event(at position: Position) throws(RecordError) -> RecordedEvent {
        let bytes = self.bytes
        let span = bytes.span
        let view = try RecordView(span.extracting(byteRange(at: position)), at: position)
        return try view.event()
    }

    /// Lends the record at a position.
    public func withRecord(
        at position: Position, _ body: (borrowing RecordView) throws(RecordError) -> Void
    ) throws(RecordError) {
        let bytes = self.bytes
        let span = bytes.span
        try body(try RecordView(span.extracting(byteRange(at: position)), at: position))
    }

    /// Lends the records from a position on, forward or backward, until `body` returns `false`.
    ///
    /// - Returns: the position to go on with in another run; `nil` if `body` has had enough, or at the origin.
    public func forEach(
        from start: Position, _ direction: ReadDirection, _ body: (borrowing RecordView) -> Bool
    ) throws(RecordError) -> Position? {
        let bytes = self.bytes
        let span = bytes.span
        var position = start
        while true {
            let view = try RecordView(span.extracting(byteRange(at: position)), at: position)
            guard body(view) else { return nil }
            switch direction {
            case .forward:
                position = position.next
                if position == end { return position }
            case .backward:
                guard position > .origin else { return nil }
                position = Position(position.index - 1)
                if position < first { return position }
            }
        }
    }
}

extension Record {
    /// Where the record that begins at an offset ends, among records that stand one behind the other.
    ///
    /// - Throws: ``RecordError/form(_:)`` if it does not end inside the bytes.
    static func end(of offset: Int, in bytes: Span<UInt8>) throws(RecordError) -> Int {
        guard bytes.count - offset >= headerByteCount else { throw .form("byte count") }
        let byteCount = Int(bytes.littleEndian(at: offset) as UInt32)
        guard byteCount >= headerByteCount, byteCount <= bytes.count - offset else { throw .form("byte count") }
        return offset + byteCount
    }

    /// Copies of some of the records that stand one behind the other, by their places.
    ///
    /// - Precondition: the places ascend.
    /// - Throws: ``RecordError/form(_:)`` if the bytes do not hold one of them whole.
    public static func copies(at places: [Int], in bytes: Span<UInt8>) throws(RecordError) -> [[UInt8]] {
        var copies: [[UInt8]] = []
        var (place, offset) = (0, 0)
        for wanted in places {
            precondition(wanted >= place, "places ascend")
            while place < wanted {
                offset = try end(of: offset, in: bytes)
                place += 1
            }
            copies.append(bytes.copy(offset..<(try end(of: offset, in: bytes))))
        }
        return copies
    }
}
