import EventTestKit
import Testing

@Suite(.serialized) struct `A log behind a socket keeps the contract` {
    @Test(arguments: LogContract.all)
    func that(_ promise: LogContract) async throws {
        try await withServer { running async throws in
            try await withClient(of: running) { client in
                try await withClient(of: running) { follower in
                    try await promise.check(RemoteLog(client: client, follower: follower))
                }
            }
        }
    }
}
