internal import Dispatch
internal import DurableFiles
internal import EventModel
internal import RecordFormat
internal import Synchronization

/// The single writer: drains what waits, decides it in order, syncs once, then acknowledges all.
///
/// Invariants
/// 1. Nothing is acknowledged before its frame of the journal is on disk.
/// 2. After a failed write the writer is `failed` and acknowledges nothing more: what the disk has then is found
///    out at the next opening, never by writing again.
/// 3. A refused request refuses itself only.
final class Writer: Sendable {
    /// Bytes of one commit, from which no more is added to it.
    static let commitByteCountMax = 1 << 20

    /// Bytes of a submission that its own thread may carry, at most.
    private static let shortByteCountMax = 256 << 10

    private struct Submission: Sendable {
        let prepared: PreparedRequests
        let completion: @Sendable (AppendOutcomes) -> Void
    }

    private struct State {
        var pending = Lanes<Submission>()
        /// Whether somebody carries a commit, and looks for more behind it.
        var isCarried = false
        var hasFailed = false
        var isClosed = false
    }

    /// What only the one who carries a commit touches.
    private struct Turn {
        let journal: Journal
        let room: Room
        let history: History
        var lastRecorded: Timestamp
    }

    private let store: LogStore
    private let sealer: Sealer
    private let index: Index
    private let signal: PositionSignal
    private let clock: @Sendable () -> Timestamp
    private let queue = DispatchQueue(label: "rapport.writer", qos: .userInitiated)
    private let state = Mutex(State())
    private let turn: Mutex<Turn>

    init(
        _ store: LogStore, _ journal: sending Journal, _ sealer: Sealer, _ room: sending Room, _ index: Index,
        _ query: QueryReader, _ rules: LifecycleRules, _ signal: PositionSignal, lastRecorded: Timestamp,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.sealer = sealer
        self.index = index
        self.signal = signal
        self.clock = clock
        turn = Mutex(
            Turn(
                journal: journal, room: room, history: History(store, index, query, rules),
                lastRecorded: lastRecorded))
    }

    /// Whether nobody carries a commit.
    var isIdle: Bool { state.withLock { !$0.isCarried } }

    /// Whether a write or sync has failed, so that the log takes no more events.
    var hasFailed: Bool { state.withLock { $0.hasFailed } }

    /// Hands requests to the writer; each is decided by itself, in order.
    ///
    /// Whoever finds the writer idle carries the commit on its own thread, which saves two changes of threads. What
    /// comes meanwhile is carried by the writer's queue, so that nobody carries for others without end; and so is what
    /// may take long.
    ///
    /// - Parameters:
    ///   - source: who sends them: submissions of one source keep their order, and sources are served in turn.
    ///   - isMoreComing: whether the caller has better things to do than to carry a commit.
    ///   - completion: called once, perhaps before this returns.
    func submit(
        _ requests: consuming PreparedRequests, from source: UInt64, isMoreComing: Bool,
        completion: @escaping @Sendable (AppendOutcomes) -> Void
    ) {
        let submission = Submission(prepared: requests, completion: completion)
        let byteCount = submission.prepared.byteCount
        let isShort = byteCount <= Self.shortByteCountMax && submission.prepared.conditions.isEmpty
        var isCarrier = false
        let refusal: AppendError? = state.withLock { state in
            if state.hasFailed || state.isClosed { return .logFailed }
            guard state.pending.byteCount + byteCount <= Limits.pendingAppendByteCountMax else {
                return .busy(pendingByteCount: state.pending.byteCount)
            }
            state.pending.append(submission, byteCount: byteCount, from: source)
            isCarrier = !state.isCarried
            state.isCarried = true
            return nil
        }
        if let refusal { return completion(AppendOutcomes(refusing: submission.prepared.count, refusal)) }
        if isCarrier, isMoreComing || !isShort || carry() { queue.async { while self.carry() {} } }
    }

