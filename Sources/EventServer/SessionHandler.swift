internal import EventModel
internal import NIOCore
internal import WireProtocol

/// One connection: bytes to commands, commands to the session's state machine, its actions to the socket.
///
/// Back-pressure goes both ways. The state machine stops reading at its pipeline's depth, and no command is
/// taken while the socket's buffer is full. A reply that finds it full is held until the peer has read, and
/// with it everything behind it; so a connection that does not read costs one page of memory beyond the
/// socket's buffer.
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
    private var isInputClosed = false
    /// The request that runs alone, if it may take long; it has nobody to answer once the peer is gone.
    private var running: Task<Void, Never>?

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
        running?.cancel()
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
        setReading(context)
        if context.channel.isWritable {
            let released = held
            held = []
            for (ticket, reply) in released { deliver(ticket, reply, context) }
            decode(context)
            flush(context)
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is Drain {
            perform(session.drain(), context)
            // Whoever waits for an event that does not come is answered now.
            running?.cancel()
        }
        if event as? ChannelEvent == .inputClosed {
            // What was sent before still waits here when the pipeline is full: it is answered first.
            isInputClosed = true
            decode(context)
        }
        flush(context)
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func decode(_ context: ChannelHandlerContext) {
        do throws(ProtocolError) {
            while session.isReading, context.channel.isWritable {
                guard let command = try decoder.next(from: &received) else {
                    if isInputClosed { perform(session.drain(), context) }
                    break
                }
                perform(session.received(command), context)
                // Replies found on the spot count against the socket's buffer at once.
                if outgoing.readableBytes > 1 << 20 { flush(context) }
            }
        } catch {
            perform(session.failed(error), context)
        }
        if received.readableBytes == 0 {
            received.clear()
        } else if received.readerIndex > 64 << 10 {
            received.discardReadBytes()
        }
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
            case .stopReading: setReading(context)
            case .resumeReading:
                setReading(context)
                // What was read already waits here, not at the socket.
                let loop = context.eventLoop.assumeIsolated()
                loop.execute {
                    self.decode(context)
                    self.flush(context)
                }
            case .close:
                flush(context)
                // Closing would drop what still waits for the socket: an empty write goes behind it first.
                let channel = context.channel
                context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
            }
        }
    }

    /// Takes bytes from the socket only while commands may be decoded and answers may be sent.
    private func setReading(_ context: ChannelHandlerContext) {
        let isWanted = session.isReading && context.channel.isWritable
        context.channel.setOption(.autoRead, value: isWanted).assumeIsolated().whenFailure { _ in }
    }

    private func start(_ ticket: SessionState.Ticket, _ request: Request, _ context: ChannelHandlerContext) {
        let session = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        running = services.carryOut(request, connectionCount: connections.count) { reply in
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
