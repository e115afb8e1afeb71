public import EventModel
import NIOCore
import NIOPosix
public import WireProtocol

/// The log's verbs over one connection to a server.
///
/// Many tasks may use one client at once: their commands are sent as they come, and the server answers in order.
/// Appends of one connection run side by side on the server; a read waits for all before it, and a read that blocks
/// holds up everything behind it. So follow the log on a connection of its own.
///
/// When the connection is lost, every verb says so and goes on saying so; connecting again is the caller's decision.
public final class EventClient: Sendable {
    private let channel: any Channel

    init(channel: any Channel) { self.channel = channel }

    /// Connects, lends the client to the body, and closes the connection when the body returns or throws.
    ///
    /// - Throws: ``ConnectError`` when there is no server; whatever the body throws.
    public static func withConnection<Result>(
        to address: Address, _ body: (EventClient) async throws -> Result
    ) async throws -> Result {
        let client = EventClient(channel: try await connect(to: address))
        do {
            try await client.greet()
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    private static func connect(to address: Address) async throws(ConnectError) -> any Channel {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ReplyHandler())
                }
            }
        do {
            switch address {
            case .unixSocket(let path): return try await bootstrap.connect(unixDomainSocketPath: path).get()
            case .tcp(let host, let port): return try await bootstrap.connect(host: host, port: port).get()
            }
        } catch let error as NIOConnectionError {
            let causes = error.connectionErrors.map { "\($0.error)" }
            throw .unreachable(address, why: causes.first ?? "the host's name is not known")
        } catch {
            throw .unreachable(address, why: "\(error)")
        }
    }

    /// Changes to RESP3, whose maps and nulls are plain.
    func greet() async throws(ConnectError) {
        let reply: RESPValue
        do throws(ReplyLost) {
            reply = try await exchange(["HELLO", "3", "SETNAME", "rapport-client"].map { Array($0.utf8) })
        } catch {
            throw .refused(.unavailable, "\(error.why). Nothing was sent. Connect again.")
        }
        if case .error(let code, let message) = reply {
            throw .refused(ErrorCode(rawValue: code) ?? .unavailable, message)
        }
        guard reply["server"]?.text == "rapport" else {
            throw .refused(
                .noProtocol, "the server at this address is not Rapport. Nothing was sent. Name another address.")
        }
    }

    /// Closes the connection. Whoever still waits for a reply is told.
    private func close() async { try? await channel.close().get() }

    /// Sends a command and waits for its reply, refusals included. A cancelled task stops waiting; the server may
    /// carry out the command all the same.
    func exchange(_ command: [[UInt8]]) async throws(ReplyLost) -> RESPValue {
        var buffer = channel.allocator.buffer(capacity: command.reduce(16) { $0 + $1.count + 16 })
        RESPValue.writeCommand(command, to: &buffer)
        let reply = channel.eventLoop.makePromise(of: RESPValue.self)
        let written = channel.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenFailure { _ in reply.fail(ReplyLost(why: "the connection is closed")) }
        channel.writeAndFlush(Exchange(command: buffer, reply: reply), promise: written)
        do {
            return try await withTaskCancellationHandler {
                try await reply.futureResult.get()
            } onCancel: {
                reply.fail(ReplyLost(why: "the task was cancelled before the server answered"))
            }
        } catch let error as ReplyLost {
            throw error
        } catch {
            throw ReplyLost(why: "the connection failed")
        }
    }
}

extension EventClient {
    /// Sends any command, for tools. A refusal comes back as a value.
    ///
    /// - Throws: ``ReadError/connection(_:)`` when no reply came; the command may have been carried out.
    public func command(_ arguments: [[UInt8]]) async throws(ReadError) -> RESPValue {
        do throws(ReplyLost) { return try await exchange(arguments) } catch { throw .connection(error.why) }
    }

    /// A reply that is no refusal.
    func answer(_ arguments: [[UInt8]]) async throws(ReadError) -> RESPValue {
        let reply = try await command(arguments)
        if case .error(let code, let message) = reply { throw .refusal(code, message) }
        return reply
    }
}

extension ReadError {
    /// A refusal of the server; a code that this build does not know stands in front of the sentences.
    static func refusal(_ code: String, _ message: String) -> ReadError {
        if let known = ErrorCode(rawValue: code) {
            .refused(known, message)
        } else {
            .refused(.unavailable, "\(code) \(message)")
        }
    }

    static let notUnderstood = ReadError.connection("the server's answer was not understood")
}
