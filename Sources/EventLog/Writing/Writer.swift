internal import Dispatch
internal import DurableFiles
internal import EventModel
internal import RecordFormat
internal import Synchronization

/// The single writer: decides what comes in order, while the disk has the commit before in hand; syncs once for all
/// that gathered, then acknowledges them.
///
/// Invariants
/// 1. Nothing is acknowledged before its frame of the journal is on disk.
/// 2. After a failed write the writer is `failed` and acknowledges nothing more: what the disk has then is found
///    out at the next opening, never by writing again.
/// 3. A refused request refuses itself only.
/// 4. What was decided behind a commit that was not written is decided again without it.
///
/// Locks are taken in the order `disk`, `turn`, `state`.
final class Writer: Sendable {
    /// Bytes of one commit, from which no more is added to it.
    static let commitByteCountMax = 1 << 20

    /// Bytes of waiting submissions that the one behind them decides at most: meanwhile nothing is acknowledged.
    private static let helpByteCountMax = 256 << 10
    /// Bytes and events that a commit has room for from the beginning, at most.
    private static let (expectedByteCountMax, expectedEventCountMax) = (256 << 10, 1024)

    private enum Reception {
        case refused(AppendError)
        case taken(isCarrier: Bool)
    }

    private let log: String
    private let store: LogStore
    private let sealer: Sealer
    private let index: Index
    private let signal: PositionSignal
    private let clock: @Sendable () -> Timestamp
    private let queue = DispatchQueue(label: "rapport.writer", qos: .userInitiated)
    private let state = Mutex(State())
    private let turn: Mutex<Turn>
    private let disk: Mutex<Disk>

    /// - Parameter log: the log's identity.
    init(
        of log: String, _ store: LogStore, _ journal: sending Journal, _ sealer: Sealer, _ room: sending Room,
        _ index: Index, _ query: QueryReader, _ rules: LifecycleRules, _ signal: PositionSignal,
        lastRecorded: Timestamp, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.log = log
        self.store = store
        self.sealer = sealer
        self.index = index
        self.signal = signal
        self.clock = clock
        turn = Mutex(Turn(history: History(store, index, query, rules), lastRecorded: lastRecorded))
        disk = Mutex(Disk(journal: journal, room: room))
    }

    /// Whether a write or sync has failed, so that the log takes no more events.
    var hasFailed: Bool { state.withLock { $0.hasFailed } }

    /// Hands requests to the writer; each is decided by itself, in order.
    ///
    /// Whoever brings little decides it on its own thread, and carries the commit if nobody does, which saves changes
    /// of threads. What comes meanwhile is carried by the writer's queue, so that nobody carries for others without
    /// end; and what may take long is decided there.
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
        let isShort = submission.isShort
        switch (isShort ? decideNow(submission) : nil) ?? wait(submission, from: source) {
        case .refused(let refusal): completion(AppendOutcomes(refusing: submission.prepared.count, refusal))
        case .taken(isCarrier: false): break
        case .taken(isCarrier: true):
            if isMoreComing || !isShort || carry() { queue.async { while self.carry() {} } }
        }
    }

    /// Decides a submission at once, and those before it that wait; `nil` if it has to wait itself.
    private func decideNow(_ submission: Submission) -> Reception? {
        let reception: Reception?? = turn.withLockIfAvailable { turn in
            let byteCount = min(turn.byteCountLeft, Self.helpByteCountMax)
            let waiting = state.withLock { $0.longCount > 0 ? [] : $0.take(byteCountMax: byteCount) }
            for earlier in waiting { decide(earlier, &turn) }
            let reception: Reception? = state.withLock { state in
                if state.isRefusing { return .refused(.logFailed) }
                return turn.byteCountLeft <= 0 || state.byteCount > 0 ? nil : .taken(isCarrier: state.callCarrier())
            }
            if case .taken = reception { decide(submission, &turn) }
            return reception
        }
        return reception ?? nil
    }

    /// Lets a submission wait for the one who carries.
    private func wait(_ submission: Submission, from source: UInt64) -> Reception {
        let byteCount = submission.prepared.byteCount
        return state.withLock { state in
            if state.isRefusing { return .refused(.logFailed) }
            guard state.byteCount + byteCount <= Limits.pendingAppendByteCountMax else {
                return .refused(.busy(pendingByteCount: state.byteCount))
            }
            state.append(submission, from: source)
            return .taken(isCarrier: state.callCarrier())
        }
    }

    /// Refuses new requests and waits until those taken are answered.
    func close() {
        state.withLock { $0.isClosed = true }
        while state.withLock({ $0.isCarried }) {
            disk.withLock { _ in }
            queue.sync {}
        }
    }

    /// Seals what can be sealed and gives back the journal's space.
    func sealAll() throws(AppendError) {
        let failure: AppendError? = disk.withLock { disk in
            sealer.sealAll()
            if let failure = sealer.newestFailure { return .outcomeUnknown("the blocks were not written: \(failure)") }
            do throws(FileError) {
                try disk.journal.shrink(sealedEnd: store.sealedEnd)
                return nil
            } catch {
                return fail(error)
            }
        }
        if let failure { throw failure }
    }
}

