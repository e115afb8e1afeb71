import CRMEvents
import CanonicalJSON
import EventClient
import EventLog
import EventModel
import EventServer
import EventTestKit
import NIOCore
import NIOPosix
import PersonalData
import ProjectionRuntime
import WireProtocol

/// A server over a fresh log, for one test.
struct ServerUnderTest: Sendable {
    let place: TemporaryLog
    let log: EventLog
    let views: ProjectionRuntime
    let server: EventServer

    var socketPath: String { place.directory.path + "/s" }
    var address: Address { .unixSocket(socketPath) }

    init(tcp: (host: String, port: Int)? = nil, tick: Duration = .seconds(1)) async throws {
        place = try TemporaryLog()
        log = try place.open(extractor: Catalog.termExtractor, rules: Catalog.lifecycleRules)
        views = try ProjectionRuntime(source: log, directory: log.directory.views, models: [])
        var configuration = EventServer.Configuration(
            unixSocket: place.directory.path + "/s", tcp: tcp, version: "test")
        configuration.tick = tick
        let keys = try LogKeys(of: log.directory).open(for: log)
        server = try await EventServer.start(configuration, log: log, keys: keys, views: views)
    }
}

/// Lends a running server to the body and stops it afterwards.
func withServer<Result>(
    tick: Duration = .seconds(1), _ body: (ServerUnderTest) async throws -> Result
) async throws -> Result {
    let running = try await ServerUnderTest(tick: tick)
    do {
        let result = try await body(running)
        await running.server.stop()
        running.log.close()
        return result
    } catch {
        await running.server.stop()
        running.log.close()
        throw error
    }
}

/// The verbs of a log behind a socket. Following has a connection of its own, since a read that waits holds up
/// everything behind it.
struct RemoteLog: LogUnderTest {
    let client: EventClient
    let follower: EventClient

    func append(
        _ appends: [StreamAppend], unless condition: AppendCondition?
    ) async throws(AppendError) -> [AppendReceipt] {
        try await client.append(appends, unless: condition)
    }

    func read(_ request: ReadRequest) async throws(ReadError) -> [RecordedEvent] { try await client.read(request) }

    func stream(_ name: StreamName) async throws(ReadError) -> StreamState? { try await client.stream(name) }

    func follow(
        from position: Position, count: Int, waitingMilliseconds: Int
    ) async throws(ReadError) -> [RecordedEvent] {
        try await follower.follow(
            ReadRequest(.all, from: position.index, count: count), waitingMilliseconds: waitingMilliseconds)
    }
}

/// Lends a client to the body.
///
/// A server closes a connection whose first command takes two seconds, and a machine that runs every test at once
/// may need longer: so whoever was not heard in time connects again.
func withClient<Result>(
    of running: ServerUnderTest, _ body: (EventClient) async throws -> Result
) async throws -> Result {
    var isGreeted = false
    for _ in 0..<5 {
        do {
            return try await EventClient.withConnection(to: running.address) { client in
                isGreeted = true
                return try await body(client)
            }
        } catch let error as ConnectError {
            if isGreeted { throw error }
        }
    }
    return try await EventClient.withConnection(to: running.address, body)
}

/// A connection on which a test says exactly which bytes go when, and reads only when it wants to.
struct RawConnection {
    private var replies: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ByteBuffer()
    private var reader = RESPReader()

    /// Lends a connection to the body, after a first `PING` was answered; see ``withClient(of:_:)``.
    static func with<Result>(
        _ path: String, _ body: (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        var isGreeted = false
        for attempt in 0..<5 {
            do {
                return try await connect(to: path).executeThenClose { inbound, outbound in
                    var connection = RawConnection(replies: inbound.makeAsyncIterator(), outbound: outbound)
                    try await connection.send([["PING"]])
                    guard try await connection.reply() != nil else { throw ChannelError.ioOnClosedChannel }
                    isGreeted = true
                    return try await body(&connection)
                }
            } catch let error as ChannelError {
                if isGreeted || attempt == 4 { throw error }
            }
        }
        throw ChannelError.ioOnClosedChannel
    }

    private static func connect(to path: String) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(
                            isOutboundHalfClosureEnabled: true, inboundType: ByteBuffer.self,
                            outboundType: ByteBuffer.self))
                }
            }
    }

    private init(
        replies: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.replies = replies
        self.outbound = outbound
    }

    /// Sends commands in one piece.
    func send(_ commands: [[String]]) async throws {
        var buffer = ByteBuffer()
        for command in commands { RESPValue.writeCommand(command.map { Array($0.utf8) }, to: &buffer) }
        try await outbound.write(buffer)
    }

    /// Sends text as it is.
    func sendText(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// Sends one command at a time, for a task of its own.
    var sender: @Sendable ([String]) async throws -> Void {
        { [outbound] command in
            var buffer = ByteBuffer()
            RESPValue.writeCommand(command.map { Array($0.utf8) }, to: &buffer)
            try await outbound.write(buffer)
        }
    }

    /// Says that nothing more will be sent.
    func finishSending() { outbound.finish() }

    /// The next reply; `nil` when the server has closed.
    mutating func reply() async throws -> RESPValue? {
        while true {
            if let reply = try reader.next(from: &received) { return reply }
            guard var bytes = try await replies.next(isolation: #isolation) else { return nil }
            received.writeBuffer(&bytes)
        }
    }

    /// Every reply until the server closes, or this many.
    mutating func replies(_ count: Int = .max) async throws -> [RESPValue] {
        var all: [RESPValue] = []
        while all.count < count, let reply = try await reply() { all.append(reply) }
        return all
    }
}

/// The words of an append of one classification.
func appendCommand(_ id: String, to stream: String = "account-a1", expecting: String = "any") -> [String] {
    [
        "LOG.APPEND", "STREAM", stream, "EXPECT", expecting, "EVENT", "account.classified",
        #"{"scheme":"tier","value":"a"}"#, "ID", id, "SOURCE", "/test",
    ]
}
