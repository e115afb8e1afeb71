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
}

/// Hands the log's events, decoded once, to any number of projectors.
///
/// While the projectors fold one batch, the next is read and decoded, so all cores are busy.
struct Replay {
    static let batchEventCount = 4096
    let log: DecodedLog
    let projectors: [Projector]
    /// Time between two commits while catching up: so much work a killed replay does again, at most.
    var commitInterval = Duration.seconds(2)

    /// Brings the projectors to the end of the log, or to `bounds`, and commits. Returns how far it came.
    @discardableResult
    func run(
        _ bounds: ReplayBounds = ReplayBounds(), progress: (@Sendable (Position, Position) -> Void)? = nil
    ) async throws -> Position {
        let logEnd = log.source.end
        var next = logEnd
        for projector in projectors { next = min(next, await projector.next) }
        let end = bounds.at.map { $0 < logEnd ? $0.next : logEnd } ?? logEnd
        var lastCommit = ContinuousClock.now
        var batch = try await decoded(from: next, to: end)
        while !batch.isEmpty {
            let current = batch
            let following = Position(next.index + UInt64(current.count))
            async let ahead = decoded(from: following, to: end)
            try await fold(current, bounds.asOf)
            next = following
            if lastCommit.duration(to: .now) > commitInterval {
                try await commit()
                lastCommit = .now
            }
            progress?(next, end)
            batch = try await ahead
            try Task.checkCancellation()
        }
        try await commit()
        return next
    }

    private func fold(_ events: [CRMEvent], _ asOf: Timestamp?) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for projector in projectors {
                group.addTask { try await projector.apply(events, asOf: asOf) }
            }
            try await group.waitForAll()
        }
    }

    private func commit() async throws {
        for projector in projectors { try await projector.commit() }
    }

    @concurrent
    private func decoded(from next: Position, to end: Position) async throws -> [CRMEvent] {
        guard next < end else { return [] }
        return try log.events(from: next, count: min(Self.batchEventCount, Int(end.index - next.index)))
    }
}
