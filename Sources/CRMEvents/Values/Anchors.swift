import CanonicalJSON
public import EventModel

/// Whose stream is it: the party that the first event of each stream named, its anchor.
///
/// A fold of the log has seen most first events already; those that it has not seen are looked up. A stream's first
/// event never changes, and a stream that begins later is no way to a party, so anchors that are ahead of a fold give
/// it the same answers.
public struct Anchors: ~Copyable {
    /// Bytes of entries at which all are forgotten, to be looked up again when they are needed.
    public static let byteCountMax = 256 << 20

    private var table = AnchorTable()
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
    public var packed: [UInt8] { table.entries }

    /// Takes over what another fold of the same log had learned up to a position, in the place of what is known here.
    ///
    /// - Precondition: nothing before that position happened later than the bound of this fold.
    /// - Returns: `false`, and everything is looked up, if the bytes are not ``packed`` of anchors.
    public mutating func adopt(_ packed: [UInt8], learned end: Position) -> Bool {
        guard let adopted = AnchorTable(packed) else {
            forget()
            return false
        }
        table = adopted
        seen = end
        return true
    }

    /// The anchor of an event's own stream.
    private mutating func anchor<Failure: Error>(
        of event: CRMEvent, _ lookUp: (StreamName) throws(Failure) -> CRMEvent?
    ) throws(Failure) -> PartyReference? {
        if let offset = table.find(streamOf: event) { return table.party(at: offset) }
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
            if owner == nil, let offset = table.find(name, name.indices, AnchorTable.hash(name.span)) {
                if table.position(at: offset) < event.position { owner = table.party(at: offset) }
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
        guard seen != nil || table.find(streamOf: event) == nil else { return }
        if canLookUp, table.entries.count > Self.byteCountMax { forget() }
        table.add(event, party)
    }

    private mutating func forget() {
        table = AnchorTable()
        seen = nil
    }
}
