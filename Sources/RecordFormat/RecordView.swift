public import EventModel

/// A record read in place: its fields are looked at where they stand, and copied only when asked for.
///
/// Invariant: every range lies inside the bytes; ``init(_:at:)`` has checked all lengths.
public struct RecordView: ~Escapable {
    private static let textNames: [StaticString] = [
        "stream", "type", "source", "id", "actor", "correlation", "causation", "reason",
    ]

    /// Where the record stands.
    public let position: Position
    /// The whole record.
    public let bytes: Span<UInt8>
    private var textEnds = [8 of UInt16](repeating: 0)
    private let flags: Record.Flags
    private let metaRange: Range<Int>
    private let slotsStart: Int
    private let dataStart: Int
    /// Bytes without the sealed fields.
    let publicByteCount: Int

    /// Checks lengths and flags; the UTF-8 of texts is checked when one is taken out.
    ///
    /// - Throws: ``RecordError/form(_:)``.
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>, at position: Position) throws(RecordError) {
        self.bytes = bytes
        self.position = position
        guard bytes.count >= Record.headerByteCount, Int(bytes.littleEndian(at: 0) as UInt32) == bytes.count else {
            throw .form("byte count")
        }
        let word: UInt32 = bytes.littleEndian(at: 4)
        guard word & ~UInt32(Record.Flags.all.rawValue) == 0 else { throw .form("flags") }
        flags = Record.Flags(rawValue: UInt8(word))
        var textEnd = Record.headerByteCount
        for place in 0..<8 {
            let count = textEnd < bytes.count ? Int(bytes[textEnd]) : Int.max
            guard count <= Limits.nameByteCountMax, count < bytes.count - textEnd else {
                throw .form("\(Self.textNames[place])")
            }
            textEnd += 1 + count
            textEnds[place] = UInt16(textEnd)
        }
        var reader = ByteReader(bytes, from: textEnd)
        if flags.contains(.auth) { try reader.skip(32, "auth") }
        metaRange =
            flags.contains(.meta) ? try reader.skip(Int(try reader.integer("meta") as UInt16), "meta") : 0..<0
        slotsStart = reader.offset
        var sealedByteCount = 0
        if flags.contains(.slots) {
            for slot in try reader.slots() { sealedByteCount += 32 + Int(slot.ciphertextByteCount) }
        }
        dataStart = reader.offset
        publicByteCount = flags.contains(.sealed) ? bytes.count - sealedByteCount : bytes.count
        guard publicByteCount >= dataStart, !flags.contains(.sealed) || sealedByteCount > 0 else {
            throw .form("sealed fields")
        }
    }

    /// Revision in the record's stream.
    public var revision: Revision { Revision(bytes.littleEndian(at: 12)) }
    /// When it happened.
    public var time: Timestamp { Timestamp(milliseconds: bytes.littleEndian(at: 20)) }
    /// When it was written.
    public var recorded: Timestamp { Timestamp(milliseconds: bytes.littleEndian(at: 28)) }
    /// Schema version.
    public var schema: UInt32 { bytes.littleEndian(at: 8) }

    /// The bytes of a text, not yet known to be UTF-8.
    @_lifetime(copy self)
    public func utf8(_ text: EventText) -> Span<UInt8> { bytes.extracting(range(text)) }

    /// The canonical JSON of `data`.
    public var data: Span<UInt8> {
        @_lifetime(copy self) get { bytes.extracting(dataStart..<publicByteCount) }
    }

    /// The canonical JSON of `meta`; no bytes where `{}` is meant.
    public var meta: Span<UInt8> {
        @_lifetime(copy self) get { bytes.extracting(metaRange) }
    }

    /// Whether personal fields of the event are sealed, wherever they lie now.
    public var hasSlots: Bool { flags.contains(.slots) }

    /// Whether the sealed fields stand in this record.
    public var holdsSealedFields: Bool { flags.contains(.sealed) }

    /// The slots of the personal fields.
    public func slots() throws(RecordError) -> [PersonalSlot] {
        guard hasSlots else { return [] }
        var reader = ByteReader(bytes, from: slotsStart)
        return try reader.slots()
    }

    /// A copy of the sealed fields that stand in this record; empty where they lie elsewhere.
    public func sealedFields() throws(RecordError) -> [SealedFields] {
        guard holdsSealedFields else { return [] }
        var reader = ByteReader(bytes, from: publicByteCount)
        var fields: [SealedFields] = []
        for slot in try slots() {
            let tag = bytes.copy(try reader.skip(32, "content tag"))
            let blob = bytes.copy(try reader.skip(Int(slot.ciphertextByteCount), "sealed fields"))
            fields.append(SealedFields(slot: slot, blob: blob, contentTag: tag))
        }
        return fields
    }

    /// Whether this draft says what a recorded event says: everything that its producer decides is equal.
    ///
    /// The actor is left out, since the server sets it, and the time where the producer names none. Sealing is random,
    /// so personal fields are compared by their content tags (VERIFIABILITY.md 4.2); after an erasure there is none,
    /// and the public part decides.
    ///
    /// - Parameter tags: the content tags of the recorded event's slots; `nil` for each that is deleted.
    public func isDraft(of recorded: borrowing RecordView, tags: [[UInt8]?]) -> Bool {
        guard schema == recorded.schema, time.milliseconds == Record.timeOfRecording || time == recorded.time else {
            return false
        }
        for text in EventText.allCases where text != .actor {
            guard utf8(text).isSame(as: recorded.utf8(text)) else { return false }
        }
        guard bytes.extracting(metaRange).isSame(as: recorded.bytes.extracting(recorded.metaRange)),
            data.isSame(as: recorded.data), hasSlots == recorded.hasSlots
        else { return false }
        guard hasSlots, let own = try? sealedFields(), let slots = try? recorded.slots() else { return true }
        guard own.count == slots.count, slots.count == tags.count else { return false }
        // Tags under two keys say nothing of each other.
        return own.indices.allSatisfy { place in
            own[place].slot.key != slots[place].key || tags[place] == nil || own[place].contentTag == tags[place]
        }
    }

    /// Whether source and id are those of another record.
    public func hasSameID(as other: borrowing RecordView) -> Bool {
        utf8(.id).isSame(as: other.utf8(.id)) && utf8(.source).isSame(as: other.utf8(.source))
    }

    /// Whether a text is this one.
    public func has(_ text: EventText, _ expected: String) -> Bool {
        utf8(text).isSame(as: expected.utf8.span)
    }

    /// A copy of everything.
    ///
    /// - Throws: ``RecordError/form(_:)`` for a text that is not UTF-8.
    public func event() throws(RecordError) -> RecordedEvent {
        var content = EventContent(
            type: try text(.type), schema: schema, key: EventKey(source: try text(.source), id: try text(.id)))
        content.actor = try text(.actor)
        content.correlation = try text(.correlation)
        content.causation = try text(.causation)
        content.reason = try text(.reason)
        if flags.contains(.meta) { content.meta = bytes.copy(metaRange) }
        content.data = bytes.copy(dataStart..<publicByteCount)
        let textsEnd = Int(textEnds[7])
        let auth = flags.contains(.auth) ? bytes.copy(textsEnd..<textsEnd + 32) : RecordedEvent.noCredential
        return RecordedEvent(
            position: position, stream: StreamName(recorded: try text(.stream)), revision: revision, time: time,
            recorded: recorded, content: content, auth: auth, slots: try slots())
    }

    /// The record as projections see it.
    ///
    /// - Parameter personal: what its first slot holds for the reader.
    @_lifetime(copy self)
    public func view(personal: PersonalContent?) -> EventView {
        EventView(
            position: position, revision: revision, time: time, recorded: recorded, schema: schema,
            stream: utf8(.stream), type: utf8(.type), id: utf8(.id), data: data, personal: personal)
    }

    /// A copy of a text.
    ///
    /// - Throws: ``RecordError/form(_:)`` unless it is UTF-8.
    public func text(_ text: EventText) throws(RecordError) -> String {
        guard let found = bytes.text(range(text)) else { throw .form("\(Self.textNames[text.rawValue])") }
        return found
    }

    private func range(_ text: EventText) -> Range<Int> {
        let place = text.rawValue
        let start = place == 0 ? Record.headerByteCount : Int(textEnds[place - 1])
        return start + 1..<Int(textEnds[place])
    }
}
