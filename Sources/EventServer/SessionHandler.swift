internal import EventModel
internal import NIOCore
internal import WireProtocol

/// One connection: bytes to commands, commands to the session's state machine, its actions to the socket.
///
/// Back-pressure goes both ways. The state machine stops reading at its pipeline's depth, and no command is
/// taken while the socket's buffer is full. A reply that finds it full is held until the peer has read, and
/// with it everything behind it; so a connection that does not read costs one page of memory beyond the
/// socket's buffer. What comes and goes too slowly is closed (``Pace``).
final class SessionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The number of the connection, from 1.
    var id: UInt64 { session.identity.connectionID }
    /// Appends that its ``AppendDesk`` has not answered.
    var openAppendCount = 0
    /// Whether those go to the log in this connection's name.
    var isImporter = false

    private let services: Services
    private let desk: AppendDesk
    private let tick: TimeAmount
    private var context: ChannelHandlerContext?
    private var decoder = CommandDecoder()
    private var session: SessionState
    private var actions: [SessionState.Action] = []
    private var received = ByteBuffer()
    private var held: [(ticket: SessionState.Ticket, reply: Reply)] = []
    private var outgoing = ByteBuffer()
    private var isInputClosed = false
    /// Whether ``running`` may wait for an event.
    private var isBlocking = false
    private var pace = Pace()
    private var sight = Pace.Sight()
    /// The request that runs alone, if it may take long; it has nobody to answer once the peer is gone.
    private var running: Task<Void, Never>?

    /// Bytes of an output buffer that is kept for the next replies.
    private static let keptByteCountMax = 64 << 10
    /// Bytes of replies that leave before the next command is decoded, so that they count against the socket's buffer.
    private static let gatheredByteCountMax = 1 << 20

    init(
        _ services: Services, _ desk: AppendDesk, _ identity: SessionIdentity,
        tick: TimeAmount
    ) {
        self.services = services
        self.desk = desk
        self.tick = tick
        session = SessionState(identity)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        let loop = context.eventLoop.assumeIsolated()
        loop.scheduleTask(in: .milliseconds(Int64(Limits.firstFrameMillisecondsMax))) {
            if case .greeting = self.session.phase { context.close(promise: nil) }
        }
        watchPace(loop)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        session.lost()
        held = []
        running?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        sight.receivedByteCount += bytes.readableBytes
        if received.readableBytes == 0 { received = bytes } else { received.writeBuffer(&bytes) }
        decode(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        setReading(context)
        if context.channel.isWritable {
            let released = held
            held = []
            for (ticket, reply) in released { deliver(ticket, reply) }
            decode(context)
            flush()
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is Drain {
            session.drain(into: &actions)
            perform(context)
            // Whoever waits for an event that does not come is answered now.
            running?.cancel()
        }
        if event as? ChannelEvent == .inputClosed {
            // What was sent before still waits here when the pipeline is full: it is answered first.
            isInputClosed = true
            decode(context)
            // Who has gone would keep the connection until an event comes; who has only said all there is to say is
            // answered at once.
            if isBlocking { running?.cancel() }
        }
        flush()
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

// MARK: - Commands

extension SessionHandler {
    private func decode(_ context: ChannelHandlerContext) {
        do throws(ProtocolError) {
            while session.isReading, context.channel.isWritable {
                guard let command = try decoder.next(from: &received) else {
                    if isInputClosed {
                        session.drain(into: &actions)
                        perform(context)
                    }
                    break
                }
                sight.commandCount += 1
                session.received(command, into: &actions)
                perform(context)
                if outgoing.readableBytes > Self.gatheredByteCountMax { flush() }
            }
        } catch {
            session.failed(error, into: &actions)
            perform(context)
        }
        if received.readableBytes == 0 {
            // Lets go of the socket's own buffer, which then takes the next bytes without a new one.
            received = Self.empty
        } else if received.readerIndex > 64 << 10 {
            received.discardReadBytes()
        }
    }

    private static let empty = ByteBuffer()

    private func perform(_ context: ChannelHandlerContext) {
        guard !actions.isEmpty else { return }
        // What is done here may call back: it finds an empty list, and this one keeps its memory.
        var current: [SessionState.Action] = []
        swap(&current, &actions)
        for action in current { perform(action, context) }
        current.removeAll(keepingCapacity: true)
        if actions.isEmpty { swap(&current, &actions) }
    }

    private func perform(_ action: SessionState.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .start(let ticket, let request): start(ticket, request, context)
        case .write(let reply, let version): reply.write(to: &outgoing, version: version)
        case .stopReading: setReading(context)
        case .resumeReading:
            setReading(context)
            // What was read already waits here, not at the socket.
            context.eventLoop.assumeIsolated().execute {
                self.decode(context)
                self.flush()
            }
        case .close:
            flush()
            // Closing would drop what still waits for the socket: an empty write goes behind it first.
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private func start(_ ticket: SessionState.Ticket, _ request: Request, _ context: ChannelHandlerContext) {
        switch request {
        case .log(.append(let draft)): desk.append(draft, for: self, ticket)
        case .log(.ingest(let lines)): desk.ingest(lines, for: self, ticket)
        case .log(.read(let page)):
            guard let reply = services.reads.smallPage(page) else { return carryOut(ticket, request, context) }
            deliver(ticket, reply)
            if outgoing.readableBytes > Self.gatheredByteCountMax { flush() }
        default: carryOut(ticket, request, context)
        }
    }

    /// Carries out a request elsewhere, and delivers the reply when it comes.
    private func carryOut(_ ticket: SessionState.Ticket, _ request: Request, _ context: ChannelHandlerContext) {
        isBlocking =
            switch request {
            case .log(.read(let page)): page.blockMilliseconds != nil
            case .view(.wait): true
            default: false
            }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        running = services.carryOut(request) { reply in
            loop.execute {
                handler.value.deliver(ticket, reply)
                handler.value.flush()
            }
        }
        if isInputClosed, isBlocking { running?.cancel() }
    }

    /// Takes bytes from the socket only while commands may be decoded and answers may be sent.
    private func setReading(_ context: ChannelHandlerContext) {
        let isWanted = session.isReading && context.channel.isWritable
        context.channel.setOption(.autoRead, value: isWanted).assumeIsolated().whenFailure { _ in }
    }
}

// MARK: - Replies

extension SessionHandler {
    /// The reply to a request that was started. Nothing is sent before ``flush()``.
    func deliver(_ ticket: SessionState.Ticket, _ reply: Reply) {
        guard let context else { return }
        guard context.channel.isWritable || !context.channel.isActive else { return held.append((ticket, reply)) }
        session.finished(ticket, reply, into: &actions)
        perform(context)
    }

    /// Sends what was gathered.
    func flush() {
        guard let context, outgoing.readableBytes > 0 else { return }
        sight.sentByteCount += outgoing.readableBytes
        context.writeAndFlush(wrapOutboundOut(outgoing), promise: nil)
        if outgoing.capacity > Self.keptByteCountMax {
            outgoing = Self.empty
        } else {
            outgoing.clear(minimumCapacity: 0)
        }
    }

    /// Looks at the connection once a tick for as long as it lives.
    private func watchPace(_ loop: NIOIsolatedEventLoop) {
        loop.scheduleTask(in: tick) {
            guard let context = self.context else { return }
            self.checkPace(context)
            self.watchPace(loop)
        }
    }

    private func checkPace(_ context: ChannelHandlerContext) {
        var now = sight
        // While answers wait for the socket the server itself does not read on.
        let isReadingOn = session.isReading && context.channel.isWritable
        now.isInsideFrame = isReadingOn && (decoder.isInsideFrame || received.readableBytes > 0)
        now.isWorking = session.unansweredCount > 0
        now.unsentByteCount = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        now.sentByteCount -= now.unsentByteCount
        switch pace.tick(now) {
        case nil: break
        case .slowCommand:
            session.failed(.tooSlow, into: &actions)
            perform(context)
        case .idle, .slowReader: context.close(promise: nil)
        }
    }
}

/// Asks a connection to answer what it has read and then to close.
struct Drain: Sendable {}
