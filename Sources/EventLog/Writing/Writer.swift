internal import Dispatch
internal import EventModel
internal import LMDB
internal import Synchronization

/// The single writer: drains everything that waits, decides it in order, commits and syncs once, then
/// acknowledges all.
///
/// Invariants
/// 1. Nothing is acknowledged before the sync of its commit returned.
/// 2. After a failed write or sync the writer is `failed` and acknowledges nothing more.
/// 3. A refused request refuses itself only.
final class Writer: Sendable {
    typealias Outcome = Result<[AppendReceipt], AppendError>

    /// Bytes of one commit, at most (one request may exceed it alone).
    static let commitByteCountMax = 8 << 20

    private struct Submission: Sendable {
        let requests: [AppendRequest]
        let byteCount: Int
        let completion: @Sendable ([Outcome]) -> Void
    }

    private struct State {
        var pending: [Submission] = []
        var pendingByteCount = 0
        var isScheduled = false
        var hasFailed = false
        var isClosed = false
        var lastRecorded: Timestamp
    }

    private let log: LogStore
    private let index: Index
    private let signal: PositionSignal
    private let clock: @Sendable () -> Timestamp
    private let queue = DispatchQueue(label: "rapport.writer", qos: .userInitiated)
    private let state: Mutex<State>
    /// Touched on the queue alone.
    nonisolated(unsafe) private let history: History

    init(
        _ log: LogStore, _ index: Index, _ signal: PositionSignal, lastRecorded: Timestamp,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.log = log
        self.index = index
        self.signal = signal
        self.clock = clock
        state = Mutex(State(lastRecorded: lastRecorded))
        unsafe history = History(log, index)
    }

    /// Whether a write or sync has failed, so that the log takes no more events.
    var hasFailed: Bool { state.withLock { $0.hasFailed } }

    /// Hands requests to the writer; each is decided by itself, in order.
    ///
    /// - Parameter completion: called once, on the writer's queue, with one outcome per request.
    func submit(_ requests: [AppendRequest], completion: @escaping @Sendable ([Outcome]) -> Void) {
        let submission = Submission(
            requests: requests, byteCount: requests.reduce(0) { $0 + $1.byteCount }, completion: completion)
        let refusal: AppendError? = state.withLock { state in
            if state.hasFailed || state.isClosed { return .logFailed }
            guard state.pendingByteCount + submission.byteCount <= Limits.pendingAppendByteCountMax else {
                return .busy(pendingByteCount: state.pendingByteCount)
            }
            state.pending.append(submission)
            state.pendingByteCount += submission.byteCount
            guard !state.isScheduled else { return nil }
            state.isScheduled = true
            queue.async { self.drain() }
            return nil
        }
        if let refusal { completion(requests.map { _ in .failure(refusal) }) }
    }

    /// Refuses new requests and waits until those taken are answered.
    func close() {
        state.withLock { $0.isClosed = true }
        queue.sync {}
    }

    private func drain() {
        while let submissions = takePending() { commit(submissions) }
    }

    private func takePending() -> [Submission]? {
        state.withLock { state in
            var taken = 0
            var byteCount = 0
            for submission in state.pending {
                guard taken == 0 || byteCount + submission.byteCount <= Self.commitByteCountMax else { break }
                byteCount += submission.byteCount
                taken += 1
            }
            guard taken > 0 else {
                state.isScheduled = false
                return nil
            }
            let submissions = Array(state.pending.prefix(taken))
            state.pending.removeFirst(taken)
            state.pendingByteCount -= byteCount
            return submissions
        }
    }

    private func commit(_ submissions: [Submission]) {
        let recorded = state.withLock { max($0.lastRecorded, clock()) }
        var batch = unsafe Batch(from: signal.end, recorded: recorded, history)
        var outcomes = submissions.map { submission in
            submission.requests.map { request in
                Outcome { () throws(AppendError) in
                    try request.checkLimits()
                    return try batch.decide(request)
                }
            }
        }
        if !batch.events.isEmpty, let failure = write(batch, recorded) {
            outcomes = outcomes.map { $0.map { outcome in outcome.flatMap { _ in .failure(failure) } } }
        }
        for (submission, outcome) in zip(submissions, outcomes) { submission.completion(outcome) }
    }

    /// Commits and syncs a batch, then makes it visible. Returns why it failed.
    private func write(_ batch: Batch, _ recorded: Timestamp) -> AppendError? {
        if hasFailed { return .logFailed }
        do throws(LMDBError) {
            try log.append(batch.records)
        } catch .mapFull {
            return .logFull(byteCount: log.byteCounts.max)
        } catch .diskFull {
            return .logFull(byteCount: log.byteCounts.used)
        } catch {
            state.withLock { $0.hasFailed = true }
            return .outcomeUnknown("the disk answered: \(error)")
        }
        state.withLock { $0.lastRecorded = recorded }
        unsafe history.remember(batch.touchedRevisions)
        index.add(batch.keys)
        signal.advance(to: batch.end)
        return nil
    }
}
