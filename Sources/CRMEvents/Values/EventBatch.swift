import CanonicalJSON
public import EventModel

/// Decodes events one after the other onto pages, so that a rebuild allocates per page and not per event.
public struct EventBatch: ~Copyable {
    private let catalog: Catalog
    private let upcasters: Upcasters
    private var page: EventPageBuilder
    /// The events of the pages that are full.
    private var decoded: [CRMEvent] = []
    private var failure: UndecodableEvent?

    /// An empty batch for the catalog of this build.
    ///
    /// - Parameter count: how many events it will get, as far as that is known.
    public init(expecting count: Int = 0) { self.init(catalog: .standard, upcasters: .standard, expecting: count) }

    init(catalog: Catalog, upcasters: Upcasters, expecting count: Int = 0) {
        self.catalog = catalog
        self.upcasters = upcasters
        page = EventPageBuilder(isRoomy: count > 64)
        decoded.reserveCapacity(count)
    }

    /// Decodes an event; after the first that cannot be decoded no further one is looked at.
    public mutating func append(_ event: borrowing EventView) {
        guard failure == nil else { return }
        if page.isFull {
            decoded += page.takeEvents()
        }
        do throws(UndecodableEvent) {
            try decode(event)
        } catch {
            failure = error
        }
    }

    /// The events.
    ///
    /// - Throws: ``UndecodableEvent`` if one of them could not be decoded.
    public consuming func events() throws(UndecodableEvent) -> [CRMEvent] {
        if let failure { throw failure }
        let last = page.takeEvents()
        guard !decoded.isEmpty else { return last }
        decoded += last
        return decoded
    }

    /// Most types are in their newest shape and have a value: their data is copied as it stands.
    private mutating func decode(_ event: borrowing EventView) throws(UndecodableEvent) {
        guard let place = catalog.table.names.index(of: event.type), catalog.table.types[place].schema == event.schema,
            !catalog.table.types[place].isRetired
        else { return try decodeUncommon(event) }
        if let kind = catalog.kind(ofTypeAt: place) {
            return try page.append(event, type: event.type, data: event.data, kind: kind)
        }
        let other = OtherEvent(group: catalog.table.definitions[place].group, data: try Self.parsed(event))
        try page.append(event, type: event.type, data: event.data, kind: nil, body: .other(other))
    }

    /// A company's own types, old shapes, and what this build does not know.
    private mutating func decodeUncommon(_ event: borrowing EventView) throws(UndecodableEvent) {
        let type = String(copyingUTF8: event.type)
        let data = try Self.parsed(event)
        if CustomName.isType(type) && event.schema == EventTypeDefinition.customSchema {
            let other = OtherEvent(group: .custom, data: data)
            return try page.append(event, type: event.type, data: event.data, kind: nil, body: .other(other))
        }
        guard let lifted = upcasters.lift(EventShape(SchemaName(type, event.schema), data: JSON(data)), to: catalog)
        else { return try page.append(event, type: event.type, data: event.data, kind: nil) }
        let bytes = lifted.data.canonicalBytes
        let name = lifted.name.type
        let kind = catalog.table.names.index(of: name).flatMap { catalog.kind(ofTypeAt: $0) }
        guard kind == nil, let group = catalog[name]?.group else {
            return try page.append(event, type: name.utf8.span, data: bytes.span, kind: kind)
        }
        let other = OtherEvent(group: group, data: try Self.parsed(event, bytes))
        try page.append(event, type: name.utf8.span, data: bytes.span, kind: nil, body: .other(other))
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
