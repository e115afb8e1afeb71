internal import CRMEvents
public import EventLog
public import EventModel
internal import NIOCore
internal import NIOPosix
internal import PersonalData
public import ProjectionRuntime
public import SubjectKeys
internal import WireProtocol

/// The socket in front of one log and its read models.
///
/// Life: ``start(_:log:keys:views:)`` → serving → ``stop()``, which answers what was read before it closes.
public final class EventServer: Sendable {
    /// Where to listen.
    public struct Configuration: Sendable {
        /// Path of the Unix socket; none when absent.
        public var unixSocket: String?
        /// Loopback address and port for TCP; none when absent. Port 0 takes a free one.
        public var tcp: (host: String, port: Int)?
        /// The release, as `HELLO` and `INFO` say it.
        public var version: String
        /// How often connections are looked at for peers that are too slow.
        public var tick = Duration.seconds(1)
        /// Connections at most; more are told so and closed.
        public var connectionCountMax = Limits.connectionCountMax
        /// The purposes whose personal fields sessions may see.
        public var right = ReadingRight.every

        /// A configuration from its parts.
        public init(unixSocket: String? = nil, tcp: (host: String, port: Int)? = nil, version: String) {
            self.unixSocket = unixSocket
            self.tcp = tcp
            self.version = version
        }
    }

    private let group: MultiThreadedEventLoopGroup
    private let listeners: [any Channel]
    private let connections: Connections

    private init(_ group: MultiThreadedEventLoopGroup, _ listeners: [any Channel], _ connections: Connections) {
        self.group = group
        self.listeners = listeners
        self.connections = connections
    }

    /// The TCP port, also where the configuration left the choice to the system.
    public var tcpPort: Int? { listeners.compactMap { $0.localAddress?.port }.first }

    /// Binds the sockets and begins to serve.
    ///
    /// - Throws: ``BindError`` for an address beyond loopback, or what the system says.
    public static func start(
        _ configuration: Configuration, log: EventLog, keys: SubjectKeys, views: ProjectionRuntime
    ) async throws -> EventServer {
        if let tcp = configuration.tcp, !isLoopback(tcp.host) { throw BindError(host: tcp.host) }
        let customs = CustomCatalog()
        try customs.catchUp(in: log)
        let personal = PersonalReader(keys, log, configuration.right)
        let connections = Connections(atMost: configuration.connectionCountMax)
        let services = Services(log, personal, customs, views, connections, version: configuration.version)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        let desks = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map { loop in
                let desk = AppendDesk(log, PersonalDoor(keys, log), customs, loop)
                return (ObjectIdentifier(loop), NIOLoopBoundBox.makeBoxSendingValue(desk, eventLoop: loop))
            })
        let tick = TimeAmount(configuration.tick)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 16)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 4 << 20))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let id = connections.admit(channel), let desk = desks[ObjectIdentifier(channel.eventLoop)]
                    else {
                        try channel.pipeline.syncOperations.addHandler(RefuseHandler(connections.countMax))
                        return
                    }
                    let identity = SessionIdentity(connectionID: id, serverVersion: configuration.version)
                    try channel.pipeline.syncOperations.addHandler(
                        SessionHandler(services, desk.value, identity, tick: tick))
                }
            }
        do {
            var listeners: [any Channel] = []
            if let path = configuration.unixSocket {
                try await checkUnused(path, group)
                listeners.append(
                    try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get())
            }
            if let tcp = configuration.tcp {
                listeners.append(try await bootstrap.bind(host: tcp.host, port: tcp.port).get())
            }
            return EventServer(group, listeners, connections)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Refuses a socket on which a server answers: binding takes it away from that one without a word.
    private static func checkUnused(_ path: String, _ group: MultiThreadedEventLoopGroup) async throws {
        do {
            let other = try await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get()
            try? await other.close()
        } catch let error as IOError where [ENOENT, ECONNREFUSED, ENOTSOCK].contains(error.errnoCode) {
            return
        } catch let error as IOError where error.errnoCode != EAGAIN {
            throw error  // with EAGAIN it has too many waiting to answer: it is there
        }
        throw SocketInUse(path: path)
    }

    /// Accepts nothing more, answers what was read, closes every connection; ten seconds at most.
    public func stop() async {
        for listener in listeners { try? await listener.close() }
        await connections.drain(atMost: .seconds(10))
        try? await group.shutdownGracefully()
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// Why an address was not bound.
public struct BindError: ExplainedError, Hashable {
    /// The address that was asked for.
    public let host: String

    public var code: ErrorCode { .noPermission }

    public var description: String {
        "'\(host)' is not a loopback address. The server did not start, because connections are not yet "
            + "encrypted or authenticated. Bind 127.0.0.1, or a Unix socket, and reach it through an SSH tunnel."
    }
}

/// Another server answers on the socket that was to be bound.
public struct SocketInUse: ExplainedError, Hashable {
    /// The path that was asked for.
    public let path: String

    public var code: ErrorCode { .unavailable }

    public var description: String {
        "a server answers on '\(path)' already. This one did not start, because clients of the other would reach this "
            + "log instead. Stop the other, or choose another path with --socket."
    }
}

/// Tells a connection past the limit why it is closed.
private final class RefuseHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let countMax: Int

    init(_ countMax: Int) { self.countMax = countMax }

    func channelActive(context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: 256)
        RESPValue.error(
            code: ErrorCode.limit.rawValue,
            message: "the server has \(countMax) connections already. This one is closed. "
                + "Close idle ones, or connect later."
        ).write(to: &buffer, version: .v2)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        context.close(promise: nil)
    }
}
