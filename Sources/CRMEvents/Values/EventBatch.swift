import CanonicalJSON
public import EventModel

/// Decodes events one after the other onto one page, so that a rebuild allocates per page and not per event.
public struct EventBatch: ~Copyable {
    /// What is known of an event before its page is complete.
    struct Draft {
        let position: Position
        let revision: Revision
        let time: Timestamp
        let recorded: Timestamp
        let personal: PersonalPart
        let entry: PageEntry
        /// What has no generated value; `nil` for what has one.
        let body: CRMEvent.Body?
    }

    private let catalog: Catalog
    private let upcasters: Upcasters
    private var page = EventPageBuilder()
    private var drafts: [Draft] = []
    private var failure: UndecodableEvent?

    /// An empty batch for the catalog of this build.
    public init() { self.init(catalog: .standard, upcasters: .standard) }

    init(catalog: Catalog, upcasters: Upcasters) {
        self.catalog = catalog
        self.upcasters = upcasters
    }

    /// Decodes an event; after the first that cannot be decoded no further one is looked at.
    public mutating func append(_ event: borrowing EventView) {
        guard failure == nil else { return }
        do throws(UndecodableEvent) {
            drafts.append(try decode(event))
        } catch {
            failure = error
        }
    }

    /// The events.
    ///
    /// - Throws: ``UndecodableEvent`` if one of them could not be decoded.
    public consuming func events() throws(UndecodableEvent) -> [CRMEvent] {
        if let failure { throw failure }
        let drafts = drafts
        let page = page.page()
        return drafts.map { CRMEvent($0, on: page) }
    }

    /// Most types are in their newest shape and have a value: their data is copied as it stands.
    private mutating func decode(_ event: borrowing EventView) throws(UndecodableEvent) -> Draft {
        if let place = catalog.table.names.index(of: event.type), catalog.table.types[place].schema == event.schema,
            !catalog.table.types[place].isRetired
        {
            if let kind = catalog.kind(ofTypeAt: place) {
                return try draft(event, try page.append(event, type: event.type, data: event.data, kind: kind), nil)
            }
            let data = try Self.parsed(event)
            let body = CRMEvent.Body.other(OtherEvent(group: catalog.table.definitions[place].group, data: data))
            return try draft(event, try page.append(event, type: event.type, data: event.data, kind: -1), body)
        }
        return try decodeUncommon(event)
    }

    /// A company's own types, old shapes, and what this build does not know.
    private mutating func decodeUncommon(_ event: borrowing EventView) throws(UndecodableEvent) -> Draft {
        let type = String(copyingUTF8: event.type)
        let data = try Self.parsed(event)
        if CustomName.isType(type) && event.schema == EventTypeDefinition.customSchema {
            let entry = try page.append(event, type: event.type, data: event.data, kind: -1)
            return try draft(event, entry, .other(OtherEvent(group: .custom, data: data)))
        }
        guard let lifted = upcasters.lift(EventShape(SchemaName(type, event.schema), data: JSON(data)), to: catalog)
        else {
            return try draft(
                event, try page.append(event, type: event.type, data: event.data, kind: -1), .unrecognised)
        }
        let bytes = lifted.data.canonicalBytes
        let place = catalog.table.names.index(of: lifted.name.type)
        let kind = place.flatMap { catalog.kind(ofTypeAt: $0) }
        let name = lifted.name.type
        let entry = try page.append(event, type: name.utf8.span, data: bytes.span, kind: kind ?? -1)
        guard kind == nil, let group = catalog[name]?.group else { return try draft(event, entry, nil) }
        return try draft(event, entry, .other(OtherEvent(group: group, data: try Self.parsed(event, bytes))))
    }

    private func draft(
        _ event: borrowing EventView, _ entry: PageEntry, _ body: CRMEvent.Body?
    ) throws(UndecodableEvent) -> Draft {
        Draft(
            position: event.position, revision: event.revision, time: event.time, recorded: event.recorded,
            personal: try PersonalPart(event), entry: entry, body: body)
    }

    private static func parsed(
        _ event: borrowing EventView, _ data: [UInt8]? = nil
    ) throws(UndecodableEvent) -> JSONNode {
        let root = try? JSONDocument(parsing: data ?? event.data.bytesOfValue(at: 0)).root
        guard let root, root.kind == .object else {
            throw UndecodableEvent(
                position: event.position, type: String(copyingUTF8: event.type), field: "data", problem: .notAnObject)
        }
        return root
    }
}

extension Catalog {
    /// The place of a type among the build's definitions, which is that of its Swift value; `nil` where it has none.
    fileprivate func kind(ofTypeAt place: Int) -> Int? {
        if table === Catalog.standard.table { return place }
        return Catalog.standard.table.names.index(of: table.definitions[place].name)
    }
}
