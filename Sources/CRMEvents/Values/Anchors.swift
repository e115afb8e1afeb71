import CanonicalJSON
public import EventModel

/// Whose stream is it: the party that the first event of each stream named, its anchor.
///
/// A fold of the log has seen most first events already; those that it has not seen are looked up. A stream's first
/// event never changes, and a stream that begins later is no way to a party, so anchors that are ahead of a fold give
/// it the same answers.
///
/// Entries stand one behind the other in one list of bytes: stream, kind of party, id, position. A hash table (open
/// addressing, at most half full) finds them: a million streams take some 60 MB and no allocation of their own. A slot
/// holds the whole hash, so that other streams' entries are not looked at.
public struct Anchors: ~Copyable {
    /// Bytes of entries at which all are forgotten, to be looked up again when they are needed.
    public static let byteCountMax = 256 << 20

    private var entries: [UInt8] = []
    /// The hash of a stream's name in the high half, the offset of its entry plus one in the low one; 0 for an empty
    /// slot.
    private var slots = [UInt64](repeating: 0, count: 1 << 10)
    private var count = 0
    /// The events from the first one up to here have been seen, so what is missing of them has no anchor.
    private var seen: Position? = .origin

    /// Events that happened later are left out: they are nobody's anchor.
    private let asOf: Timestamp?
    private let canLookUp: Bool

    /// No anchors yet.
    ///
    /// - Parameters:
    ///   - asOf: the bound of a fold that leaves out what had not happened by then.
    ///   - canLookUp: whether what is forgotten can be looked up again; otherwise nothing is.
    public init(asOf: Timestamp? = nil, canLookUp: Bool = true) {
        self.asOf = asOf
        self.canLookUp = canLookUp
    }

    /// Says whose event each is: the party that it names, else the one that the first event of its stream named; an
    /// account goes before a lead, and a lead before a contact (READ_MODELS.md section 0).
    ///
    /// - Parameter lookUp: the first event of a stream that was not seen.
    public mutating func attribute<Failure: Error>(
        _ events: inout [CRMEvent], lookUp: (StreamName) throws(Failure) -> CRMEvent?
    ) throws(Failure) {
        for index in events.indices {
            let entry = events[index].entry
            let position = entry.position
            if let end = seen, position > end { seen = nil }
            if let asOf, entry.time > asOf {
                events[index].owner = events[index].party
            } else if entry.revision == .first {
                if events[index].owner == nil { events[index].owner = try owner(ofFirst: events[index], lookUp) }
                // What lies before the end was remembered when it was seen.
                if seen == nil || seen == position { remember(events[index], events[index].owner) }
            } else if events[index].owner?.isAccount != true {
                events[index].owner = .closer(events[index].owner, try anchor(of: events[index], lookUp))
            }
            if let end = seen { seen = max(end, position.next) }
        }
    }

    /// Learns the anchors of a stretch that nobody folds, from the first events of its streams; afterwards nothing up
    /// to its end is looked up.
    ///
    /// - Precondition: `firsts` are all first events between ``learned`` and `end`, in order.
    public mutating func learn(_ firsts: [CRMEvent], before end: Position) {
        for first in firsts {
            // What has been seen is not looked up.
            let owner = owner(ofFirst: first) { _ in nil }
            if hadHappened(first) { remember(first, owner) }
        }
        if let known = seen { seen = max(known, end) }
    }

    /// Up to where the anchors of all streams are known; `nil` where some have to be looked up.
    public var learned: Position? { seen }

    /// The anchors as one piece of bytes, for ``adopt(_:learned:)`` of another fold.
    public var packed: [UInt8] { entries }

    /// Takes over what another fold of the same log had learned up to a position, in the place of what is known here.
    ///
    /// - Precondition: nothing before that position happened later than the bound of this fold.
    /// - Returns: `false`, and everything is looked up, if the bytes are not ``packed`` of anchors.
    public mutating func adopt(_ packed: [UInt8], learned end: Position) -> Bool {
        forget()
        var offset = 0
        while offset < packed.count {
            let party = offset + 1 + Int(packed[offset])
            guard party + 1 < packed.count, party + 2 + Int(packed[party + 1]) + Self.positionByteCount <= packed.count
            else { break }
            if count * 2 >= slots.count { grow() }
            let hash = Self.hash(packed.span.extracting(offset + 1..<party))
            place(UInt64(hash) << 32 | UInt64(UInt32(offset + 1)))
            count += 1
            offset = party + 2 + Int(packed[party + 1]) + Self.positionByteCount
        }
        guard offset == packed.count else {
            forget()
            return false
        }
        entries = packed
        seen = end
        return true
    }

