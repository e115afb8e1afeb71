import CanonicalJSON
public import EventModel

/// A recorded event as projections see it: decoded once, with Swift names for the catalog's fields.
///
/// Decoding is lenient where history may be newer than this build: an unknown word of an enumeration stays
/// text, an unknown field is passed over, and an unknown type or schema becomes ``Body/unrecognised``. Where history is
/// older, ``Upcasters`` have lifted it: only the newest shape of a type is seen here.
///
/// Texts and fields are read from an ``EventPage`` when they are asked for (<doc:TypedValues>).
public struct CRMEvent: Sendable {
    let page: EventPage
    /// Its place on the page.
    private let place: Int
    /// What it says; the fields are read when they are asked for.
    public var body: Body {
        entry.kind >= 0
            ? Body(kind: Int(entry.kind), DataFields(page, places: Int(entry.places)))
            : page.bodies[-1 - Int(entry.kind)]
    }
    /// Whose event it is: the party that it names, else the one that the first event of its stream named
    /// (READ_MODELS.md section 0). Who folds the log sets it; until then it is what the event itself says.
    public var owner: PartyReference?

    var entry: PageEntry { page.entries[place] }

    /// Its index in the log.
    public var position: Position { entry.position }
    /// Its index in the stream.
    public var revision: Revision { entry.revision }
    /// When it happened.
    public var time: Timestamp { entry.time }
    /// When it was written.
    public var recorded: Timestamp { entry.recorded }
    /// What it says about a person, as far as the reader may see it.
    public var personal: PersonalPart { entry.personal >= 0 ? page.personal[Int(entry.personal)] : .nothing }
    /// The stream it belongs to.
    public var stream: StreamName { StreamName(recorded: text(entry.stream, entry.id)) }
    /// The event's own id, unique with its source.
    public var id: String { text(entry.id, entry.type) }
    /// The catalog name of the newest shape.
    public var type: String {
        entry.kind >= 0
            ? Catalog.standard.table.definitions[Int(entry.kind)].name : text(entry.type, entry.data)
    }
    /// The place of its type in ``Catalog/types`` of this build, for tables by type in memory, never in rows; `nil` for
    /// other types.
    public var typeNumber: Int? { entry.kind >= 0 ? Int(entry.kind) : nil }
    /// The group; `nil` for a type that this build does not know.
    public var group: EventGroup? {
        entry.kind >= 0 ? Self.groups[Int(entry.kind)] : page.bodies[-1 - Int(entry.kind)].group
    }
    private static let groups = Catalog.standard.table.definitions.map(\.group)

    /// The public part as canonical JSON, in the newest shape.
    public var data: [UInt8] { Array(page.bytes[Int(entry.data)..<Int(entry.end)]) }

    /// Decodes the canonical data of a recorded event, lifted to the newest shape of its type.
    ///
    /// Many events are decoded in an ``EventBatch`` for less.
    ///
    /// - Throws: ``UndecodableEvent`` when the data or the personal part is no JSON object, or the data lacks a
    ///   required field.
    public init(_ event: borrowing RecordedEvent) throws(UndecodableEvent) {
        try self.init(event, catalog: .standard, upcasters: .standard)
    }

    init(_ event: borrowing RecordedEvent, catalog: Catalog, upcasters: Upcasters) throws(UndecodableEvent) {
        var batch = EventBatch(catalog: catalog, upcasters: upcasters)
        event.withView { batch.append($0) }
        self = try batch.events()[0]
    }

    init(_ page: EventPage, _ place: Int) {
        self.page = page
        self.place = place
        owner = nil
        owner = party
    }

    private func text(_ start: UInt32, _ end: UInt32) -> String {
        let bytes = page.bytes
        return String(copyingUTF8: bytes.span.extracting(Int(start)..<Int(end)))
    }
}

extension CRMEvent.Body {
    /// The ways to the values of the build's types, by their places among the definitions.
    private static let makings: [Making] = {
        let byName = values.reduce(into: [:]) { all, group in all.merge(group) { first, _ in first } }
        return Catalog.standard.table.definitions.map { type in
            guard let making = byName[type.name] else { preconditionFailure("\(type.name) has no Swift value") }
            return making
        }
    }()

    fileprivate init(kind: Int, _ fields: DataFields) { self = Self.makings[kind](fields) }
}
