public import CRMEvents
public import CanonicalJSON

/// A read model as a fold over the log: same events, same rows, on every machine.
///
/// One instance belongs to one generation and is confined to one projector. `apply` has no clock and
/// no randomness, and is total: an odd history gives odd rows, never a trap.
public protocol Projection: AnyObject, SendableMetatype {
    /// The name on the wire and on disk, such as `customer-360`.
    static var name: String { get }
    /// Raised whenever `apply` would give other rows; a new version is a new generation.
    static var version: UInt32 { get }
    /// The catalog groups it listens to; `apply` is called for no other.
    static var handles: Set<EventGroup> { get }

    /// Opens its tables.
    init(tables: TableSet)

    /// Folds one event into the rows.
    func apply(_ event: CRMEvent)
}

/// A projection that answers questions. Every question reads one snapshot.
public protocol ReadModel: Projection {
    /// One entity as JSON; `nil` if the view has none under this key.
    static func get(
        _ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON?

    /// One page of entities in key order.
    static func scan(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> ViewPage

    /// Figures over all entities.
    static func report(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON
}

/// One page of a scan.
public struct ViewPage: Sendable {
    /// The rows, in key order.
    public var rows: [JSON]
    /// The key to go on from (`from` of the next scan); `nil` at the end.
    public var next: String?

    /// A page from its parts.
    public init(rows: [JSON], next: String?) {
        self.rows = rows
        self.next = next
    }
}
