public import EventModel

/// The live rows of a view beside a fresh replay of the same events.
public struct ViewComparison: Sendable {
    /// The projection.
    public let name: String
    /// The version of its code.
    public let version: UInt32
    /// Events that both have folded.
    public var eventCount: UInt64 = 0
    /// Rows of the live generation.
    public var rowCount: UInt64 = 0
    /// State hash of the live generation.
    public var live = ""
    /// State hash of the replay.
    public var replay = ""
    /// Whether the view has folded events that the log no longer has.
    public var isAheadOfLog = false
    /// The first rows that differ, at most ``RowDifference/countMax``.
    public var differences: [RowDifference] = []
    /// What is wrong with the live rows by the projection's own arithmetic.
    public var violations: [String] = []

    /// Whether the view equals its replay.
    public var isEqual: Bool { live == replay }
}

extension OfflineViews {
    /// Folds the log anew up to the checkpoints of live generations and compares the rows: one pass for all that have
    /// come equally far.
    ///
    /// Gives `nil` for a projection that has no live generation of this version.
    public func compare(
        _ models: [any ReadModel.Type], progress: @escaping @Sendable (Position, Position) -> Void
    ) async throws -> [ViewComparison?] {
        var comparisons = [ViewComparison?](repeating: nil, count: models.count)
        var places: [Checkpoint: [(place: Int, live: Generation)]] = [:]
        for (place, model) in models.enumerated() {
            guard let live = try liveGeneration(model) else { continue }
            let checkpoint = try live.checkpoint()
            comparisons[place] = ViewComparison(
                name: model.name, version: model.version, eventCount: checkpoint.next.index,
                isAheadOfLog: checkpoint.next > source.end)
            if checkpoint.next > source.end {
                comparisons[place]?.replay = "the log is shorter"
            } else if checkpoint.next > .origin {
                places[checkpoint, default: []].append((place, live))
            }
        }
        for (checkpoint, group) in places {
            let bounds = ReplayBounds(at: Position(checkpoint.next.index - 1))
            let folded = try await TemporaryGeneration.folding(
                log, group.map { models[$0.place] }, bounds, progress: progress)
            for ((place, live), replay) in zip(group, folded) {
                try await compare(models[place], live, replay.generation, &comparisons[place])
            }
        }
        return comparisons
    }

    private func compare(
        _ model: any ReadModel.Type, _ live: Generation, _ replay: Generation, _ comparison: inout ViewComparison?
    ) async throws {
        let states = try await Self.states(of: [live, replay])
        comparison?.rowCount = states[0].rows.count
        comparison?.live = states[0].hash
        comparison?.replay = states[0].checkpoint == states[1].checkpoint ? states[1].hash : "another checkpoint"
        if states[0].hash != states[1].hash { comparison?.differences = try live.differences(from: replay) }
        comparison?.violations = try model.violations(in: live.snapshot(source: source))
    }
}
