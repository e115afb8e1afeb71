import NIOCore

/// One connection under load: keeps its requests in flight, and counts replies.
///
/// Confined to its channel's event loop. The first exchange is a `PING`, which is not counted: before a connection's
/// first answer a server takes small commands only.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let ledger: LoadLedger
    private let source: any LoadSource
    private var counter = ReplyCounter()
    private var received = ByteBuffer()
    private var request: [UInt8] = []
    private var outgoing = ByteBuffer()
    private var sendTimes = CircularBuffer<UInt64>()
    private var isGreeted = false
    private var context: ChannelHandlerContext?

    init(_ ledger: LoadLedger, _ source: any LoadSource) {
        self.ledger = ledger
        self.source = source
    }

    var firstError: String? { counter.firstError }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        outgoing.writeString("*1\r\n$4\r\nPING\r\n")
        flush(context)
    }

    /// Sends as many requests as may be in flight.
    func begin(at now: UInt64) {
        guard let context else { return }
        for _ in 0..<ledger.inFlightMax { ask(now) }
        flush(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if received.readableBytes == 0 {
            received = bytes
        } else {
            received.discardReadBytes()
            received.writeBuffer(&bytes)
        }
        do {
            try takeReplies()
        } catch {
            ledger.lost("the server's answer is not RESP")
            context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { flush(context) }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        ledger.lost("the server closed a connection")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        ledger.lost("a connection failed")
        context.close(promise: nil)
    }

    private func takeReplies() throws {
        while let reply = try counter.next(from: &received) {
            guard isGreeted else {
                isGreeted = true
                ledger.greeted(self)
                continue
            }
            let now = NIODeadline.now().uptimeNanoseconds
            guard let sent = sendTimes.popFirst() else { continue }
            ledger.answered(
                now - sent, itemCount: source.answered(elementCount: reply.elementCount), errorCount: reply.errorCount)
            ask(now)
            ledger.endIfDone(now)
        }
    }

    private func ask(_ now: UInt64) {
        guard ledger.mayAsk(now) else { return }
        request.removeAll(keepingCapacity: true)
        guard source.next(&request) else { return }
        outgoing.writeBytes(request)
        sendTimes.append(now)
        ledger.asked()
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard outgoing.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(outgoing), promise: nil)
        outgoing.clear()
    }
}
