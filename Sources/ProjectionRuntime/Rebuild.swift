public import EventModel

/// What building a generation came to.
public struct RebuildResult: Sendable {
    /// The projection.
    public let name: String
    /// The version of its code.
    public let version: UInt32
    /// Where the new generation lies.
    public let directory: String
    /// Events folded.
    public let eventCount: UInt64
    /// Rows of the new generation, those of personal tables left out.
    public let rowCount: UInt64
    /// Rows of its personal tables.
    public let personalRowCount: UInt64
    /// RFC 6962 root over its rows, those of personal tables left out, in hexadecimal.
    public let stateHash: String
    /// The state hash of the generation that was live at the same position; `nil` if there was none.
    public let previousHash: String?
}

/// Work on generations without a running server: rebuild, compare, ask as of a moment.
public struct OfflineViews: Sendable {
    private let source: any EventSource
    private let store: GenerationStore

    /// Over a log and the `views` directory of its data directory.
    public init(source: any EventSource, directory: String) throws(ViewError) {
        self.source = source
        store = try GenerationStore(directory)
    }

    /// Builds a generation beside the live one, then makes it live in one step.
    ///
    /// Interrupted, it leaves a generation that the next call goes on with. The live one serves meanwhile
    /// and is kept when it retires.
    public func rebuild(
        _ model: any ReadModel.Type, progress: @escaping @Sendable (Position, Position) -> Void
    ) async throws -> RebuildResult {
        let (generation, projector) = try begin(model)
        let directory = generation.directory
        try await Replay(source: source, projectors: [projector]).run(progress: progress)
        let state = try generation.state()
        // A live generation that cannot be read is why one rebuilds.
        let previous = try? liveState(model)
        try generation.settle()
        try store.promote(directory: directory, of: model.name)
        return RebuildResult(
            name: model.name, version: model.version, directory: directory,
            eventCount: state.checkpoint.next.index, rowCount: state.rows.count,
            personalRowCount: state.personalRows?.count ?? 0, stateHash: state.hash,
            previousHash: previous?.checkpoint == state.checkpoint ? previous?.hash : nil)
    }

    /// Folds the log anew up to the live generation's checkpoint and compares the state hashes.
    ///
    /// Rows of personal tables are compared apart, and mean something only where the source opens personal fields.
    ///
    /// Returns `nil` if the projection has no live generation of this version.
    public func compare(
        _ model: any ReadModel.Type, progress: @escaping @Sendable (Position, Position) -> Void
    ) async throws -> ViewComparison? {
        guard let live = try liveState(model) else { return nil }
        guard live.checkpoint.next <= source.end else {
            return ViewComparison(
                name: model.name, version: model.version, eventCount: live.checkpoint.next.index,
                rowCount: live.rows.count, live: live.hash, replay: "the log is shorter", isAheadOfLog: true)
        }
        guard live.checkpoint.next > .origin else {
            return ViewComparison(
                name: model.name, version: model.version, eventCount: 0, rowCount: 0, live: "", replay: "")
        }
        let folded = try await TemporaryGeneration.folding(
            source, model, ReplayBounds(at: Position(live.checkpoint.next.index - 1)), progress: progress)
        let replayed = try folded.generation.state()
        return ViewComparison(
            name: model.name, version: model.version, eventCount: live.checkpoint.next.index,
            rowCount: live.rows.count, live: live.hash,
            replay: replayed.checkpoint == live.checkpoint ? replayed.hash : "another checkpoint",
            personal: live.personalRows.map { rows in
                .init(rowCount: rows.count, isEqual: rows == replayed.personalRows)
            })
    }

    /// Folds the log up to bounds. The state goes away with the last reference to it.
    public func asOf(
        _ model: any ReadModel.Type, _ bounds: ReplayBounds,
        progress: @escaping @Sendable (Position, Position) -> Void
    ) async throws -> ViewAnswers {
        let folded = try await TemporaryGeneration.folding(source, model, bounds, progress: progress)
        return ViewAnswers(model: model, folded: folded, bounds: bounds, source: source)
    }

    /// The generation that somebody began, or a new one if that cannot be opened or is not to be believed.
    private func begin(_ model: any ReadModel.Type) throws(ViewError) -> (Generation, Projector) {
        func open(_ directory: String) throws(ViewError) -> (Generation, Projector) {
            let generation = try Generation(at: directory, of: model, from: source.identity)
            return (generation, try Projector(model, generation, logEnd: source.end))
        }
        do throws(ViewError) {
            return try open(store.building(model.name, version: model.version))
        } catch .storage, .otherLog {
            return try open(store.fresh(model.name, version: model.version))
        }
    }

    private func liveState(_ model: any ReadModel.Type) throws(ViewError) -> GenerationState? {
        guard let live = try store.live(model.name), live.version == model.version else { return nil }
        return try Generation(at: live.directory, of: model, from: source.identity, isReadOnly: true).state()
    }
}
