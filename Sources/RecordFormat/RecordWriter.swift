public import EventModel

/// Writes records one behind the other, part by part from wherever the parts stand, so that nothing is copied twice.
///
/// A record is opened, gets its eight texts in the order of ``EventText``, and is closed with its data. What the
/// writer of the log decides stays zero until ``Record/complete(_:at:revision:recorded:)``.
public struct RecordWriter: Sendable {
    /// The records, the last one perhaps still open.
    public private(set) var bytes: [UInt8] = []
    /// Where the newest record begins.
    public private(set) var start = 0
    private var textEnds = [8 of Int](repeating: 0)
    private var textCount = 0
    private var auth = RecordedEvent.noCredential

    /// A writer without records.
    public init() {}

    /// Makes room for so many bytes.
    public mutating func reserveCapacity(_ byteCount: Int) { bytes.reserveCapacity(byteCount) }

    /// Opens a record. Without a time it gets that of its recording.
    ///
    /// - Precondition: `auth` has 32 bytes.
    public mutating func open(schema: UInt32, time: Timestamp?, auth: [UInt8] = RecordedEvent.noCredential) {
        precondition(auth.count == 32, "a credential binding has 32 bytes")
        start = bytes.count
        textCount = 0
        self.auth = auth
        bytes.append(contentsOf: Self.header)
        bytes.setInteger(schema, at: start + 8)
        bytes.setInteger(time?.milliseconds ?? Record.timeOfRecording, at: start + 20)
    }

    /// Appends the next text.
    ///
    /// - Precondition: it has at most ``Limits/nameByteCountMax`` bytes, and is one of eight.
    public mutating func append(_ text: Span<UInt8>) {
        precondition(text.count <= Limits.nameByteCountMax, "envelope texts are checked before they are recorded")
        bytes.append(UInt8(text.count))
        bytes.appendBytes(text)
        textEnds[textCount] = bytes.count
        textCount += 1
    }

    /// Where a text of the newest record stands in ``bytes``.
    public func range(of text: EventText) -> Range<Int> {
        let place = text.rawValue
        let start = place == 0 ? start + Record.headerByteCount : textEnds[place - 1]
        return start + 1..<textEnds[place]
    }

    /// Closes the record with what follows its texts.
    ///
    /// - Parameters:
    ///   - meta: the canonical JSON of `meta`; `{}` takes no room.
    ///   - appendData: appends the canonical JSON of `data`.
    ///   - slots: the slots of a record whose sealed fields lie elsewhere.
    ///   - sealed: the slots of a record together with their sealed fields.
    /// - Precondition: eight texts were appended; at most ``Limits/slotCountMax`` slots stand, each with the hashes and
    ///   the length that it says.
    public mutating func close(
        meta: [UInt8] = EventContent.emptyObject, slots: [PersonalSlot] = [], sealed: [SealedFields] = [],
        appendData: (inout [UInt8]) -> Void
    ) {
        precondition(textCount == 8, "a record has eight texts")
        var flags: Record.Flags = []
        if auth != RecordedEvent.noCredential {
            flags.insert(.auth)
            bytes.append(contentsOf: auth)
        }
        if meta.count > EventContent.emptyObject.count {
            flags.insert(.meta)
            bytes.appendInteger(UInt16(meta.count))
            bytes.append(contentsOf: meta)
        }
        let slots = sealed.isEmpty ? slots : sealed.map(\.slot)
        if !slots.isEmpty {
            flags.insert(.slots)
            bytes.appendSlots(slots)
        }
        appendData(&bytes)
        for fields in sealed {
            flags.insert(.sealed)
            precondition(fields.blob.count == Int(fields.slot.ciphertextByteCount), "a slot says how long its blob is")
            bytes.appendFixed(fields.contentTag, count: 32)
            bytes.append(contentsOf: fields.blob)
        }
        bytes.setInteger(UInt32(flags.rawValue), at: start + 4)
        bytes.setInteger(UInt32(bytes.count - start), at: start)
    }

    /// Forgets everything from an offset on, where a record begins.
    public mutating func drop(from offset: Int) { bytes.removeSubrange(offset...) }

    private static let header = [UInt8](repeating: 0, count: Record.headerByteCount)
}
