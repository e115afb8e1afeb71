import EventClient
import EventTestKit
import Testing

@Suite struct `A log behind a socket keeps the contract` {
    @Test(arguments: LogContract.all)
    func that(_ promise: LogContract) async throws {
        try await withServer { running async throws in
            try await EventClient.withConnection(to: running.address) { client async throws in
                try await EventClient.withConnection(to: running.address) { follower async throws in
                    try await promise.check(RemoteLog(client: client, follower: follower))
                }
            }
        }
    }
}
