public import CanonicalJSON

/// The way from one schema of a type to what came next: one entry of ``Upcasters``.
///
/// An upcaster is a pure function: it sees one event, and neither the clock nor any other event. It lifts what was read
/// and never touches stored bytes, over which the hashes are.
public struct Upcaster: Sendable {
    /// What it lifts from.
    public let from: SchemaName
    /// What happened to the fields, in this order.
    public let changes: [SchemaChange]
    /// The schema that the changed data follows.
    let successor: @Sendable (JSON) -> SchemaName

    /// From a schema of a type to the next one.
    public init(_ type: String, from schema: UInt32, _ changes: [SchemaChange]) {
        from = SchemaName(type, schema)
        self.changes = changes
        successor = { _ in SchemaName(type, schema + 1) }
    }

    /// From the last schema of a retired type to the types that took its place: the public data decides which.
    public init(
        _ type: String, from schema: UInt32, _ changes: [SchemaChange],
        becomes successor: @escaping @Sendable (_ data: JSON) -> SchemaName
    ) {
        from = SchemaName(type, schema)
        self.changes = changes
        self.successor = successor
    }

    func lift(_ event: EventShape) -> EventShape {
        var lifted = event
        lifted.data = changed(event.data, isPersonal: false)
        lifted.personal = event.personal.map { changed($0, isPersonal: true) }
        lifted.name = successor(lifted.data)
        return lifted
    }

    private func changed(_ data: JSON, isPersonal: Bool) -> JSON {
        guard case .object(var members) = data else { return data }
        for change in changes { change.apply(to: &members, isPersonal: isPersonal) }
        return .object(members)
    }
}

/// A schema of a type: what an event names as its `dataschema`.
public struct SchemaName: Hashable, Sendable {
    /// The catalog name.
    public let type: String
    /// The number, from 1.
    public let schema: UInt32

    /// A schema from type and number.
    public init(_ type: String, _ schema: UInt32) {
        self.type = type
        self.schema = schema
    }
}

/// What an event says, and by which schema it is to be read.
public struct EventShape: Hashable, Sendable {
    /// The schema that the data follows.
    public var name: SchemaName
    /// The public part.
    public var data: JSON
    /// The opened personal part; `nil` where there is none, or the reader may not see it.
    public var personal: JSON?

    /// An event's content from its parts.
    public init(_ name: SchemaName, data: JSON, personal: JSON? = nil) {
        self.name = name
        self.data = data
        self.personal = personal
    }
}
