public import EventModel

extension EventLog {
    /// Appends to one stream or several, all or nothing, and returns after the disk has it.
    public func append(
        _ appends: [StreamAppend], unless condition: AppendCondition? = nil,
        auth: [UInt8] = RecordedEvent.noCredential
    ) async throws(AppendError) -> [AppendReceipt] {
        var requests = PreparedRequests(for: self)
        requests.append(AppendRequest(appends, unless: condition, auth: auth))
        let outcomes = await withCheckedContinuation { continuation in
            submit(requests) { continuation.resume(returning: $0) }
        }
        return try zip(appends, outcomes[0].get()).map { append, receipt in
            AppendReceipt(
                stream: append.stream, position: receipt.position, revision: receipt.revision,
                isDuplicate: receipt.isDuplicate)
        }
    }

    /// Hands requests to the writer; each succeeds or fails by itself, all in one commit where they fit.
    ///
    /// - Parameters:
    ///   - source: who sends them, such as a connection's number: what one source sends keeps its order, and sources
    ///     are served in turn, so that a small request does not wait behind a large import.
    ///   - isMoreComing: whether the caller has more to prepare meanwhile, so that another thread is to write.
    ///   - completion: called once, perhaps before this returns.
    public func submit(
        _ requests: consuming PreparedRequests, from source: UInt64 = 0, isMoreComing: Bool = false,
        completion: @escaping @Sendable (AppendOutcomes) -> Void
    ) {
        guard let writer, let index else { return completion(AppendOutcomes(refusing: requests.count, .logFailed)) }
        var requests = requests
        requests.lookForIDs(in: index.snapshot)
        writer.submit(requests, from: source, isMoreComing: isMoreComing, completion: completion)
    }

    /// What turns terms into keys; a log without an index takes no events.
    var hasher: TermHasher { index?.hasher ?? TermHasher(seed: 0) }
}
