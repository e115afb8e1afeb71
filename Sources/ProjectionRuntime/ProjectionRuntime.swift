internal import CRMEvents
public import CanonicalJSON
public import EventModel
internal import Synchronization

/// Keeps read models up to date with a log, and answers questions about them.
///
/// Generations go `building → live → retired`. A view answers from its live generation; a generation
/// that another process promotes is taken over within a second.
public final class ProjectionRuntime: Sendable {
    /// What is known of one view.
    public struct Status: Sendable {
        /// The view's name.
        public let name: String
        /// The version of its projection.
        public let version: UInt32
        /// `building`, `live` or `failed`.
        public let state: String
        /// The position of the next event it will apply.
        public let next: Position
        /// Events of the log that it has not applied.
        public let lagEventCount: UInt64
        /// How long ago the first of them was written when the newest was, in milliseconds by the log's clock.
        public let lagMilliseconds: Int64
        /// Why it failed, in three sentences.
        public let failure: String?
    }

    /// A view as it is kept up to date.
    struct View {
        let model: any ReadModel.Type
        var projector: Projector?
        /// What `NAME.live` said when the projector was opened: who switched since then had a reason.
        var foundLive: String?
        /// A generation that another process made live, until it has caught up.
        var successor: Projector?
        /// When generations are tried again that were dropped, since they could not be opened or followed, by their
        /// directories.
        var dropped: [String: Retry] = [:]
        var isLive = false
        let reached = PositionSignal(end: .origin)
        var next: Position { reached.end }
        var failure: ViewError?
        /// When its generation is opened again, if its storage failed.
        var retry: Retry?
    }

    let store: GenerationStore
    let views: Mutex<[String: View]>
    var source: any EventSource { log.source }
    private let log: DecodedLog
    private let asOfViews: AsOfViews
    private let stepEventCount: UInt64

    /// A runtime over the log and the `views` directory of a data directory.
    public convenience init(
        source: any EventSource, directory: String, models: [any ReadModel.Type]
    ) throws(ViewError) {
        try self.init(source: source, directory: directory, models: models, stepEventCount: 262_144)
    }

    /// - Parameter stepEventCount: a generation that is further behind the others catches up by so many events at a
    ///   time, between their steps: they do not wait for it.
    init(
        source: any EventSource, directory: String, models: [any ReadModel.Type], stepEventCount: UInt64
    ) throws(ViewError) {
        self.stepEventCount = stepEventCount
        log = DecodedLog(source)
        store = try GenerationStore(directory)
        asOfViews = AsOfViews(log, SnapshotStore(directory))
        views = Mutex(Dictionary(uniqueKeysWithValues: models.map { ($0.name, View(model: $0)) }))
    }

    /// Catches up and follows the log until the task is cancelled. A view that fails stops alone; one whose
    /// storage failed goes on by itself when it can be written again.
    ///
    /// It follows in steps of ``stepTime``: waking for each event would cost the writers more than the event.
    public func run() async {
        async let _ = asOfViews.prepare()
        while !Task.isCancelled, !views.withLock(\.isEmpty) {
            openGenerations()
            let projectors = views.withLock { views in
                views.values.flatMap { [$0.failure == nil ? $0.projector : nil, $0.successor].compactMap(\.self) }
            }
            let next: Position?
            do {
                next = try await step(projectors)
            } catch is CancellationError {
                return
            } catch {
                await blame(error)
                try? await Task.sleep(for: .milliseconds(100), clock: .suspending)
                continue
            }
            guard let next else { continue }
            await source.waitForEvent(at: next, atMost: .seconds(1))
            try? await Task.sleep(for: Self.stepTime, clock: .suspending)
        }
    }

    /// Brings projectors to the end of the log, and those that are far behind the others a step nearer to it. Returns
    /// where the next event will stand; `nil` if somebody is still behind.
    private func step(_ projectors: [Projector]) async throws -> Position? {
        var nexts: [(projector: Projector, next: UInt64)] = []
        for projector in projectors { nexts.append((projector, await projector.next.index)) }
        let newest = nexts.map(\.next).max() ?? 0
        let behind = nexts.filter { $0.next + stepEventCount < newest }
        let others = nexts.filter { $0.next + stepEventCount >= newest }.map(\.projector)
        let next = try await Replay(log: log, projectors: others).run()
        await publish(others)
        guard let first = behind.map(\.next).min() else { return next }
        try await Replay(log: log, projectors: behind.map(\.projector))
            .run(ReplayBounds(at: Position(first + stepEventCount - 1)))
        return nil
    }

