internal import EventModel

/// Writes a record's fields one behind the other.
struct RecordWriter {
    private var buffer: [UInt8] = []

    init(capacity: Int) { buffer.reserveCapacity(capacity) }

    mutating func integer<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            buffer.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    mutating func text(_ text: String) {
        let count = text.utf8.count
        precondition(count <= Limits.nameByteCountMax, "envelope texts are checked before they are recorded")
        buffer.append(UInt8(count))
        buffer.append(contentsOf: text.utf8)
    }

    mutating func bytes(_ bytes: [UInt8], count: Int) {
        precondition(bytes.count == count, "a field of fixed length has that length")
        buffer.append(contentsOf: bytes)
    }

    mutating func slots(_ slots: [PersonalSlot]) {
        precondition(slots.count <= Limits.slotCountMax, "slots are counted before they are recorded")
        buffer.append(UInt8(slots.count))
        for slot in slots {
            text(slot.key)
            text(slot.purpose)
            bytes(slot.fieldRoot, count: 32)
            bytes(slot.ciphertextHash, count: 32)
            integer(slot.ciphertextByteCount)
        }
    }

    /// The record with its checksum in place.
    consuming func sealed() -> [UInt8] {
        let checksum = XXH64.hash(buffer.span, from: 8)
        for offset in 0..<8 { buffer[offset] = UInt8(truncatingIfNeeded: checksum >> UInt64(8 * offset)) }
        return buffer
    }
}

/// Reads a record's fields one behind the other; every length is checked before it is believed.
struct RecordReader: ~Escapable {
    private let span: Span<UInt8>
    private var offset = 0

    @_lifetime(copy span)
    init(_ span: Span<UInt8>) { self.span = span }

    var isAtEnd: Bool { offset == span.count }

    mutating func integer<Number: FixedWidthInteger>(_ field: String) throws(RecordError) -> Number {
        let count = Number.bitWidth / 8
        try need(count, field)
        defer { offset += count }
        return span.littleEndian(at: offset)
    }

    mutating func text(_ field: String) throws(RecordError) -> String {
        let count = Int(try integer(field) as UInt8)
        guard count <= Limits.nameByteCountMax else { throw .form(field) }
        try need(count, field)
        defer { offset += count }
        guard let text = span.text(offset..<offset + count) else { throw .form(field) }
        return text
    }

    mutating func bytes(_ count: Int, _ field: String) throws(RecordError) -> [UInt8] {
        try need(count, field)
        defer { offset += count }
        return span.copy(offset..<offset + count)
    }

    mutating func slots() throws(RecordError) -> [PersonalSlot] {
        let count = Int(try integer("slots") as UInt8)
        guard (1...Limits.slotCountMax).contains(count) else { throw .form("slots") }
        var slots: [PersonalSlot] = []
        for _ in 0..<count {
            slots.append(
                PersonalSlot(
                    key: try text("slot key"), purpose: try text("slot purpose"),
                    fieldRoot: try bytes(32, "field root"), ciphertextHash: try bytes(32, "ciphertext hash"),
                    ciphertextByteCount: try integer("ciphertext length")))
        }
        return slots
    }

    private func need(_ count: Int, _ field: String) throws(RecordError) {
        guard count <= span.count - offset else { throw .form(field) }
    }
}
