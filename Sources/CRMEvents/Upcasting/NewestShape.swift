import CanonicalJSON
import EventModel

/// A recorded event in the newest shape of its type, which is the only one that typed events are made from.
struct NewestShape {
    /// The catalog name, which is another one than the recorded name where the type was retired for others.
    let type: String
    /// The data.
    let data: DataReader
    /// What it says; ``CRMEvent/Body/unrecognised`` where this build does not know how to read it.
    let body: CRMEvent.Body

    init(
        _ event: borrowing RecordedEvent, catalog: Catalog, upcasters: Upcasters
    ) throws(UndecodableEvent) {
        let recorded = SchemaName(event.content.type, event.content.schema)
        let data = try DataReader(event)
        if catalog.table.isNewest(recorded.type, recorded.schema) {
            self.init(recorded.type, data, try Self.body(recorded.type, data, catalog))
        } else if CustomName.isType(recorded.type) && recorded.schema == EventTypeDefinition.customSchema {
            self.init(recorded.type, data, .other(OtherEvent(group: .custom, data: data.node)))
        } else if let lifted = upcasters.lift(EventShape(recorded, data: JSON(data.node)), to: catalog) {
            let data = try DataReader(event, reading: lifted.data.canonicalBytes)
            self.init(lifted.name.type, data, try Self.body(lifted.name.type, data, catalog))
        } else {
            self.init(recorded.type, data, .unrecognised)
        }
    }

    private init(_ type: String, _ data: DataReader, _ body: CRMEvent.Body) {
        self.type = type
        self.data = data
        self.body = body
    }

    private static func body(
        _ type: String, _ data: DataReader, _ catalog: Catalog
    ) throws(UndecodableEvent) -> CRMEvent.Body {
        if let decoder = EventDecoder.byType[type] { return try decoder.body(of: data) }
        guard let group = catalog[type]?.group else { return .unrecognised }
        return .other(OtherEvent(group: group, data: data.node))
    }
}