    /// The anchor of an event's own stream.
    private mutating func anchor<Failure: Error>(
        of event: CRMEvent, _ lookUp: (StreamName) throws(Failure) -> CRMEvent?
    ) throws(Failure) -> PartyReference? {
        if let offset = find(streamOf: event) { return party(at: offset) }
        guard seen == nil, let first = try lookUp(event.stream), hadHappened(first) else { return nil }
        let owner = try owner(ofFirst: first, lookUp)
        remember(first, owner, isKept: true)
        return owner
    }

    /// The owner of a stream's first event: the party that it names, else the anchor of a stream that it names and that
    /// had begun by then, such as the ticket of a promise. Positions fall on the way, so it ends.
    private mutating func owner<Failure: Error>(
        ofFirst first: CRMEvent, _ lookUp: (StreamName) throws(Failure) -> CRMEvent?
    ) throws(Failure) -> PartyReference? {
        var way = [first]
        var owner: PartyReference?
        while let event = way.last {
            owner = event.party
            if owner == nil, let earlier = try step(from: event, &owner, lookUp) {
                way.append(earlier)
                continue
            }
            way.removeLast()
            // Kept once it is known for certain; the caller keeps the first one.
            if !way.isEmpty { remember(event, owner, isKept: true) }
        }
        return owner
    }

    /// Looks for the owner in the streams that a first event names. Returns the first event of one that has to be
    /// looked at before.
    private mutating func step<Failure: Error>(
        from event: CRMEvent, _ owner: inout PartyReference?, _ lookUp: (StreamName) throws(Failure) -> CRMEvent?
    ) throws(Failure) -> CRMEvent? {
        for stream in event.namedStreams {
            owner = PartyReference(party: stream.text)
            let name = Array(stream.text.utf8)
            if owner == nil, let offset = find(name, name.indices, Self.hash(name.span)) {
                if position(at: offset) < event.position { owner = party(at: offset) }
            } else if owner == nil, seen == nil, let earlier = try lookUp(stream), earlier.position < event.position,
                hadHappened(earlier)
            {
                return earlier
            }
            if owner != nil { return nil }
        }
        return nil
    }

    private func hadHappened(_ event: CRMEvent) -> Bool { asOf.map { event.time <= $0 } ?? true }

    /// Keeps the anchor of a stream. One without any, or whose name says it all, is kept only where it had to be looked
    /// up.
    private mutating func remember(_ event: CRMEvent, _ party: PartyReference?, isKept: Bool = false) {
        guard isKept || party != nil && party != event.ownParty else { return }
        // Of a log that was seen from its beginning, no stream begins twice.
        guard seen != nil || find(streamOf: event) == nil else { return }
        if canLookUp, entries.count > Self.byteCountMax { forget() }
        if count * 2 >= slots.count { grow() }
        let offset = entries.count
        let (kind, id) = Self.coded(party)
        let (bytes, range, position) = (event.page.bytes, event.streamRange, event.position.index)
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
        place(UInt64(event.entry.streamHash) << 32 | UInt64(UInt32(offset + 1)))
        count += 1
    }

    private mutating func forget() {
        entries = []
        slots = [UInt64](repeating: 0, count: 1 << 10)
        count = 0
        seen = nil
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

    /// The offset of the entry of an event's own stream.
    private func find(streamOf event: CRMEvent) -> Int? {
        find(event.page.bytes, event.streamRange, event.entry.streamHash)
    }

    /// The offset of the entry of a stream whose name stands in some bytes.
    private func find(_ bytes: [UInt8], _ range: Range<Int>, _ hash: UInt32) -> Int? {
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let offset = Int(slots[slot] & 0xFFFF_FFFF) - 1
            if slots[slot] >> 32 == UInt64(hash), isStream(at: offset, bytes, range) { return offset }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isStream(at offset: Int, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard Int(entries[offset]) == range.count else { return false }
        let (known, wanted) = (entries.span, bytes.span)
        return known.extracting(offset + 1..<offset + 1 + range.count).isEqual(to: wanted.extracting(range))
    }

    private func party(at offset: Int) -> PartyReference? {
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

    private static let positionByteCount = 8

    private func position(at offset: Int) -> Position {
        let party = offset + 1 + Int(entries[offset])
        return Position(entries.span.word(at: party + 2 + Int(entries[party + 1])))
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

    /// Names of streams are surrogates that the server checked; a table of chosen collisions would cost its sender more
    /// than us.
    static func hash(_ name: Span<UInt8>) -> UInt32 { UInt32(truncatingIfNeeded: name.wordHash) }
}

extension CRMEvent {
    /// Where the name of its stream stands on its page.
    fileprivate var streamRange: Range<Int> { Int(entry.stream)..<Int(entry.id) }
}
