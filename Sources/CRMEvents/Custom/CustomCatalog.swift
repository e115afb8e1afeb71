public import EventModel
import Synchronization

/// The catalog of a running server: that of the build, and what the log's `field.defined` events have added so far.
///
/// At start, ``catchUp(reading:)`` reads the definitions from the log; then ``record(_:)`` is told of each new one, in
/// the order of positions. The door takes ``current`` once for each batch: a lock around one reference.
///
/// The door checks a definition against those that are recorded, and a definition counts only once it is recorded. Two
/// definitions of one field that race stand in the same stream, `field-<type>`: whoever must not lose appends with an
/// expected revision. Without one the later of the two is recorded without effect.
public final class CustomCatalog: Sendable {
    private let history: Mutex<CatalogHistory>

    /// The catalog of a log without definitions.
    public init() { history = Mutex(CatalogHistory()) }

    /// The catalog in force for whatever is recorded next.
    public var current: Catalog { history.withLock { $0.current } }

    /// The catalog in force for an event at a position.
    public func catalog(at position: Position) -> Catalog { history.withLock { $0.catalog(at: position) } }

    /// All that is known so far, as a value.
    public var known: CatalogHistory { history.withLock { $0 } }

    /// Takes an event that was recorded. Events of other types, and what was told before, change nothing.
    public func record(_ event: RecordedEvent) { history.withLock { _ = $0.apply(event) } }

    /// Reads the definitions that are recorded already.
    ///
    /// - Parameter page: the events of ``CatalogHistory/definitions`` from a position on, as many as are read at once;
    ///   none at the end.
    public func catchUp<Failure: Error>(
        reading page: (_ from: Position) throws(Failure) -> [RecordedEvent]
    ) throws(Failure) {
        var next = history.withLock { $0.next }
        while true {
            for event in try page(next) { record(event) }
            let reached = history.withLock { $0.next }
            // A page without anything new is the end.
            guard reached > next else { return }
            next = reached
        }
    }
}
