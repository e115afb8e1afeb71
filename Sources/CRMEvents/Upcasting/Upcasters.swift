/// Every way from an old schema to the next, as data. Readers see the newest shape only.
///
/// ``CRMEvent`` applies them once, where a recorded event is decoded; who reads data without it calls
/// ``lift(_:to:)``. The article <doc:EvolvingEvents> says when a change needs one.
public struct Upcasters: Sendable {
    /// Those of this build. All types of the catalog have schema 1 so far, so there are none yet.
    public static let standard = Upcasters([])

    private let bySchema: [SchemaName: Upcaster]

    /// A registry. Two upcasters from the same schema are a mistake of the program.
    public init(_ upcasters: [Upcaster]) {
        bySchema = Dictionary(upcasters.map { ($0.from, $0) }) { first, _ in
            preconditionFailure("\(first.from.type) has two ways from schema \(first.from.schema)")
        }
    }

    /// The schemas from which there is a way.
    public var origins: some Collection<SchemaName> { bySchema.keys }

    /// Lifts an event, step by step, as far as there is a way; one of a schema without any comes back as it is.
    ///
    /// - Returns: `nil` for an event that this build does not know how to read: of an unknown type, of a schema newer
    ///   than the catalog's, or of one from which no way leads here. It is kept, and read by a build that knows it.
    public func lift(_ event: EventShape, to catalog: Catalog = .standard) -> EventShape? {
        var event = event
        // Each step is taken once at most, so a circle ends too.
        for _ in 0...bySchema.count {
            guard let step = bySchema[event.name] else {
                return catalog[event.name.type]?.schema == event.name.schema ? event : nil
            }
            event = step.lift(event)
        }
        return nil
    }
}
