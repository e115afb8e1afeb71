public import EventModel

/// The bytes of one record: an event as the log keeps it.
///
/// All integers are little-endian. `t8` = u8 byte length ‖ UTF-8 text, at most 128 bytes. Offsets:
///
///      0  u32  byte count of the record, these four bytes included
///      4  u8   flags: 1 auth present · 2 meta present · 4 slots present · 8 sealed fields present
///      5  u8×3 zero
///      8  u32  schema
///     12  u64  revision
///     20  i64  time, ms since 1970
///     28  i64  recorded, ms since 1970
///     36  t8×8 stream, type, source, id, actor, correlation, causation, reason
///      …  32   auth, if flagged (else 32 zero bytes are meant)
///      …  u16 ‖ bytes   meta, if flagged (else `{}` is meant)
///      …  u8 count, then per slot t8 key ‖ t8 purpose ‖ 32 field root ‖ 32 ciphertext hash ‖ u32
///      …  data, to the end
///      …  per slot 32 content tag ‖ the sealed blob, of the length that its slot says, if flagged
///
/// Sealed fields stand in the journal only: they can be deleted, and what is kept forever does not hold them. A block
/// has the record without them (``Record/appendPublic(_:to:)``).
///
/// Valid is a record whose byte count is its own, whose flags, lengths and UTF-8 are right. It says neither
/// its position nor a checksum: records stand in a run (``JournalFrame``, ``SealedBlock``) that has both. It
/// holds every field of the Merkle leaf but the hashes that follow from stored bytes (``Leaf``).
///
/// Revision, time and time of recording have fixed places, so that everything else can be encoded before the
/// writer's turn, and these three are filled in at it.
public enum Record {
    static let headerByteCount = 36
    /// What stands for the time of an event before the writer's turn if its producer named none.
    static let timeOfRecording = Int64.min

    struct Flags: OptionSet {
        let rawValue: UInt8
        static let auth = Flags(rawValue: 1)
        static let meta = Flags(rawValue: 2)
        static let slots = Flags(rawValue: 4)
        static let sealed = Flags(rawValue: 8)
        static let all: Flags = [.auth, .meta, .slots, .sealed]
    }

    /// Fills in what the writer decides, in the record that begins at an offset.
    public static func complete(_ bytes: inout [UInt8], at start: Int, revision: Revision, recorded: Timestamp) {
        bytes.setInteger(revision.index, at: start + 12)
        if bytes.span.littleEndian(at: start + 20) as Int64 == timeOfRecording {
            bytes.setInteger(recorded.milliseconds, at: start + 20)
        }
        bytes.setInteger(recorded.milliseconds, at: start + 28)
    }

    /// Appends a record without its sealed fields: what is kept forever.
    public static func appendPublic(_ record: borrowing RecordView, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.appendBytes(record.bytes.extracting(0..<record.publicByteCount))
        bytes[start + 4] &= ~Flags.sealed.rawValue
        bytes.setInteger(UInt32(record.publicByteCount), at: start)
    }

    /// The bytes of a recorded event.
    ///
    /// - Precondition: every envelope text has at most ``Limits/nameByteCountMax`` bytes, `auth` has 32 and at most
    ///   ``Limits/slotCountMax`` slots stand: the append path has checked them.
    public static func bytes(of event: RecordedEvent) -> [UInt8] {
        var writer = RecordWriter()
        writer.open(schema: event.content.schema, time: event.time, auth: event.auth)
        for text in event.envelopeTexts { writer.append(text.utf8.span) }
        writer.close(meta: event.content.meta, slots: event.slots) { $0.append(contentsOf: event.content.data) }
        var bytes = writer.bytes
        complete(&bytes, at: 0, revision: event.revision, recorded: event.recorded)
        return bytes
    }
}

/// Why bytes are not a record, or not a run of records.
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
