import EventLog
import EventTestKit
import Testing

@Suite struct `The embedded log keeps the contract` {
    @Test(arguments: LogContract.all)
    func that(_ promise: LogContract) async throws {
        try await withTemporaryLog { log, _ in try await promise.check(EmbeddedLog(log)) }
    }
}
