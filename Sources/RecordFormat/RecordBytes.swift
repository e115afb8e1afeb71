internal import EventModel

/// The fields of a record, one behind the other.
extension [UInt8] {
    mutating func appendText(_ text: String) {
        let count = text.utf8.count
        precondition(count <= Limits.nameByteCountMax, "envelope texts are checked before they are recorded")
        append(UInt8(count))
        append(contentsOf: text.utf8)
    }

    mutating func appendFixed(_ bytes: [UInt8], count: Int) {
        precondition(bytes.count == count, "a field of fixed length has that length")
        append(contentsOf: bytes)
    }

    mutating func appendSlots(_ slots: [PersonalSlot]) {
        precondition(slots.count <= Limits.slotCountMax, "slots are counted before they are recorded")
        append(UInt8(slots.count))
        for slot in slots {
            appendText(slot.key)
            appendText(slot.purpose)
            appendFixed(slot.fieldRoot, count: 32)
            appendFixed(slot.ciphertextHash, count: 32)
            appendInteger(slot.ciphertextByteCount)
        }
    }
}

/// Reads fields one behind the other; every length is checked before it is believed.
struct ByteReader: ~Escapable {
    let span: Span<UInt8>
    private(set) var offset: Int

    @_lifetime(copy span)
    init(_ span: Span<UInt8>, from offset: Int = 0) {
        self.span = span
        self.offset = offset
    }

    mutating func integer<Number: FixedWidthInteger>(_ field: StaticString) throws(RecordError) -> Number {
        let count = Number.bitWidth / 8
        try skip(count, field)
        return span.littleEndian(at: offset - count)
    }

    /// Passes over bytes and returns where they stand.
    @discardableResult
    mutating func skip(_ count: Int, _ field: StaticString) throws(RecordError) -> Range<Int> {
        guard count >= 0, count <= span.count - offset else { throw .form("\(field)") }
        offset += count
        return offset - count..<offset
    }

    /// Passes over a text with its length and returns where it stands.
    @discardableResult
    mutating func skipText(_ field: StaticString) throws(RecordError) -> Range<Int> {
        let count = Int(try integer(field) as UInt8)
        guard count <= Limits.nameByteCountMax else { throw .form("\(field)") }
        return try skip(count, field)
    }

    mutating func text(_ field: StaticString) throws(RecordError) -> String {
        let range = try skipText(field)
        guard let text = span.text(range) else { throw .form("\(field)") }
        return text
    }

    mutating func slots() throws(RecordError) -> [PersonalSlot] {
        let count = Int(try integer("slots") as UInt8)
        guard (1...Limits.slotCountMax).contains(count) else { throw .form("slots") }
        var slots: [PersonalSlot] = []
        for _ in 0..<count {
            slots.append(
                PersonalSlot(
                    key: try text("slot key"), purpose: try text("slot purpose"),
                    fieldRoot: span.copy(try skip(32, "field root")),
                    ciphertextHash: span.copy(try skip(32, "ciphertext hash")),
                    ciphertextByteCount: try integer("ciphertext length")))
        }
        return slots
    }
}
