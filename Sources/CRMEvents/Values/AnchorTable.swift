import CanonicalJSON
import EventModel

/// The anchors of streams, found by the streams' names.
///
/// Entries stand one behind the other in one list of bytes: stream, kind of party, id, position. A hash table (open
/// addressing, at most half full) finds them: a million streams take some 60 MB and no allocation of their own. A slot
/// holds the whole hash, so that other streams' entries are not looked at.
struct AnchorTable: ~Copyable {
    private static let positionByteCount = 8

    /// One behind the other: what makes the same table again.
    private(set) var entries: [UInt8] = []
    /// The hash of a stream's name in the high half, the offset of its entry plus one in the low one; 0 for an empty
    /// slot.
    private var slots = [UInt64](repeating: 0, count: 1 << 10)
    private var count = 0

    /// No anchors yet.
    init() {}

    /// The table whose ``entries`` these are; `nil` for other bytes.
    init?(_ packed: [UInt8]) {
        var offset = 0
        while offset < packed.count {
            let party = offset + 1 + Int(packed[offset])
            guard party + 1 < packed.count, party + 2 + Int(packed[party + 1]) + Self.positionByteCount <= packed.count
            else { return nil }
            note(Self.hash(packed.span.extracting(offset + 1..<party)), at: offset)
            offset = party + 2 + Int(packed[party + 1]) + Self.positionByteCount
        }
        entries = packed
    }

    /// Names of streams are surrogates that the server checked; a table of chosen collisions would cost its sender more
    /// than us.
    static func hash(_ name: Span<UInt8>) -> UInt32 { UInt32(truncatingIfNeeded: name.wordHash) }

    /// Adds the anchor of the stream that an event began.
    ///
    /// - Precondition: the stream has none here.
    mutating func add(_ first: CRMEvent, _ party: PartyReference?) {
        note(first.entry.streamHash, at: entries.count)
        let (kind, id) = Self.coded(party)
        let (bytes, range, position) = (first.page.bytes, first.streamRange, first.position.index)
        entries.append(addingCapacity: range.count + id.utf8.count + 3 + Self.positionByteCount) { output in
            output.append(UInt8(range.count))
            output.append(copying: bytes.span.extracting(range))
            output.append(kind)
            output.append(UInt8(truncatingIfNeeded: id.utf8.count))
            output.append(copying: id.utf8.span)
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                output.append(UInt8(truncatingIfNeeded: position >> shift))
            }
        }
    }

    /// The offset of the entry of an event's own stream.
    func find(streamOf event: CRMEvent) -> Int? {
        find(event.page.bytes, event.streamRange, event.entry.streamHash)
    }

    /// The offset of the entry of a stream whose name stands in some bytes.
    func find(_ bytes: [UInt8], _ range: Range<Int>, _ hash: UInt32) -> Int? {
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let offset = Int(slots[slot] & 0xFFFF_FFFF) - 1
            if slots[slot] >> 32 == UInt64(hash), isStream(at: offset, bytes, range) { return offset }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Whose the stream of an entry is; `nil` for nobody's.
    func party(at offset: Int) -> PartyReference? {
        let party = offset + 1 + Int(entries[offset])
        let bytes = entries.span
        let id = String(copyingUTF8: bytes.extracting(party + 2..<party + 2 + Int(entries[party + 1])))
        switch entries[party] {
        case 1: return .account(id)
        case 2: return .lead(id)
        case 3: return .contact(id)
        case 4: return .anonymous(id)
        default: return nil
        }
    }

    /// Where the stream of an entry began.
    func position(at offset: Int) -> Position {
        let party = offset + 1 + Int(entries[offset])
        return Position(entries.span.word(at: party + 2 + Int(entries[party + 1])))
    }

    private func isStream(at offset: Int, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard Int(entries[offset]) == range.count else { return false }
        let (known, wanted) = (entries.span, bytes.span)
        return known.extracting(offset + 1..<offset + 1 + range.count).isEqual(to: wanted.extracting(range))
    }

    /// Notes where the entry of a new stream begins.
    private mutating func note(_ hash: UInt32, at offset: Int) {
        if count * 2 >= slots.count { grow() }
        place(UInt64(hash) << 32 | UInt64(UInt32(offset + 1)))
        count += 1
    }

    private mutating func grow() {
        let former = slots
        slots = [UInt64](repeating: 0, count: former.count * 2)
        for slot in former where slot != 0 { place(slot) }
    }

    private mutating func place(_ entry: UInt64) {
        var slot = Int(entry >> 32) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }

    private static func coded(_ party: PartyReference?) -> (kind: UInt8, id: String) {
        switch party {
        case .account(let id): (1, id)
        case .lead(let id): (2, id)
        case .contact(let id): (3, id)
        case .anonymous(let id): (4, id)
        case nil: (0, "")
        }
    }
}

extension CRMEvent {
    /// Where the name of its stream stands on its page.
    fileprivate var streamRange: Range<Int> { Int(entry.stream)..<Int(entry.id) }
}
