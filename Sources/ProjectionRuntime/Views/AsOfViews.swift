internal import EventModel
internal import Foundation

/// A read model folded up to bounds into a temporary generation.
///
/// The newest fold is kept, so that paging through one moment costs one replay. One fold runs at a time.
actor AsOfViews {
    private let source: any EventSource
    private var newest: (name: String, bounds: ReplayBounds, generation: TemporaryGeneration)?
    private var waitingCount = 0
    private var turn: Task<Void, Never>?

    /// Questions about other moments that may wait for a fold, at most.
    static let waitingCountMax = 16

    init(_ source: any EventSource) { self.source = source }

    /// The state of a view at the bounds.
    func snapshot(_ model: any ReadModel.Type, _ bounds: ReplayBounds) async throws(ViewError) -> ViewSnapshotBox {
        var bounds = bounds
        if source.end > .origin {
            let last = Position(source.end.index - 1)
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
        return ViewSnapshotBox(try await mine.value.get(), bounds.asOf, source)
    }

    private func folded(
        _ model: any ReadModel.Type, _ bounds: ReplayBounds
    ) async -> Result<TemporaryGeneration, ViewError> {
        if let newest, newest.name == model.name, newest.bounds == bounds { return .success(newest.generation) }
        do throws(ViewError) {
            let generation = try await TemporaryGeneration.folding(source, model, bounds)
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

    /// Folds a log up to bounds.
    static func folding(
        _ source: any EventSource, _ model: any ReadModel.Type, _ bounds: ReplayBounds,
        progress: (@Sendable (Position, Position) -> Void)? = nil
    ) async throws(ViewError) -> TemporaryGeneration {
        do {
            let directory = FileManager.default.temporaryDirectory
                .appendingPathComponent("rapport-\(model.name)-\(UInt64.random(in: 0 ... .max))")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            let folded = TemporaryGeneration(try Generation(at: directory.path, of: model, from: source.identity))
            let projector = try Projector(model, folded.generation, logEnd: source.end)
            // The files are open and nobody else needs their names: they go with the process, also if it is killed.
            try? FileManager.default.removeItem(at: directory)
            try await Replay(source: source, projectors: [projector]).run(bounds, progress: progress)
            return folded
        } catch let error as ViewError {
            throw error
        } catch {
            throw .log("\(error)")
        }
    }
}
