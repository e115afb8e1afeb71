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

    /// The entity that an event belongs to: `apply` reads and changes no rows but those of this entity, and adds to
    /// sums.
    ///
    /// Entities are folded on several cores at once, each in the order of its events, so the rows do not depend on how
    /// they are shared out.
    static func entity(of event: CRMEvent) -> EntityKey

    /// Folds one event into the rows.
    func apply(_ event: CRMEvent)
}

/// What tells entities apart when they are shared out over cores. It lives in memory only.
public struct EntityKey: Hashable, Sendable {
    let hash: Int

    /// The key of an entity by its name, such as a stream's.
    public init(_ name: String) { hash = name.textHash }

    /// The key of a party.
    public init(_ party: PartyReference) {
        switch party {
        case .account(let id), .lead(let id), .contact(let id), .anonymous(let id): self.init(id)
        }
    }
}

/// A projection that answers questions. Every question reads one snapshot.
public protocol ReadModel: Projection {
    /// One entity as JSON; `nil` if the view has none under this key.
    static func get(
        _ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON?

    /// The events behind a value of one entity: positions, ids, types, times; `nil` if the view has no such entity.
    ///
    /// - Parameter field: the path of the value in the row, such as `commerce.revenue`.
    static func why(
        _ key: String, field: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON?

    /// One page of entities in key order.
    static func scan(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> ViewPage

    /// Figures over all entities.
    static func report(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON

    /// The published rules that an answer rests on, as the rows know them.
    ///
    /// - Parameters:
    ///   - row: the row that was asked for, with what other views lent; `nil` with other questions.
    ///   - parameters: those of the question, whose bounds decide which rules were in force.
    static func rules(
        of row: JSON?, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> [RuleVersion]

    /// The members of a row that other views know.
    static var borrowedBlocks: [BorrowedBlock] { get }

    /// Whether the rows keep their history, so that ``get(_:_:in:)`` answers of any moment from newer rows too: it
    /// leaves out what came after ``ViewSnapshot/knownAt`` and what happened after ``ViewSnapshot/asOf``.
    static var keepsHistory: Bool { get }

    /// What is wrong with the rows by the projection's own arithmetic, a sentence for each violation; every rebuild and
    /// every audit asks.
    static func violations(in snapshot: ViewSnapshot) throws(ViewError) -> [String]
}

extension ReadModel {
    /// A view that keeps no provenance says so.
    public static func why(
        _ key: String, field: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        throw .badParameter(
            name: "FIELD", found: "asked of a view that keeps no provenance", allowed: "the question to 'customer-360'")
    }

    /// A projection that reads no rules names none.
    public static func rules(
        of row: JSON?, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> [RuleVersion] { [] }

    /// A row that is whole by itself borrows nothing.
    public static var borrowedBlocks: [BorrowedBlock] { [] }

    /// Rows that say what is, do not say what was.
    public static var keepsHistory: Bool { false }

    /// A projection without an identity to keep has none.
    public static func violations(in snapshot: ViewSnapshot) throws(ViewError) -> [String] { [] }
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
