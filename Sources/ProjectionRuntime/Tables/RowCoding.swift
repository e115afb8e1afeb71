public import EventModel

/// What a row's bytes did not yield. It means damage, or rows of another version.
public struct RowError: Error, Hashable, Sendable {
    /// What was expected.
    public let expected: String
    /// The byte offset in the row.
    public let offset: Int

    /// An error from its parts.
    public init(expected: String, offset: Int) {
        self.expected = expected
        self.offset = offset
    }
}

/// A value that a table stores. Equal rows must give equal bytes: they enter the state hash.
public protocol RowValue: Sendable {
    /// Writes the row.
    func encode(to encoder: inout RowEncoder)
    /// Reads what ``encode(to:)`` wrote.
    init(from decoder: inout RowDecoder) throws(RowError)
}

/// Writes rows: integers as zigzag LEB128, texts with their length, no floating point anywhere.
public struct RowEncoder: Sendable {
    @usableFromInline var buffer: [UInt8] = []

    /// What was written.
    @inlinable public var bytes: [UInt8] { buffer }
    @usableFromInline var byteCount: Int { buffer.count }

    /// An empty row.
    @inlinable
    public init() { buffer.reserveCapacity(128) }

    /// Writes an integer: 1 byte from −64 to 63, 10 at most.
    @inlinable
    public mutating func integer(_ value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        while rest >= 0x80 {
            buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.append(UInt8(rest))
    }

    /// Writes an integer or its absence.
    @inlinable
    public mutating func optionalInteger(_ value: Int64?) {
        boolean(value != nil)
        if let value { integer(value) }
    }

    /// Writes bytes with their count, as a text of them would be.
    @inlinable
    public mutating func byteList(_ value: [UInt8]) {
        integer(Int64(value.count))
        buffer.append(contentsOf: value)
    }

    /// Writes a text.
    @inlinable
    public mutating func text(_ value: String) {
        integer(Int64(value.utf8.count))
        buffer.append(contentsOf: value.utf8)
    }

    /// Writes a text or its absence.
    @inlinable
    public mutating func optionalText(_ value: String?) {
        boolean(value != nil)
        if let value { text(value) }
    }

    /// Writes one byte, 0 or 1.
    @inlinable
    public mutating func boolean(_ value: Bool) { buffer.append(value ? 1 : 0) }

    /// Writes a count and that many elements.
    @inlinable
    public mutating func list<Element>(_ elements: [Element], _ each: (inout RowEncoder, Element) -> Void) {
        integer(Int64(elements.count))
        for element in elements { each(&self, element) }
    }
}

/// Reads rows back, in the order in which they were written.
public struct RowDecoder {
    @usableFromInline let bytes: [UInt8]
    @usableFromInline var offset = 0

    /// A decoder over one row.
    @inlinable
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether the row has been read to its end.
    @inlinable
    public var isAtEnd: Bool { offset == bytes.count }

    /// Reads an integer.
    @inlinable
    public mutating func integer() throws(RowError) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard offset < bytes.count, shift < 64 else { throw RowError(expected: "integer", offset: offset) }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
    }

    /// Reads an integer or its absence.
    @inlinable
    public mutating func optionalInteger() throws(RowError) -> Int64? { try boolean() ? try integer() : nil }

    /// Reads a text.
    @inlinable
    public mutating func text() throws(RowError) -> String { String(decoding: try part(), as: UTF8.self) }

    /// Reads bytes.
    @inlinable
    public mutating func byteList() throws(RowError) -> [UInt8] { Array(try part()) }

    @inlinable
    mutating func part() throws(RowError) -> ArraySlice<UInt8> {
        let count = try integer()
        guard count >= 0, count <= bytes.count - offset else { throw RowError(expected: "text", offset: offset) }
        defer { offset += Int(count) }
        return bytes[offset..<offset + Int(count)]
    }

    /// Reads a text or its absence.
    @inlinable
    public mutating func optionalText() throws(RowError) -> String? { try boolean() ? try text() : nil }

    /// Reads one byte, 0 or 1.
    @inlinable
    public mutating func boolean() throws(RowError) -> Bool {
        guard offset < bytes.count, bytes[offset] <= 1 else { throw RowError(expected: "boolean", offset: offset) }
        defer { offset += 1 }
        return bytes[offset] == 1
    }

    /// Reads a count and that many elements.
    @inlinable
    public mutating func list<Element>(
        _ each: (inout RowDecoder) throws(RowError) -> Element
    ) throws(RowError) -> [Element] {
        let count = try integer()
        guard count >= 0, count <= bytes.count - offset else { throw RowError(expected: "list", offset: offset) }
        var elements: [Element] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<count { elements.append(try each(&self)) }
        return elements
    }
}

extension RowEncoder {
    /// Writes an instant.
    @inlinable
    public mutating func timestamp(_ value: Timestamp) { integer(value.milliseconds) }
}

extension RowDecoder {
    /// Reads an instant.
    @inlinable
    public mutating func timestamp() throws(RowError) -> Timestamp { Timestamp(milliseconds: try integer()) }
}
