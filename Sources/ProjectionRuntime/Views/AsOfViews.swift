internal import CRMEvents
internal import EventModel
internal import Foundation

/// A read model folded up to bounds into a temporary generation.
///
/// The newest fold is kept, so that paging through one moment costs one replay. One fold runs at a time.
actor AsOfViews {
    private let log: DecodedLog
    private let kept: SnapshotStore?
    private var newest: (name: String, bounds: ReplayBounds, generation: TemporaryGeneration)?
    private var waitingCount = 0
    private var turn: Task<Void, Never>?

    private let latestTimes = LatestTimes()

    /// Questions about other moments that may wait for a fold, at most.
    static let waitingCountMax = 16

    init(_ log: DecodedLog, _ kept: SnapshotStore? = nil) {
        self.log = log
        self.kept = kept
    }

    /// Does what the first question about one entity would have to wait for.
    nonisolated func prepare() async {
        guard let source = log.source as? any IndexedEventSource, source.hasIndex else { return }
        // A log that cannot be read says so to whoever asks.
        try? await latestTimes.prepare(for: source)
    }

    /// A state in which a question finds what it needs at its bounds: for one entity its own events, folded at once;
    /// for everything else the whole view.
    nonisolated func snapshot(
        _ model: any ReadModel.Type, for question: ViewQuestion
    ) async throws(ViewError) -> ViewSnapshotBox {
        try question.bounds.check(log.source)
        switch question.kind {
        case .get(let key), .why(let key, _):
            if let box = try entitySnapshot(model, key, question.bounds) { return box }
        case .scan, .report: break
        }
        return try await snapshot(model, question.bounds)
    }

    /// The state of one entity at the bounds; `nil` where the log or the view cannot find its events.
    nonisolated func entitySnapshot(
        _ model: any ReadModel.Type, _ key: String, _ bounds: ReplayBounds
    ) throws(ViewError) -> ViewSnapshotBox? {
        guard let model = model as? any EntityReadModel.Type, let source = log.source as? any IndexedEventSource,
            source.hasIndex, source.end > .origin
        else { return nil }
        let last = bounds.at ?? Position(source.end.index - 1)
        var reader = HistoryReader(source, last: last, asOf: bounds.asOf)
        try model.gather(key, with: &reader)
        var checkpoint = Checkpoint(next: last.next, latestTime: try latestTimes.latest(at: last, in: source))
        // Which is the greatest of the times up to a bound only a walk over the log can tell.
        if let asOf = bounds.asOf, let latest = checkpoint.latestTime, latest > asOf { checkpoint.latestTime = nil }
        let folded = try FoldedEntity(reader.events, model, at: checkpoint)
        return ViewSnapshotBox(.entity(folded), bounds.asOf, source)
    }

    /// The state of a view at the bounds.
    func snapshot(_ model: any ReadModel.Type, _ bounds: ReplayBounds) async throws(ViewError) -> ViewSnapshotBox {
        var bounds = bounds
        let end = log.source.end
        if end > .origin { bounds.at = bounds.at ?? Position(end.index - 1) }
        guard waitingCount < Self.waitingCountMax else {
            throw .notReady("\(waitingCount) questions about other moments are being answered")
        }
        waitingCount += 1
        defer { waitingCount -= 1 }
        let before = turn
        let mine = Task { [bounds] () -> Result<TemporaryGeneration, ViewError> in
            await before?.value
            return await self.folded(model, bounds)
        }
        turn = Task { _ = await mine.value }
        return ViewSnapshotBox(.view(try await mine.value.get()), bounds.asOf, log.source)
    }

    private func folded(
        _ model: any ReadModel.Type, _ bounds: ReplayBounds
    ) async -> Result<TemporaryGeneration, ViewError> {
        if let newest, newest.name == model.name, newest.bounds == bounds { return .success(newest.generation) }
        do throws(ViewError) {
            let generation = try await TemporaryGeneration.folding(log, [model], bounds, from: kept)[0]
            newest = (model.name, bounds, generation)
            return .success(generation)
        } catch {
            return .failure(error)
        }
    }
}

/// A state that can be read at bounds, handed between isolation domains.
struct ViewSnapshotBox: Sendable {
    /// How much was folded.
    enum Folded: Sendable {
        case view(TemporaryGeneration)
        case entity(FoldedEntity)
    }

