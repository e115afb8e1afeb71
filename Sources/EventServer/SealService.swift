internal import EventLog
internal import EventModel
internal import Synchronization
internal import WireProtocol

/// Seals the log off the connections' threads, one call at a time: a second one would only wait for the first.
final class SealService: Sendable {
    private let log: EventLog
    private let isRunning = Mutex(false)

    init(_ log: EventLog) { self.log = log }

    /// Seals what can be sealed now, and answers what is known of the log afterwards.
    @concurrent
    func seal() async -> RESPValue {
        let isFirst = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard isFirst else { return .refusal(OtherSealingRuns()) }
        defer { isRunning.withLock { $0 = false } }
        do throws(AppendError) {
            try log.seal()
            return AdminService.log(log.status)
        } catch {
            return .refusal(error)
        }
    }
}

/// A sealing that was asked for while another one ran.
private struct OtherSealingRuns: ExplainedError {
    var code: ErrorCode { .busy }
    var description: String {
        "the log is being sealed for somebody else. Nothing was begun. Wait until that has ended, and ask again."
    }
}
