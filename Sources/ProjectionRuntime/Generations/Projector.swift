internal import CRMEvents
internal import DurableFiles
internal import EventModel

/// Folds events into one generation. It is the only writer of that generation.
actor Projector {
    nonisolated let generation: Generation
    private let model: any ReadModel
    private let tables: TableSet
    private let handles: Set<EventGroup>
    private let lock: FileLock
    private var applied: Checkpoint
    private var committed: Checkpoint

    /// Takes over a generation.
    ///
    /// - Throws: ``ViewError/notReady(_:)`` while another process writes it, ``ViewError/storage(_:)`` if it
    ///   has folded events that the log does not have: the log was replaced by an older one.
    init(_ type: any ReadModel.Type, _ generation: Generation, logEnd: Position) throws(ViewError) {
        self.generation = generation
        lock = try generation.lock()
        let tables = generation.openTables()
        self.tables = tables
        model = type.init(tables: tables)
        handles = type.handles
        let checkpoint = try generation.checkpoint()
        guard checkpoint.next <= logEnd else { throw .storage("it has folded events that the log does not have") }
        applied = checkpoint
        committed = checkpoint
    }

    /// The position of the next event that this generation needs.
    var next: Position { applied.next }

    /// Applies the events that it has not seen; the others of the batch are skipped.
    ///
    /// - Throws: ``ViewError/notReady(_:)`` at a type this build does not know: skipping it in silence
    ///   would make a read model that no newer build agrees with.
    func apply(_ events: [CRMEvent], asOf: Timestamp? = nil) throws(ViewError) {
        for event in events where event.position >= applied.next {
            precondition(event.position == applied.next, "a projector sees every position once, in order")
            guard let group = event.group else {
                throw .notReady("position \(event.position) has a type that this build does not know")
            }
            applied.next = event.position.next
            if let asOf, event.time > asOf { continue }
            if handles.contains(group) { model.apply(event) }
            applied.latestTime = max(applied.latestTime ?? event.time, event.time)
        }
    }

    /// Commits rows and checkpoint together. Returns the position of the next event.
    @discardableResult
    func commit() throws(ViewError) -> Position {
        if applied != committed {
            try generation.commit(tables, at: applied)
            committed = applied
        }
        return applied.next
    }
}
