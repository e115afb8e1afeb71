internal import EventModel
internal import RecordFormat

/// Requests that were submitted together, and whom to tell what became of them.
struct Submission: Sendable {
    /// Bytes of one that any thread may decide, at most.
    private static let shortByteCountMax = 256 << 10

    let prepared: PreparedRequests
    let completion: @Sendable (AppendOutcomes) -> Void

    /// Whether it is decided soon, and reckons with nothing but ids, revisions and lifecycles.
    var isShort: Bool { prepared.byteCount <= Self.shortByteCountMax && prepared.conditions.isEmpty }
}

/// A batch with the submissions that it was decided for.
struct Commit {
    private(set) var batch: Batch
    /// Bytes of what was submitted, refused or not.
    private(set) var byteCount = 0
    private var decided: [(submission: Submission, outcomes: AppendOutcomes)] = []

    init(_ batch: Batch) { self.batch = batch }

    /// Decides the next submission, which is recorded at a moment.
    mutating func add(_ submission: Submission, at moment: Timestamp) {
        byteCount += submission.prepared.records.count
        decided.append((submission, batch.decide(submission.prepared, at: moment)))
    }

    /// Says that the batch before it is part of the log now.
    mutating func settle() { batch.settle() }

    /// The records as a run; nothing is added behind it.
    mutating func sealed(of log: String) -> RecordRun { batch.sealed(of: log) }

    /// Decides everything again, in a batch of its own.
    mutating func restart(in batch: Batch) {
        self.batch = batch
        for place in decided.indices { decided[place].outcomes = self.batch.decide(decided[place].submission.prepared) }
    }

    /// Tells everybody what became of their requests.
    func complete(_ failure: AppendError?) {
        for (submission, outcomes) in decided {
            submission.completion(failure.map { outcomes.withoutBatch($0) } ?? outcomes)
        }
    }
}
