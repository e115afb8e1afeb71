public import EventModel

/// The bytes of one record in the log.
///
/// All integers are little-endian. `t8` = u8 byte length ‖ UTF-8 text, at most 128 bytes. Offsets:
///
///      0  u64  checksum: XXH64 (seed 0) of every byte behind it
///      8  u8   format, 1
///      9  u8   flags: 1 auth present · 2 meta present · 4 slots present
///     10  u16  zero
///     12  u32  schema
///     16  u64  position
///     24  u64  revision
///     32  i64  time, ms since 1970
///     40  i64  recorded, ms since 1970
///     48  u32  byte count of data
///     52  t8×8 stream, type, source, id, actor, correlation, causation, reason
///      …  32   auth, if flagged (else 32 zero bytes are meant)
///      …  u16 ‖ bytes   meta, if flagged (else `{}` is meant)
///      …  u8 count, then per slot t8 key ‖ t8 purpose ‖ 32 field root ‖ 32 ciphertext hash ‖ u32
///      …  data
///
/// Valid is a record whose checksum, format, lengths and UTF-8 are right, that ends with its data, and
/// whose position is that of its key. It holds every field of the Merkle leaf but the three hashes that
/// follow from stored bytes (``Leaf``).
public enum Record {
    /// The format that this build writes.
    public static let format: UInt8 = 1

    static let headerByteCount = 52

    struct Flags: OptionSet {
        let rawValue: UInt8
        static let auth = Flags(rawValue: 1)
        static let meta = Flags(rawValue: 2)
        static let slots = Flags(rawValue: 4)
    }

    /// The bytes of an event's record.
    ///
    /// - Precondition: every envelope text has at most 128 bytes, `auth` has 32 and at most 16 slots
    ///   stand: the append path has checked them.
    public static func encode(_ event: RecordedEvent) -> [UInt8] {
        let content = event.content
        var flags: Flags = []
        if event.auth != RecordedEvent.noCredential { flags.insert(.auth) }
        if content.meta != EventContent.emptyObject { flags.insert(.meta) }
        if !event.slots.isEmpty { flags.insert(.slots) }

        var writer = RecordWriter(capacity: 320 + content.data.count)
        writer.integer(UInt64(0))
        writer.integer(format)
        writer.integer(flags.rawValue)
        writer.integer(UInt16(0))
        writer.integer(content.schema)
        writer.integer(event.position.index)
        writer.integer(event.revision.index)
        writer.integer(event.time.milliseconds)
        writer.integer(event.recorded.milliseconds)
        writer.integer(UInt32(content.data.count))
        for text in event.envelopeTexts { writer.text(text) }
        if flags.contains(.auth) { writer.bytes(event.auth, count: 32) }
        if flags.contains(.meta) {
            writer.integer(UInt16(content.meta.count))
            writer.bytes(content.meta, count: content.meta.count)
        }
        if flags.contains(.slots) { writer.slots(event.slots) }
        writer.bytes(content.data, count: content.data.count)
        return writer.sealed()
    }

    /// Reads a record back.
    ///
    /// - Throws: ``RecordError`` for anything but the bytes that ``encode(_:)`` wrote for this position.
    public static func decode(_ bytes: Span<UInt8>, at position: Position) throws(RecordError) -> RecordedEvent {
        var reader = RecordReader(bytes)
        let checksum: UInt64 = try reader.integer("checksum")
        guard bytes.count >= headerByteCount, checksum == XXH64.hash(bytes, from: 8) else { throw .checksum }
        guard try reader.integer("format") == format else { throw .format }
        let flags = Flags(rawValue: try reader.integer("flags"))
        guard try reader.integer("reserved") == UInt16(0) else { throw .form("reserved") }
        let schema: UInt32 = try reader.integer("schema")
        let storedPosition = Position(try reader.integer("position"))
        guard storedPosition == position else { throw .misplaced(storedPosition) }
        let revision = Revision(try reader.integer("revision"))
        let time = Timestamp(milliseconds: try reader.integer("time"))
        let recorded = Timestamp(milliseconds: try reader.integer("recorded"))
        let dataByteCount = Int(try reader.integer("data") as UInt32)
        let stream = StreamName(recorded: try reader.text("stream"))
        let type = try reader.text("type")
        let key = EventKey(source: try reader.text("source"), id: try reader.text("id"))
        var content = EventContent(type: type, schema: schema, key: key)
        content.actor = try reader.text("actor")
        content.correlation = try reader.text("correlation")
        content.causation = try reader.text("causation")
        content.reason = try reader.text("reason")
        let auth = flags.contains(.auth) ? try reader.bytes(32, "auth") : RecordedEvent.noCredential
        if flags.contains(.meta) {
            content.meta = try reader.bytes(Int(try reader.integer("meta") as UInt16), "meta")
        }
        let slots = flags.contains(.slots) ? try reader.slots() : []
        content.data = try reader.bytes(dataByteCount, "data")
        guard reader.isAtEnd else { throw .form("trailing bytes") }
        return RecordedEvent(
            position: position, stream: stream, revision: revision, time: time, recorded: recorded,
            content: content, auth: auth, slots: slots)
    }
}

/// Why bytes are not a record.
public enum RecordError: Error, Hashable, Sendable, CustomStringConvertible {
    case checksum
    case format
    case misplaced(Position)
    case form(String)

    public var description: String {
        switch self {
        case .checksum: "its checksum does not match its bytes"
        case .format: "its format is not one that this build knows"
        case .misplaced(let position): "it says that it stands at position \(position)"
        case .form(let field): "its form is broken at '\(field)'"
        }
    }
}

extension RecordedEvent {
    /// The texts of the envelope in the order of record and leaf.
    var envelopeTexts: [String] {
        [
            stream.text, content.type, content.key.source, content.key.id, content.actor,
            content.correlation, content.causation, content.reason,
        ]
    }
}
