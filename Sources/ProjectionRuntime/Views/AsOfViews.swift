internal import EventModel
internal import Foundation

/// A read model folded up to bounds into a temporary generation.
///
/// The newest fold is kept, so that paging through one moment costs one replay. One fold runs at a time.
actor AsOfViews {
    private let log: DecodedLog
    private var newest: (name: String, bounds: ReplayBounds, generation: TemporaryGeneration)?
    private var waitingCount = 0
    private var turn: Task<Void, Never>?

    /// Questions about other moments that may wait for a fold, at most.
    static let waitingCountMax = 16

    init(_ log: DecodedLog) { self.log = log }

    /// The state of a view at the bounds.
    func snapshot(_ model: any ReadModel.Type, _ bounds: ReplayBounds) async throws(ViewError) -> ViewSnapshotBox {
        var bounds = bounds
        let end = log.source.end
        if end > .origin {
            let last = Position(end.index - 1)
            bounds.at = min(bounds.at ?? last, last)
        }
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
        return ViewSnapshotBox(try await mine.value.get(), bounds.asOf, log.source)
    }

    private func folded(
        _ model: any ReadModel.Type, _ bounds: ReplayBounds
    ) async -> Result<TemporaryGeneration, ViewError> {
        if let newest, newest.name == model.name, newest.bounds == bounds { return .success(newest.generation) }
        do throws(ViewError) {
            let generation = try await TemporaryGeneration.folding(log, [model], bounds)[0]
            newest = (model.name, bounds, generation)
            return .success(generation)
        } catch {
            return .failure(error)
        }
    }
}

/// A generation that can be read at bounds, handed between isolation domains.
struct ViewSnapshotBox: Sendable {
    private let folded: TemporaryGeneration
    private let asOf: Timestamp?
    private let source: any EventSource

    init(_ folded: TemporaryGeneration, _ asOf: Timestamp?, _ source: any EventSource) {
        self.folded = folded
        self.asOf = asOf
        self.source = source
    }

    func open() throws(ViewError) -> ViewSnapshot { try folded.generation.snapshot(asOf: asOf, source: source) }
}

/// A generation in a directory of its own that goes away with the last reference.
final class TemporaryGeneration: Sendable {
    let generation: Generation

    private init(_ generation: Generation) { self.generation = generation }

    /// Folds a log up to bounds for several read models, in one pass.
    static func folding(
        _ log: DecodedLog, _ models: [any ReadModel.Type], _ bounds: ReplayBounds,
        progress: (@Sendable (Position, Position) -> Void)? = nil
    ) async throws(ViewError) -> [TemporaryGeneration] {
        do {
            var folded: [TemporaryGeneration] = []
            var projectors: [Projector] = []
            for model in models {
                let (generation, projector) = try empty(model, of: log)
                folded.append(generation)
                projectors.append(projector)
            }
            try await Replay(log: log, projectors: projectors).run(bounds, progress: progress)
            return folded
        } catch let error as ViewError {
            throw error
        } catch {
            throw .log("\(error)")
        }
    }

    /// A generation without rows, in a directory that nobody else finds.
    private static func empty(_ model: any ReadModel.Type, of log: DecodedLog) throws -> (
        TemporaryGeneration, Projector
    ) {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("rapport-\(model.name)-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            // The files stay open and nobody else needs their names: they go with the process, also if it is killed.
            try? FileManager.default.removeItem(at: directory)
        }
        let generation = TemporaryGeneration(
            try Generation(at: directory.path, of: model, from: log.source.identity))
        return (generation, try Projector(model, generation.generation, logEnd: log.source.end))
    }
}
