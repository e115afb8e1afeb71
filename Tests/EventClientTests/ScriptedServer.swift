import EventModel
import NIOCore
import NIOPosix
import WireProtocol

/// A server whose answers are a function of the request: the session is real, the log is not.
final class ScriptedSession: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What to do with a request; `nil` closes the connection without an answer.
    typealias Script = @Sendable (Request) -> RESPValue?

    private var session = SessionState(SessionIdentity(connectionID: 1, serverVersion: "0.1.0"))
    private var decoder = CommandDecoder()
    private var buffer = ByteBuffer()
    private let script: Script

    init(_ script: @escaping Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        buffer.writeBuffer(&bytes)
        decode(context)
        context.flush()
    }

    private func decode(_ context: ChannelHandlerContext) {
        do throws(ProtocolError) {
            while session.isReading, let command = try decoder.next(from: &buffer) {
                perform(context) { $0.received(command, into: &$1) }
            }
        } catch {
            perform(context) { $0.failed(error, into: &$1) }
        }
    }

    private func perform(
        _ context: ChannelHandlerContext, _ step: (inout SessionState, inout [SessionState.Action]) -> Void
    ) {
        var actions: [SessionState.Action] = []
        step(&session, &actions)
        for action in actions {
            switch action {
            case .start(let ticket, let request):
                guard let reply = script(request) else {
                    session.lost()
                    context.close(promise: nil)
                    return
                }
                perform(context) { $0.finished(ticket, .value(reply), into: &$1) }
            case .write(let value, let version):
                var out = context.channel.allocator.buffer(capacity: 64)
                value.write(to: &out, version: version)
                context.write(wrapOutboundOut(out), promise: nil)
            case .stopReading, .resumeReading: break
            case .close:
                context.flush()
                context.close(promise: nil)
            }
        }
    }
}

/// Serves on a port of the loopback while the body runs.
func withServer<Result>(
    _ script: @escaping ScriptedSession.Script, _ body: (String) async throws -> Result
) async throws -> Result {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(ScriptedSession(script))
            }
        }
        .bind(host: "127.0.0.1", port: 0).get()
    do {
        let result = try await body("127.0.0.1:\(server.localAddress?.port ?? 0)")
        try await server.close()
        return result
    } catch {
        try await server.close()
        throw error
    }
}
