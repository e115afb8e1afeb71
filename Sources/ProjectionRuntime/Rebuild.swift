public import EventModel

/// What building a generation came to.
public struct RebuildResult: Sendable {
    /// The projection.
    public let name: String
    /// The version of its code.
    public let version: UInt32
    /// Which generation it is.
    public let number: Int
    /// Events folded.
    public let eventCount: UInt64
    /// Rows of the new generation.
    public let rowCount: UInt64
    /// RFC 6962 root over its rows, in hexadecimal.
    public let stateHash: String
    /// The state hash of the generation that was live at the same position; `nil` if there was none.
    public let previousHash: String?
    /// Whether it answers from now on.
    public let isPromoted: Bool
}

/// Work on generations without a running server: rebuild, compare, promote, roll back, ask as of a moment.
public struct OfflineViews: Sendable {
    let log: DecodedLog
    let store: GenerationStore
    let kept: SnapshotStore
    var source: any EventSource { log.source }

    /// Over a log and the `views` directory of its data directory.
    public init(source: any EventSource, directory: String) throws(ViewError) {
        log = DecodedLog(source)
        store = try GenerationStore(directory)
        kept = SnapshotStore(directory)
    }

    /// Builds generations beside the live ones in one pass over the log, then makes each live in one step.
    ///
    /// Interrupted, it leaves generations that the next call goes on with. The live ones serve meanwhile
    /// and are kept when they retire.
    ///
    /// - Parameters:
    ///   - isPromoting: whether they become live; otherwise ``promote(_:number:)`` does that later.
    ///   - commitInterval: the time between two commits, at least; twenty times what the last one kept the fold
    ///     waiting, if that is more. So much work an interrupted rebuild does again.
    ///   - partitionCount: how many partitions fold at once; by default as many as there are cores. The rows do not
    ///     depend on it.
    /// - Throws: ``ViewError/unbalanced(_:)`` where rows contradict the projection's own arithmetic; nothing is
    ///   promoted then.
    public func rebuild(
        _ models: [any ReadModel.Type], isPromoting: Bool = true, commitInterval: Duration = .seconds(5),
        partitionCount: Int? = nil, progress: @escaping @Sendable (Position, Position) -> Void
    ) async throws -> [RebuildResult] {
        var begun: [(model: any ReadModel.Type, generation: Generation, projector: Projector)] = []
        for model in models {
            let (generation, projector) = try begin(model, partitionCount)
            begun.append((model, generation, projector))
        }
        try await Replay(log: log, projectors: begun.map(\.projector), commitInterval: commitInterval)
            .run(progress: progress)
        let built = begun.map { ($0.model, $0.generation) }
        // A live generation that cannot be read is why one rebuilds.
        async let live = Self.onAllCores(models) { model in try? liveState(model) }
        async let states = Self.states(of: built.map(\.1))
        let violations = try await Self.onAllCores(built) { model, generation in
            try model.violations(in: generation.snapshot(source: source))
        }
        for ((_, generation), violations) in zip(built, violations) where !violations.isEmpty {
            try store.refuse(directory: generation.directory)
            throw ViewError.unbalanced(violations)
        }
        var results: [RebuildResult] = []
        for ((model, generation), (state, live)) in zip(built, zip(try await states, try await live)) {
            results.append(try finish(model, generation, state, live, isPromoting))
        }
        return results
    }

    private func finish(
        _ model: any ReadModel.Type, _ generation: Generation, _ state: GenerationState, _ live: GenerationState?,
        _ isPromoting: Bool
    ) throws(ViewError) -> RebuildResult {
        try generation.settle()
        try store.finish(directory: generation.directory)
        if isPromoting { try store.promote(directory: generation.directory, of: model.name) }
        return RebuildResult(
            name: model.name, version: model.version, number: store.number(ofDirectory: generation.directory),
            eventCount: state.checkpoint.next.index, rowCount: state.rows.count, stateHash: state.hash,
            previousHash: live?.checkpoint == state.checkpoint ? live?.hash : nil, isPromoted: isPromoting)
    }

    /// The state hashes of several generations, on as many cores.
    static func states(of generations: [Generation]) async throws -> [GenerationState] {
        try await onAllCores(generations) { try $0.state() }
    }

    /// The results of some work on each element, in their order.
    private static func onAllCores<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @escaping @Sendable (Element) throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            for (place, element) in elements.enumerated() {
                group.addTask { (place, try work(element)) }
            }
            var results: [(Int, Result)] = []
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Folds the log up to bounds. The state goes away with the last reference to it.
    ///
    /// - Parameters:
    ///   - lenders: views that know blocks of the rows; without them these blocks are `null`.
    ///   - isFresh: whether it is folded from the first event on, even where a kept snapshot is nearer.
    /// - Throws: ``ViewError/pastEnd(_:end:)`` for a position that the log does not have.
    public func asOf(
        _ model: any ReadModel.Type, _ bounds: ReplayBounds, lenders: [any ReadModel.Type] = [], isFresh: Bool = false,
        progress: @escaping @Sendable (Position, Position) -> Void
    ) async throws -> ViewAnswers {
        try bounds.check(source)
        let folded = try await TemporaryGeneration.folding(
            log, [model] + lenders, bounds, from: isFresh ? nil : kept, progress: progress)
        return ViewAnswers(
            model: model, folded: folded[0], lenders: zip(lenders, folded.dropFirst()).map { ($0, $1) },
            bounds: bounds, source: source)
    }

    /// The generation that somebody began, or a new one if that cannot be opened or is not to be believed.
    private func begin(
        _ model: any ReadModel.Type, _ partitionCount: Int?
    ) throws(ViewError) -> (Generation, Projector) {
        func open(_ directory: String) throws(ViewError) -> (Generation, Projector) {
            let generation = try Generation(at: directory, of: model, from: source.identity)
            return (generation, try Projector(model, generation, logEnd: source.end, partitionCount: partitionCount))
        }
        do throws(ViewError) {
            return try open(store.building(model.name, version: model.version))
        } catch .storage, .otherLog {
            return try open(store.fresh(model.name, version: model.version))
        }
    }

    private func liveState(_ model: any ReadModel.Type) throws(ViewError) -> GenerationState? {
        try liveGeneration(model)?.state()
    }

    /// The live generation of this version; `nil` if there is none.
    func liveGeneration(_ model: any ReadModel.Type) throws(ViewError) -> Generation? {
        guard let live = try store.live(model.name), live.version == model.version else { return nil }
        return try Generation(at: live.directory, of: model, from: source.identity, isReadOnly: true)
    }
}
