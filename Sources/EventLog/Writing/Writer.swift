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
    typealias Outcome = Result<[AppendReceipt], AppendError>

    /// Bytes of one commit, from which no more is added to it.
    static let commitByteCountMax = 1 << 20

    private struct Submission: Sendable {
        let requests: [Result<PreparedRequest, AppendError>]
        let completion: @Sendable ([Outcome]) -> Void
    }

    private struct State {
        var pending = Lanes<Submission>()
        var isScheduled = false
        var hasFailed = false
        var isClosed = false
    }

    private let store: LogStore
    private let sealer: Sealer
    private let index: Index
    private let signal: PositionSignal
    private let clock: @Sendable () -> Timestamp
    private let queue = DispatchQueue(label: "rapport.writer", qos: .userInitiated)
    private let state = Mutex(State())
    /// Touched on the queue alone.
    nonisolated(unsafe) private let journal: Journal
    nonisolated(unsafe) private let room: Room
    nonisolated(unsafe) private let history: History
    nonisolated(unsafe) private var lastRecorded: Timestamp

    init(
        _ store: LogStore, _ journal: Journal, _ sealer: Sealer, _ room: Room, _ index: Index, _ query: QueryReader,
        _ signal: PositionSignal, lastRecorded: Timestamp, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.sealer = sealer
        self.index = index
        self.signal = signal
        self.clock = clock
        unsafe self.journal = journal
        unsafe self.room = room
        unsafe history = History(store, index, query)
        unsafe self.lastRecorded = lastRecorded
    }

    /// Whether a write or sync has failed, so that the log takes no more events.
    var hasFailed: Bool { state.withLock { $0.hasFailed } }

    /// Hands requests to the writer; each is decided by itself, in order.
    ///
    /// - Parameters:
    ///   - source: who sends them: submissions of one source keep their order, and sources are served in turn.
    ///   - completion: called once, on the writer's queue, with one outcome per request.
    func submit(
        _ requests: [AppendRequest], from source: UInt64, completion: @escaping @Sendable ([Outcome]) -> Void
    ) {
        let hasher = index.hasher
        let prepared = requests.map { request in
            Result { () throws(AppendError) in try PreparedRequest(request, hasher) }
        }
        let byteCount = prepared.reduce(64) { $0 + ((try? $1.get())?.byteCount ?? 64) }
        let refusal: AppendError? = state.withLock { state in
            if state.hasFailed || state.isClosed { return .logFailed }
            guard state.pending.byteCount + byteCount <= Limits.pendingAppendByteCountMax else {
                return .busy(pendingByteCount: state.pending.byteCount)
            }
            let submission = Submission(requests: prepared, completion: completion)
            state.pending.append(submission, byteCount: byteCount, from: source)
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

    /// Seals what can be sealed and gives back the journal's space.
    func sealAll() throws(AppendError) {
        let failure: AppendError? = queue.sync {
            sealer.sealAll()
            if let failure = sealer.newestFailure { return .outcomeUnknown("the blocks were not written: \(failure)") }
            do throws(FileError) {
                unsafe try journal.shrink(sealedEnd: store.sealedEnd)
                return nil
            } catch {
                return fail(error)
            }
        }
        if let failure { throw failure }
    }

    private func drain() {
        while true {
            let submissions = state.withLock { state in
                let submissions = state.pending.take(byteCountMax: Self.commitByteCountMax)
                if submissions.isEmpty { state.isScheduled = false }
                return submissions
            }
            guard !submissions.isEmpty else { return }
            commit(submissions)
        }
    }

    private func commit(_ submissions: [Submission]) {
        let recorded = unsafe max(lastRecorded, clock())
        var batch = unsafe Batch(from: signal.end, recorded: recorded, history)
        var outcomes = submissions.map { submission in
            submission.requests.map { request in
                Outcome { () throws(AppendError) in try batch.decide(try request.get()) }
            }
        }
        if !batch.isEmpty, let failure = write(batch, recorded) {
            outcomes = outcomes.map { $0.map { outcome in outcome.flatMap { _ in .failure(failure) } } }
        }
        for (submission, outcome) in zip(submissions, outcomes) { submission.completion(outcome) }
        sealer.sealWhenDue()
    }

    /// Syncs a batch, then makes it visible. Returns why it failed.
    private func write(_ batch: consuming Batch, _ recorded: Timestamp) -> AppendError? {
        if hasFailed { return .logFailed }
        let (keys, keyCounts, touched) = (batch.keys, batch.keyCounts, batch.touched)
        let run = batch.sealed()
        if let refusal = makeRoom(for: run.bytes.count) { return refusal }
        do throws(FileError) {
            unsafe try journal.append(run.bytes, end: run.end)
        } catch {
            return fail(error)
        }
        unsafe lastRecorded = recorded
        store.take(run)
        unsafe history.remember(touched)
        index.add(keys: keys, counts: keyCounts)
        signal.advance(to: run.end)
        return nil
    }

    /// Seals older events if the journal needs their place. Returns why there is no room.
    private func makeRoom(for frameByteCount: Int) -> AppendError? {
        if let refusal = unsafe room.refusal(for: frameByteCount) {
            // Sealed events take a fraction of the space.
            sealer.sealAll()
            if unsafe room.refusal(for: frameByteCount) != nil { return refusal }
        }
        if let needed = unsafe journal.sealingNeeded(for: frameByteCount), needed > store.sealedEnd {
            sealer.sealAll()
            guard needed <= store.sealedEnd else { return .logFull(byteCount: store.usedByteCount) }
        }
        do throws(FileError) {
            unsafe try journal.prepare(for: frameByteCount)
            return nil
        } catch {
            return error.isOutOfSpace ? .logFull(byteCount: store.usedByteCount) : fail(error)
        }
    }

    private func fail(_ error: FileError) -> AppendError {
        state.withLock { $0.hasFailed = true }
        return .outcomeUnknown("the disk answered: \(error)")
    }
}
