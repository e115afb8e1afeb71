import CanonicalJSON
public import EventModel

/// Which catalog was in force when: the fold of all `field.defined` events over the catalog of the build.
///
/// A definition is in force from the position after its own. So an event at position P was checked, and is to be read,
/// by the definitions that stand before P; a replay finds the same ones. The fold is total: a definition that is
/// malformed, or contradicts an earlier one, which the door refuses, has no effect where it was recorded nevertheless.
public struct CatalogHistory: Sendable {
    /// The events that it is made of.
    public static let definitions = EventQuery([EventQuery.Item(types: [definitionType])])
    public static let definitionType = "field.defined"

    /// The position from which the history has yet to be told.
    public private(set) var next = Position.origin
    /// One entry for each definition that counts, in order.
    private var snapshots: [(definedAt: Position, catalog: Catalog)] = []
    private let standard: Catalog

    /// A history without definitions.
    public init() { self.init(.standard) }

    init(_ standard: Catalog) { self.standard = standard }

    /// The catalog in force after everything that was told.
    public var current: Catalog { snapshots.last?.catalog ?? standard }

    /// The catalog in force for an event at a position: the definitions before it count.
    public func catalog(at position: Position) -> Catalog {
        var (low, high) = (0, snapshots.count)
        while low < high {
            let middle = (low + high) / 2
            if snapshots[middle].definedAt < position { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? standard : snapshots[low - 1].catalog
    }

    /// Takes the next recorded event; any type but `field.defined` changes nothing, nor does what was told before.
    ///
    /// - Returns: whether another catalog is in force now.
    @discardableResult
    public mutating func apply(_ event: borrowing RecordedEvent) -> Bool {
        guard event.position >= next else { return false }
        next = event.position.next
        guard event.content.type == Self.definitionType,
            let document = try? JSONDocument(parsing: event.content.data),
            let catalog = try? current.adding(FieldDefinition(document.cursor))
        else { return false }
        snapshots.append((event.position, catalog))
        return true
    }
}
