internal import EventModel
internal import NIOCore
internal import WireProtocol

/// One connection: bytes to commands, commands to the session's state machine, its actions to the socket.
///
/// Back-pressure goes both ways. The state machine stops reading at its pipeline's depth. A reply that
/// finds the socket's buffer full is held until the peer has read, and with it everything behind it; so
/// a connection that does not read costs one page of memory beyond the socket's buffer.
final class SessionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let services: Services
    private let connections: Connections
    private var decoder = CommandDecoder()
    private var session: SessionState
    private var received = ByteBuffer()
    private var held: [(ticket: SessionState.Ticket, reply: RESPValue)] = []
    private var outgoing = ByteBuffer()

    init(_ services: Services, _ connections: Connections, _ identity: SessionIdentity) {
        self.services = services
        self.connections = connections
        session = SessionState(identity)
    }

    func channelActive(context: ChannelHandlerContext) {
        let deadline = TimeAmount.milliseconds(Int64(Limits.firstFrameMillisecondsMax))
        context.eventLoop.assumeIsolated().scheduleTask(in: deadline) {
            if case .greeting = self.session.phase { context.close(promise: nil) }
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        session.lost()
        held = []
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if received.readableBytes == 0 { received = bytes } else { received.writeBuffer(&bytes) }
        decode(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush(context)
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            let released = held
            held = []
            for (ticket, reply) in released { deliver(ticket, reply, context) }
            flush(context)
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is Drain || event as? ChannelEvent == .inputClosed {
            perform(session.drain(), context)
            flush(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func decode(_ context: ChannelHandlerContext) {
        do throws(ProtocolError) {
            while session.isReading, let command = try decoder.next(from: &received) {
                perform(session.received(command), context)
            }
        } catch {
            perform(session.failed(error), context)
        }
        if received.readableBytes == 0 { received.clear() }
    }

    private func deliver(_ ticket: SessionState.Ticket, _ reply: RESPValue, _ context: ChannelHandlerContext) {
        guard context.channel.isWritable || !context.channel.isActive else { return held.append((ticket, reply)) }
        perform(session.finished(ticket, reply), context)
    }

    private func perform(_ actions: [SessionState.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .start(let ticket, let request): start(ticket, request, context)
            case .write(let reply, let version): reply.write(to: &outgoing, version: version)
            case .stopReading: context.channel.setOption(.autoRead, value: false).assumeIsolated().whenFailure { _ in }
            case .resumeReading:
                context.channel.setOption(.autoRead, value: true).assumeIsolated().whenFailure { _ in }
                // What was read already waits here, not at the socket.
                let loop = context.eventLoop.assumeIsolated()
                loop.execute {
                    self.decode(context)
                    self.flush(context)
                }
            case .close:
                flush(context)
                context.close(promise: nil)
            }
        }
    }

    private func start(_ ticket: SessionState.Ticket, _ request: Request, _ context: ChannelHandlerContext) {
        let session = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        services.carryOut(request, connectionCount: connections.count) { reply in
            loop.execute {
                let (handler, context) = session.value
                handler.deliver(ticket, reply, context)
                handler.flush(context)
            }
        }
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard outgoing.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(outgoing), promise: nil)
        outgoing = context.channel.allocator.buffer(capacity: 0)
    }
}

/// Asks a connection to answer what it has read and then to close.
struct Drain: Sendable {}
