internal import EventLog
internal import EventModel
internal import WireProtocol

/// Seals the log, one call at a time: a second one would only wait for the first.
struct SealService: Sendable {
    private let log: EventLog
    private let turn = OneAtATime("seal")

    init(_ log: EventLog) { self.log = log }

    /// Seals what can be sealed now, and answers what is known of the log afterwards.
    func seal() async -> RESPValue {
        let reply = await turn.run { [log] in
            do throws(AppendError) {
                try log.seal()
                return AdminService.log(log.status)
            } catch {
                return RESPValue.refusal(error)
            }
        }
        return reply ?? .refusal(OtherSealingRuns())
    }
}

/// A sealing that was asked for while another one ran.
private struct OtherSealingRuns: ExplainedError {
    var code: ErrorCode { .busy }
    var description: String {
        "the log is being sealed for somebody else. Nothing was begun. Wait until that has ended, and ask again."
    }
}