    /// Refuses new requests and waits until those taken are answered.
    func close() {
        state.withLock { $0.isClosed = true }
        while state.withLock({ $0.isCarried }) {
            turn.withLock { _ in }
            queue.sync {}
        }
    }

    /// Seals what can be sealed and gives back the journal's space.
    func sealAll() throws(AppendError) {
        let failure: AppendError? = turn.withLock { turn in
            sealer.sealAll()
            if let failure = sealer.newestFailure { return .outcomeUnknown("the blocks were not written: \(failure)") }
            do throws(FileError) {
                try turn.journal.shrink(sealedEnd: store.sealedEnd)
                return nil
            } catch {
                return fail(error)
            }
        }
        if let failure { throw failure }
    }

    /// Commits what waits, up to a commit's size; `true` if more waits behind it.
    private func carry() -> Bool {
        let submissions = state.withLock { $0.pending.take(byteCountMax: Self.commitByteCountMax) }
        if !submissions.isEmpty {
            let outcomes = turn.withLock { turn in commit(submissions, &turn) }
            for (submission, outcome) in zip(submissions, outcomes) { submission.completion(outcome) }
            sealer.sealWhenDue()
        }
        return state.withLock { state in
            state.isCarried = state.pending.byteCount > 0
            return state.isCarried
        }
    }

    private func commit(_ submissions: [Submission], _ turn: inout Turn) -> [AppendOutcomes] {
        let recorded = max(turn.lastRecorded, clock())
        let byteCount = submissions.reduce(0) { $0 + $1.prepared.records.count }
        let eventCount = submissions.reduce(0) { $0 + $1.prepared.offsets.count }
        var batch = Batch(
            from: signal.end, recorded: recorded, turn.history, expecting: byteCount, eventCount: eventCount)
        let outcomes = submissions.map { batch.decide($0.prepared) }
        guard !batch.isEmpty, let failure = write(batch, recorded, &turn) else { return outcomes }
        return outcomes.map { $0.withoutBatch(failure) }
    }

    /// Syncs a batch, then makes it visible. Returns why it failed.
    private func write(_ batch: consuming Batch, _ recorded: Timestamp, _ turn: inout Turn) -> AppendError? {
        if hasFailed { return .logFailed }
        let (keys, keyCounts, touched, courses) = (batch.keys, batch.keyCounts, batch.touched, batch.courses)
        let run = batch.sealed()
        if let refusal = makeRoom(for: run.bytes.count, turn) { return refusal }
        do throws(FileError) {
            try turn.journal.append(run.bytes, end: run.end)
        } catch {
            return fail(error)
        }
        turn.lastRecorded = recorded
        store.take(run)
        turn.history.remember(touched)
        turn.history.remember(courses)
        index.add(keys: keys, counts: keyCounts)
        signal.advance(to: run.end)
        return nil
    }

    /// Seals older events if the journal needs their place. Returns why there is no room.
    private func makeRoom(for frameByteCount: Int, _ turn: Turn) -> AppendError? {
        if let refusal = turn.room.refusal(for: frameByteCount) {
            // Sealed events take a fraction of the space.
            sealer.sealAll()
            if turn.room.refusal(for: frameByteCount) != nil { return refusal }
        }
        if let needed = turn.journal.sealingNeeded(for: frameByteCount), needed > store.sealedEnd {
            sealer.sealAll()
            guard needed <= store.sealedEnd else { return turn.room.refusal(for: frameByteCount) ?? turn.room.diskFull }
        }
        do throws(FileError) {
            try turn.journal.prepare(for: frameByteCount)
            return nil
        } catch {
            return error.isOutOfSpace ? turn.room.diskFull : fail(error)
        }
    }

    private func fail(_ error: FileError) -> AppendError {
        state.withLock { $0.hasFailed = true }
        return .outcomeUnknown("the disk answered: \(error)")
    }
}
