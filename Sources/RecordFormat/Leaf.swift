internal import Crypto
public import EventModel

/// The Merkle leaf of a recorded event: a header of commitments without personal data and without JSON.
///
/// Layout, integers big-endian, `t16` = u16 byte length ‖ UTF-8:
///
///      0  magic 52 50 4C 31 ("RPL1")    36  schema u32
///      4  position u64                  40  prev: leaf hash of (stream, revision − 1), or zeros
///     12  revision u64                  72  SHA-256 of data
///     20  recorded i64                 104  SHA-256 of meta
///     28  time i64                     136  auth
///    168  t16 × 8: stream, type, source, id, actor, correlation, causation, reason
///      …  u8 slot count; per slot t16 key ‖ t16 purpose ‖ 32 field root ‖ 32 ciphertext hash ‖ u32
public enum Leaf {
    /// The bytes of an event's leaf, at most 6,457.
    ///
    /// - Parameter previous: the leaf hash of the stream's event before; 32 zero bytes for revision 0.
    public static func bytes(of event: RecordedEvent, previous: [UInt8]) -> [UInt8] {
        precondition(previous.count == 32, "a leaf hash has 32 bytes")
        precondition(event.revision != .first || previous == RecordedEvent.noCredential, "revision 0 has none before")
        var writer = LeafWriter()
        writer.bytes(Array("RPL1".utf8))
        writer.integer(event.position.index)
        writer.integer(event.revision.index)
        writer.integer(event.recorded.milliseconds)
        writer.integer(event.time.milliseconds)
        writer.integer(event.content.schema)
        writer.bytes(previous)
        writer.bytes(Array(SHA256.hash(data: event.content.data)))
        writer.bytes(Array(SHA256.hash(data: event.content.meta)))
        writer.bytes(event.auth)
        for text in event.envelopeTexts { writer.text(text) }
        writer.integer(UInt8(event.slots.count))
        for slot in event.slots {
            writer.text(slot.key)
            writer.text(slot.purpose)
            writer.bytes(slot.fieldRoot)
            writer.bytes(slot.ciphertextHash)
            writer.integer(slot.ciphertextByteCount)
        }
        return writer.buffer
    }
}

private struct LeafWriter {
    var buffer: [UInt8] = []

    mutating func integer<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            buffer.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    mutating func bytes(_ bytes: [UInt8]) { buffer.append(contentsOf: bytes) }

    mutating func text(_ text: String) {
        integer(UInt16(text.utf8.count))
        buffer.append(contentsOf: text.utf8)
    }
}
