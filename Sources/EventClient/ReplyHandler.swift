import NIOCore
import WireProtocol

/// One command on its way: what to send, and who waits for the reply.
struct Exchange: Sendable {
    let command: ByteBuffer
    let reply: EventLoopPromise<RESPValue>
}

/// Why no reply came. The command may have been carried out all the same.
struct ReplyLost: Error {
    /// The beginning of a sentence, such as "the server closed the connection".
    let why: String
}

/// Matches replies to commands: RESP answers strictly in order.
///
/// Confined to its channel's event loop. Each promise that came in is completed exactly once: by its reply, or by
/// the end of the connection.
final class ReplyHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Exchange
    typealias OutboundOut = ByteBuffer

    private var waiting = CircularBuffer<EventLoopPromise<RESPValue>>()
    private var buffer = ByteBuffer()
    private var reader = RESPReader()
    private var farewell: RESPValue?  // an error nobody asked for: why the server closes the connection

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        if let farewell {
            exchange.reply.succeed(farewell)
            promise?.succeed()
            return
        }
        waiting.append(exchange.reply)
        context.write(wrapOutboundOut(exchange.command), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.discardReadBytes()
            buffer.writeBuffer(&bytes)
        }
        do throws(ProtocolError) {
            while let reply = try reader.next(from: &buffer) {
                if let promise = waiting.popFirst() {
                    promise.succeed(reply)
                } else if reply.isError {
                    farewell = reply
                } else {
                    throw .unknownKind
                }
            }
        } catch {
            end(with: "the server's answer is not RESP", context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        failAll("the server closed the connection")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(with: "the connection failed", context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { failAll("the connection was closed") }

    private func end(with why: String, _ context: ChannelHandlerContext) {
        failAll(why)
        context.close(promise: nil)
    }

    private func failAll(_ why: String) {
        while let promise = waiting.popFirst() { promise.fail(ReplyLost(why: why)) }
    }
}
