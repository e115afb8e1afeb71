internal import CRMEvents
public import EventModel

/// Which part of the log a replay folds.
public struct ReplayBounds: Hashable, Sendable {
    /// The newest position to apply; the end of the log when absent.
    public var at: Position?
    /// Events with a later time are left out.
    public var asOf: Timestamp?

    /// Bounds; without arguments the whole log.
    public init(at: Position? = nil, asOf: Timestamp? = nil) {
        self.at = at
        self.asOf = asOf
    }

    /// Refuses a position that the log does not have: the answer would change when it comes.
    func check(_ source: any EventSource) throws(ViewError) {
        if let at, at >= source.end { throw .pastEnd(at, end: source.end) }
    }
}

/// Hands the log's events, decoded once, to any number of projectors.
///
/// Three steps work at the same time, so all cores are busy: while the projectors fold some events, the owners of the
/// next are found, one event after the other, and those behind them are read and decoded, by several cores at once.
struct Replay {
    /// Events that are decoded together: those of a block of the log.
    static let batchEventCount: UInt64 = 1024
    /// Batches of a step.
    private static let batchCount = 8

    /// How many times as long is folded as a commit keeps the fold waiting.
    private static let foldingFactor = 20

    let log: DecodedLog
    let projectors: [Projector]
    /// Time between two commits while catching up, at least; ``foldingFactor`` times what the last one kept the fold
    /// waiting, if that is more. So much work a killed replay does again, and what was being written.
    var commitInterval = Duration.seconds(5)

    /// Brings the projectors to the end of the log, or to `bounds`, and commits. Returns how far it came.
    @discardableResult
    func run(
        _ bounds: ReplayBounds = ReplayBounds(), progress: (@Sendable (Position, Position) -> Void)? = nil
    ) async throws -> Position {
        do {
            let next = try await fold(bounds, progress)
            try await onAll { projector in _ = try await projector.commit() }
            return next
        } catch {
            // Nothing is being written any more when somebody hears of it.
            for projector in projectors { await projector.finishWriting() }
            throw error
        }
    }

    private func fold(
        _ bounds: ReplayBounds, _ progress: (@Sendable (Position, Position) -> Void)?
    ) async throws -> Position {
        let logEnd = log.source.end
        var next = logEnd
        for projector in projectors { next = min(next, await projector.next) }
        let end = bounds.at.map { $0 < logEnd ? $0.next : logEnd } ?? logEnd
        var commitDue = ContinuousClock.now.advanced(by: commitInterval)
        var batches = try await decoded(from: next, to: end)
        var events: [CRMEvent] = []
        while !batches.isEmpty || !events.isEmpty {
            let (current, waiting) = (events, batches)
            let following = waiting.last?.last?.position.next ?? end
            async let owned = owned(waiting)
            async let ahead = decoded(from: following, to: end)
            if let last = current.last {
                try await onAll { projector in try await projector.apply(current, asOf: bounds.asOf) }
                next = last.position.next
                progress?(next, end)
            }
            if await isCommitDue(commitDue) { commitDue = try await beginCommit() }
            (events, batches) = try await (owned, ahead)
            try Task.checkCancellation()
        }
        return next
    }

    /// Whether it is time, or somebody's rows take too much memory.
    private func isCommitDue(_ time: ContinuousClock.Instant) async -> Bool {
        if time < .now { return true }
        for projector in projectors where await projector.isFull { return true }
        return false
    }

    /// Begins a commit of every projector. Returns when the next one is due.
    private func beginCommit() async throws -> ContinuousClock.Instant {
        for projector in projectors { await projector.finishWriting() }
        let start = ContinuousClock.now
        try await onAll { projector in try await projector.beginCommit() }
        return .now.advanced(by: max(commitInterval, start.duration(to: .now) * Self.foldingFactor))
    }

    private func onAll(_ work: @escaping @Sendable (Projector) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for projector in projectors {
                group.addTask { try await work(projector) }
            }
            try await group.waitForAll()
        }
    }

    @concurrent
    private func owned(_ batches: [[CRMEvent]]) async throws -> [CRMEvent] { try log.owned(batches) }

    /// The next batches, each up to the end of a block of the log, so that no part of one is unpacked twice.
    @concurrent
    private func decoded(from start: Position, to end: Position) async throws -> [[CRMEvent]] {
        var ranges: [Range<UInt64>] = []
        var next = start.index
        while next < end.index, ranges.count < Self.batchCount {
            let stop = min((next / Self.batchEventCount + 1) * Self.batchEventCount, end.index)
            ranges.append(next..<stop)
            next = stop
        }
        return try await withThrowingTaskGroup(of: (Int, [CRMEvent]).self) { group in
            for (place, range) in ranges.enumerated() {
                group.addTask { (place, try log.decoded(from: Position(range.lowerBound), count: range.count)) }
            }
            var batches = [[CRMEvent]](repeating: [], count: ranges.count)
            for try await (place, batch) in group { batches[place] = batch }
            return batches
        }
    }
}
