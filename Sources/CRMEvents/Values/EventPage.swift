import CanonicalJSON
import EventModel

/// The texts of many events, one behind the other, and where the fields of their data begin.
///
/// Typed events are views on a page: a field becomes a Swift value when somebody asks for it, and what nobody asks for
/// costs nothing. All events of a page live as long as one of them.
final class EventPage: Sendable {
    let bytes: [UInt8]
    /// Offsets of values in `bytes`, as many for each event as its type has public fields; 0 for an absent one.
    let places: [UInt32]
    /// The events, in the order of the log.
    let entries: [PageEntry]
    /// The personal parts of the events that have one.
    let personal: [PersonalPart]
    /// What the events say that have no generated value.
    let bodies: [CRMEvent.Body]

    init(
        bytes: [UInt8], places: [UInt32], entries: [PageEntry] = [], personal: [PersonalPart] = [],
        bodies: [CRMEvent.Body] = []
    ) {
        self.bytes = bytes
        self.places = places
        self.entries = entries
        self.personal = personal
        self.bodies = bodies
    }
}

/// What an event left on a page.
struct PageEntry: Sendable {
    let position: Position
    let revision: Revision
    let time: Timestamp
    let recorded: Timestamp
    /// Offsets in the page's bytes: the stream's name, the id, the type and the data stand one behind the other.
    let stream: UInt32
    let id: UInt32
    let type: UInt32
    let data: UInt32
    let end: UInt32
    /// Where its places begin.
    let places: UInt32
    /// The place of its type among the build's definitions; where the build has no value for it, −1 less its place
    /// among the page's bodies.
    let kind: Int32
    /// Its place among the personal parts; −1 for none.
    let personal: Int32
    /// The hash of its stream's name, for ``AnchorTable``.
    let streamHash: UInt32
}

/// Fills a page.
struct EventPageBuilder: ~Copyable {
    /// Bytes at which a page is full: some fifty events. Small, since cores that fold events of one page at the same
    /// time wait for each other wherever its references are counted.
    private static let byteCountMax = 1 << 14

    private var bytes: [UInt8] = []
    private var places: [UInt32] = []
    private var entries: [PageEntry] = []
    private var personal: [PersonalPart] = []
    private var bodies: [CRMEvent.Body] = []

    private let isRoomy: Bool

    /// A page; one that will be filled begins with the room for that.
    init(isRoomy: Bool) {
        self.isRoomy = isRoomy
        guard isRoomy else { return }
        bytes.reserveCapacity(Self.byteCountMax + Self.byteCountMax / 4)
        places.reserveCapacity(Self.byteCountMax / 32)
        entries.reserveCapacity(Self.byteCountMax / 256)
    }

    /// Whether it is time for the next page. An event is far smaller than the numbers of a page reach.
    var isFull: Bool { bytes.count >= Self.byteCountMax }

    /// Adds texts and data of an event and finds the fields of its data.
    ///
    /// - Parameters:
    ///   - type: the catalog name of the newest shape.
    ///   - kind: the place of the type among the build's definitions; `nil` to leave the fields alone.
    ///   - body: what an event without such a kind says.
    mutating func append(
        _ event: borrowing EventView, type: Span<UInt8>, data: Span<UInt8>, kind: Int?,
        body: CRMEvent.Body = .unrecognised
    ) throws(UndecodableEvent) {
        let part = try PersonalPart(event)
        let start = bytes.count
        bytes.append(copying: event.stream)
        let id = bytes.count
        bytes.append(copying: event.id)
        let typeStart = bytes.count
        bytes.append(copying: type)
        let dataStart = bytes.count
        bytes.append(copying: data)
        let place = places.count
        if let kind,
            let problem = FieldTable.types[kind].locate(in: data, shiftedBy: dataStart, into: &places)
        {
            throw UndecodableEvent(
                position: event.position, type: String(copyingUTF8: type), field: problem.field,
                problem: problem.problem)
        }
        if kind == nil { bodies.append(body) }
        let hasPersonal = event.personal != nil
        if hasPersonal { personal.append(part) }
        entries.append(
            PageEntry(
                position: event.position, revision: event.revision, time: event.time, recorded: event.recorded,
                stream: UInt32(start), id: UInt32(id), type: UInt32(typeStart), data: UInt32(dataStart),
                end: UInt32(bytes.count), places: UInt32(place), kind: Int32(kind ?? -bodies.count),
                personal: hasPersonal ? Int32(personal.count - 1) : -1, streamHash: AnchorTable.hash(event.stream)))
    }

    /// The events of the page; the builder goes on with the next one.
    mutating func takeEvents() -> [CRMEvent] {
        let page = EventPage(bytes: bytes, places: places, entries: entries, personal: personal, bodies: bodies)
        self = EventPageBuilder(isRoomy: isRoomy)
        return page.entries.indices.map { CRMEvent(page, $0) }
    }
}