// MARK: - Deciding

extension Writer {
    /// Decides a submission in the commit that is open.
    private func decide(_ submission: Submission, _ turn: inout Turn) {
        let moment = moment(turn)
        if turn.open == nil { turn.open = Commit(emptyBatch(turn, moment)) }
        turn.open?.add(submission, at: moment)
    }

    /// When what is decided now is recorded: times of recording never go back.
    private func moment(_ turn: Turn) -> Timestamp {
        max(turn.open?.batch.staged.recorded ?? turn.inHand?.recorded ?? turn.lastRecorded, turn.lastRecorded, clock())
    }

    private func emptyBatch(_ turn: Turn, _ moment: Timestamp) -> Batch {
        Batch(
            from: turn.inHand?.end ?? signal.end, recorded: moment, turn.history, behind: turn.inHand,
            expecting: min(turn.expected.byteCount, Self.expectedByteCountMax),
            eventCount: min(turn.expected.eventCount, Self.expectedEventCountMax))
    }

    /// Closes the commit that is open, after those who waited have been decided, up to a commit's size.
    private func next(_ turn: inout Turn) -> (commit: Commit, run: RecordRun)? {
        for submission in state.withLock({ $0.take(byteCountMax: turn.byteCountLeft) }) { decide(submission, &turn) }
        guard var commit = turn.open else { return nil }
        turn.open = nil
        let run = commit.sealed(of: log)
        turn.expected = (run.bytes.count, run.count)
        turn.inHand = commit.batch.staged
        return (commit, run)
    }

    /// Makes a commit part of the log, or decides again what reckoned with it.
    private func settle(_ run: RecordRun, _ failure: AppendError?, _ turn: inout Turn) {
        guard let done = turn.inHand.take() else { return }
        if failure != nil {
            guard var open = turn.open.take() else { return }
            open.restart(in: emptyBatch(turn, moment(turn)))
            turn.open = open
            return
        }
        if let recorded = done.recorded {
            turn.lastRecorded = recorded
            store.take(run)
            turn.history.remember(done.touched)
            turn.history.remember(done.courses)
            index.add(keys: done.keys, counts: done.keyCounts)
            signal.advance(to: run.end)
        }
        turn.open?.settle()
    }
}

// MARK: - Writing

extension Writer {
    /// Carries the next commit; `true` if more waits behind it.
    private func carry() -> Bool {
        let carried: (commit: Commit, failure: AppendError?)? = disk.withLock { disk in
            guard let (commit, run) = turn.withLock({ turn in next(&turn) }) else { return nil }
            let failure = run.count == 0 ? nil : write(run, disk)
            turn.withLock { turn in settle(run, failure, &turn) }
            return (commit, failure)
        }
        if let carried {
            carried.commit.complete(carried.failure)
            sealer.sealWhenDue()
        }
        return turn.withLock { turn in
            state.withLock { state in
                state.isCarried = turn.open != nil || state.byteCount > 0
                return state.isCarried
            }
        }
    }

    /// Syncs a batch. Returns why it failed.
    private func write(_ run: RecordRun, _ disk: Disk) -> AppendError? {
        if hasFailed { return .logFailed }
        if let refusal = makeRoom(for: run.bytes.count, disk) { return refusal }
        do throws(FileError) {
            try disk.journal.append(run.bytes, end: run.end)
            return nil
        } catch {
            return fail(error)
        }
    }

    /// Seals older events if the journal needs their place. Returns why there is no room.
    private func makeRoom(for frameByteCount: Int, _ disk: Disk) -> AppendError? {
        if let refusal = disk.room.refusal(for: frameByteCount) {
            // Sealed events take a fraction of the space.
            sealer.sealAll()
            if disk.room.refusal(for: frameByteCount) != nil { return refusal }
        }
        if let needed = disk.journal.sealingNeeded(for: frameByteCount), needed > store.sealedEnd {
            sealer.sealAll()
            guard needed <= store.sealedEnd else { return disk.room.refusal(for: frameByteCount) ?? disk.room.diskFull }
        }
        do throws(FileError) {
            try disk.journal.prepare(for: frameByteCount)
            return nil
        } catch {
            return error.isOutOfSpace ? disk.room.diskFull : fail(error)
        }
    }

    private func fail(_ error: FileError) -> AppendError {
        state.withLock { $0.hasFailed = true }
        return .outcomeUnknown("the disk answered: \(error)")
    }
}