    private let folded: Folded
    private let asOf: Timestamp?
    private let source: any EventSource

    init(_ folded: Folded, _ asOf: Timestamp?, _ source: any EventSource) {
        self.folded = folded
        self.asOf = asOf
        self.source = source
    }

    func open() throws(ViewError) -> ViewSnapshot {
        switch folded {
        case .view(let folded): try folded.generation.snapshot(asOf: asOf, source: source)
        case .entity(let folded): folded.snapshot(asOf: asOf, source: source)
        }
    }
}

/// The rows of one entity, folded in memory: no file is opened for one question.
struct FoldedEntity: Sendable {
    private let tables: [String: FoldedRows]
    private let checkpoint: Checkpoint

    /// Folds some events of a log, as a model that asked for them knows that they are all it needs.
    init(_ events: [CRMEvent], _ model: any ReadModel.Type, at checkpoint: Checkpoint) throws(ViewError) {
        var events = events
        let firsts = Dictionary(
            events.lazy.filter { $0.revision == .first }.map { ($0.stream, $0) },
            uniquingKeysWith: { first, _ in first })
        var anchors = Anchors()
        anchors.attribute(&events) { firsts[$0] }
        let set = TableSet(nil)
        let projection = model.init(tables: set)
        for event in events {
            guard let group = event.group else {
                throw .notReady("position \(event.position) has a type that this build does not know")
            }
            if model.handles.contains(group) { projection.apply(event) }
        }
        var tables: [String: FoldedRows] = [:]
        for changes in try set.takeChanges() {
            do throws(RowError) {
                tables[changes.name] = try FoldedRows(changes)
            } catch {
                throw .corruptRow("table '\(changes.name)': \(error.expected) expected at byte \(error.offset)")
            }
        }
        self.tables = tables
        self.checkpoint = checkpoint
    }

    func snapshot(asOf: Timestamp?, source: any EventSource) -> ViewSnapshot {
        ViewSnapshot(.folded(tables), checkpoint, asOf: asOf, source: source)
    }
}

/// A generation in a directory of its own that goes away with the last reference.
final class TemporaryGeneration: Sendable {
    let generation: Generation

    private init(_ generation: Generation) { self.generation = generation }

    /// Folds a log up to bounds for several read models, in one pass: each from its nearest kept snapshot on, without
    /// `kept` from the first event.
    static func folding(
        _ log: DecodedLog, _ models: [any ReadModel.Type], _ bounds: ReplayBounds, from kept: SnapshotStore? = nil,
        progress: (@Sendable (Position, Position) -> Void)? = nil
    ) async throws(ViewError) -> [TemporaryGeneration] {
        do {
            var folded: [TemporaryGeneration] = []
            var projectors: [Projector] = []
            for model in models {
                let (generation, projector) = try begin(model, of: log, bounds, from: kept)
                folded.append(generation)
                projectors.append(projector)
            }
            // Who something belonged to by then is another question than who it belongs to.
            let log = bounds.asOf == nil ? log : DecodedLog(log.source, asOf: bounds.asOf)
            if let kept {
                var start = log.source.end
                for projector in projectors { start = min(start, await projector.next) }
                kept.restoreAnchors(of: log, before: start)
            }
            try await Replay(log: log, projectors: projectors).run(bounds, progress: progress)
            return folded
        } catch let error as ViewError {
            throw error
        } catch {
            throw .log("\(error)")
        }
    }

    /// A generation to fold on, in a directory that nobody else finds.
    private static func begin(
        _ model: any ReadModel.Type, of log: DecodedLog, _ bounds: ReplayBounds, from kept: SnapshotStore?
    ) throws -> (TemporaryGeneration, Projector) {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("rapport-\(model.name)-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            // The files stay open and nobody else needs their names: they go with the process, also if it is killed.
            try? FileManager.default.removeItem(at: directory)
        }
        let identity = log.source.identity
        let generation =
            try kept?.begin(model, at: directory.path, from: identity, bounds)
            ?? Generation(at: directory.path, of: model, from: identity)
        return (TemporaryGeneration(generation), try Projector(model, generation, logEnd: log.source.end))
    }
}