    /// How long events gather before they are folded together; so much a view is behind at most when all is quiet.
    private static let stepTime = Duration.milliseconds(2)

    /// Brings the live generations to disk, after ``run()`` has ended: without it they are built anew should the
    /// machine have been restarted before the next start.
    public func settle() {
        for view in views.withLock({ Array($0.values) }) where view.isLive && view.failure == nil {
            try? view.projector?.generation.settle()
        }
    }

    /// Answers a question; `nil` if the view has no entity under the key.
    public func answer(_ name: String, _ question: ViewQuestion) async throws(ViewError) -> JSON? {
        let view = try view(name)
        if question.bounds != ReplayBounds() {
            let snapshot = try await asOfViews.snapshot(view.model, for: question).open()
            return try view.model.answer(question, in: snapshot, await lenders(to: view.model, question, snapshot))
        }
        if let failure = view.failure { throw failure }
        guard view.isLive, let projector = view.projector else {
            throw .notReady("it is being built and has come to position \(view.next) of \(source.end)")
        }
        let snapshot = try projector.generation.snapshot(source: source)
        return try view.model.answer(question, in: snapshot, await lenders(to: view.model, question, snapshot))
    }

    /// How long a row waits for a view that knows a block of it and is behind.
    private static let lendingTime = Duration.milliseconds(100)

    /// The views that know blocks of a row, as of the row's moment.
    private func lenders(
        to model: any ReadModel.Type, _ question: ViewQuestion, _ row: ViewSnapshot
    ) async throws(ViewError) -> [String: Lender] {
        guard case .get = question.kind, let position = row.position else { return [:] }
        var lenders: [String: Lender] = [:]
        for name in model.borrowedBlocks.map(\.view) {
            guard let view = views.withLock({ $0[name] }), view.isLive, view.failure == nil, view.model.keepsHistory,
                let projector = view.projector
            else { continue }
            var snapshot = try projector.generation.snapshot(source: source)
            if snapshot.position ?? .origin < position {
                await view.reached.wait(for: position, atMost: Self.lendingTime)
                snapshot = try projector.generation.snapshot(source: source)
            }
            guard let reached = snapshot.position, reached >= position else { continue }
            lenders[name] = Lender(model: view.model, snapshot: ViewSnapshot(snapshot, asOf: row))
        }
        return lenders
    }

    /// Waits until the view has applied the event at a position. Returns the position of the view's
    /// newest event, or `nil` if the time ran out.
    public func wait(for name: String, toReach position: Position, atMost time: Duration) async throws(ViewError)
        -> Position?
    {
        let reached = try view(name).reached
        await reached.wait(for: position, atMost: time)
        let end = reached.end
        return end > position ? Position(end.index - 1) : nil
    }

    /// What is known of every view, by name.
    public var status: [Status] {
        let views = views.withLock { $0 }.sorted { $0.key < $1.key }
        let end = source.end
        return views.map { name, view in
            let next = min(view.next, end)
            return Status(
                name: name, version: view.model.version,
                state: view.failure != nil ? "failed" : view.isLive ? "live" : "building", next: view.next,
                lagEventCount: end.index - next.index, lagMilliseconds: lag(from: next, to: end),
                failure: view.failure?.description)
        }
    }

    private func lag(from next: Position, to end: Position) -> Int64 {
        guard next < end, let first = try? source.events(from: next, count: 1).first,
            let newest = try? source.events(from: Position(end.index - 1), count: 1).first
        else { return 0 }
        return newest.recorded.milliseconds - first.recorded.milliseconds
    }

    private func view(_ name: String) throws(ViewError) -> View {
        let (view, names) = views.withLock { ($0[name], $0.keys.sorted()) }
        guard let view else { throw .unknownView(allowed: names) }
        return view
    }
}
