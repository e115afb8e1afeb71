public import EventModel

/// What became of requests, in their order.
public struct AppendOutcomes: Sendable {
    /// What was recorded in one stream, or had been recorded before.
    public struct Receipt: Hashable, Sendable {
        /// Position of the last event.
        public let position: Position
        /// Revision of the last event.
        public let revision: Revision
        /// Whether the events were there already, with the same content.
        public let isDuplicate: Bool
    }

    private var receipts: [Receipt] = []
    /// Where the receipts of each request end.
    private var ends: [Int] = []
    private var refusals: [Int: AppendError] = [:]

    init(expecting requestCount: Int) {
        receipts.reserveCapacity(requestCount)
        ends.reserveCapacity(requestCount)
    }

    /// The same refusal for each of so many requests.
    init(refusing requestCount: Int, _ error: AppendError) {
        for place in 0..<requestCount { refusals[place] = error }
        ends = .init(repeating: 0, count: requestCount)
    }

    /// The outcomes of no request.
    public static let none = AppendOutcomes(expecting: 0)

    /// Number of requests.
    public var count: Int { ends.count }

    /// The receipts of a request, one for each of its streams, or why it was refused.
    ///
    /// - Precondition: `0 ≤ place < count`.
    public subscript(place: Int) -> Result<ArraySlice<Receipt>, AppendError> {
        if !refusals.isEmpty, let refusal = refusals[place] { return .failure(refusal) }
        return .success(receipts[(place == 0 ? 0 : ends[place - 1])..<ends[place]])
    }

    /// A receipt of the request that is being decided.
    mutating func append(_ receipt: Receipt) { receipts.append(receipt) }

    /// Ends the request that is being decided; one that is refused has no receipts.
    mutating func finishRequest(_ refusal: AppendError? = nil) {
        if let refusal {
            refusals[ends.count] = refusal
            receipts.removeSubrange((ends.last ?? 0)...)
        }
        ends.append(receipts.count)
    }

    /// The outcomes after the batch that they were decided with has failed: what they say of other events they may
    /// say of events that were never written.
    func withoutBatch(_ failure: AppendError) -> AppendOutcomes {
        var outcomes = AppendOutcomes(refusing: count, failure)
        for (place, refusal) in refusals where !refusal.isAboutOtherEvents { outcomes.refusals[place] = refusal }
        return outcomes
    }
}

extension AppendError {
    /// Whether it says something of events of the log.
    fileprivate var isAboutOtherEvents: Bool {
        switch self {
        case .wrongExpectedRevision, .illegalTransition, .conditionFailed, .duplicateID, .partlyRecorded: true
        default: false
        }
    }
}
