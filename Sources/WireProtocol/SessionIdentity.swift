/// What a connection knows about itself, and what it says when a client asks.
public struct SessionIdentity: Hashable, Sendable {
    /// The number of the connection, from 1, never used twice by a running server.
    public let connectionID: UInt64
    /// The server's release, such as `0.1.0`.
    public let serverVersion: String
    /// The name that the client gave the connection; empty without.
    public private(set) var clientName = ""
    /// The name of the client's library, as it says.
    public private(set) var libraryName = ""
    /// The version of the client's library, as it says.
    public private(set) var libraryVersion = ""

    /// An identity for a new connection.
    public init(connectionID: UInt64, serverVersion: String) {
        self.connectionID = connectionID
        self.serverVersion = serverVersion
    }

    /// Answers what needs nothing but the connection, and keeps the names.
    mutating func reply(to request: ConnectionRequest, version: RESPVersion) -> RESPValue {
        switch request {
        case .hello(let hello):
            if let name = hello.clientName { clientName = name }
            return greeting(version)
        case .ping(let message): return message.map(RESPValue.bulk) ?? .simple("PONG")
        case .quit, .select: return .ok
        case .catalog(let request): return request.reply
        case .client(let request): return reply(to: request, version: version)
        }
    }

    private mutating func reply(to request: ConnectionRequest.ClientRequest, version: RESPVersion) -> RESPValue {
        switch request {
        case .setName(let name): clientName = name
        case .getName: return clientName.isEmpty ? .null : .text(clientName)
        case .setLibrary(.name, let text): libraryName = text
        case .setLibrary(.version, let text): libraryVersion = text
        case .id: return .integer(Int64(clamping: connectionID))
        case .info, .list: return .text(line(version) + "\n")
        case .accepted: break
        }
        return .ok
    }

    /// The fields that Redis answers to `HELLO`, which client libraries read.
    private func greeting(_ version: RESPVersion) -> RESPValue {
        .fields([
            "server": .text("rapport"), "version": .text(serverVersion), "proto": .integer(Int64(version.rawValue)),
            "id": .integer(Int64(clamping: connectionID)), "mode": .text("standalone"), "role": .text("master"),
            "modules": .array([]),
        ])
    }

    /// One line in the form of Redis' `CLIENT INFO`. It tells of this connection only.
    private func line(_ version: RESPVersion) -> String {
        "id=\(connectionID) name=\(clientName) db=0 resp=\(version.rawValue) "
            + "lib-name=\(libraryName) lib-ver=\(libraryVersion)"
    }
}
