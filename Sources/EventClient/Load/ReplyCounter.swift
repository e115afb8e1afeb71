import NIOCore
import WireProtocol

/// Finds where replies in RESP2 end, and counts what they hold, without making values of them.
///
/// Bodies of bulk strings are stepped over as they arrive, so a page of a mebibyte costs a few bytes of work for each
/// of its elements.
struct ReplyCounter {
    /// What is known of a whole reply.
    struct Reply: Equatable {
        /// Elements of the outermost array; 0 for any other kind.
        var elementCount = 0
        /// Errors, the reply itself or elements at any depth.
        var errorCount = 0
    }

    /// The first error that was met, with its code in front.
    private(set) var firstError: String?

    private var reply = Reply()
    private var missingCount = 0  // values of the open reply that have not arrived; 0 between replies
    private var isBodyOpen = false  // whether a bulk string is being stepped over
    private var skippedByteCount = 0  // what is left of it and its line end

    /// Consumes bytes up to the end of the next reply; `nil` when it is not whole yet.
    mutating func next(from buffer: inout ByteBuffer) throws(ProtocolError) -> Reply? {
        while true {
            let step = min(skippedByteCount, buffer.readableBytes)
            buffer.moveReaderIndex(forwardBy: step)
            skippedByteCount -= step
            if skippedByteCount > 0 { return nil }
            if isBodyOpen {
                isBodyOpen = false
                if endsReply() { return finish() }
            }
            guard let line = try line(of: buffer) else { return nil }
            if line.sign == UInt8(ascii: "-"), firstError == nil {
                firstError = buffer.getString(at: buffer.readerIndex + 1, length: line.byteCount - 3)
            }
            buffer.moveReaderIndex(forwardBy: line.byteCount)
            if try take(line) { return finish() }
        }
    }

    private mutating func finish() -> Reply {
        defer { reply = Reply() }
        return reply
    }

    /// Counts a value that is whole; `true` when the reply is whole with it.
    private mutating func endsReply() -> Bool {
        missingCount -= 1
        return missingCount == 0
    }

    private struct Line {
        let sign: UInt8
        let number: Int
        let byteCount: Int
    }

    /// Takes one line in; `true` when the reply is whole with it.
    private mutating func take(_ line: Line) throws(ProtocolError) -> Bool {
        let isOutermost = missingCount == 0
        if isOutermost { missingCount = 1 }
        switch line.sign {
        case UInt8(ascii: "+"), UInt8(ascii: ":"): break
        case UInt8(ascii: "-"): reply.errorCount += 1
        case UInt8(ascii: "$"):
            guard line.number < 0 else {
                skippedByteCount = line.number + 2
                isBodyOpen = true
                return false
            }
        case UInt8(ascii: "*"):
            if isOutermost { reply.elementCount = max(0, line.number) }
            missingCount += max(0, line.number)
        default: throw .unknownKind
        }
        return endsReply()
    }

    /// The line at the front, if it is whole. A length that is no number, or −1, is read as −1.
    private func line(of buffer: ByteBuffer) throws(ProtocolError) -> Line? {
        let bytes = buffer.readableBytesUInt8Span
        var end = 0
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        guard end < bytes.count else {
            guard end < WireLimits.replyLineByteCountMax else {
                throw .pastBound(.reply, limit: WireLimits.replyLineByteCountMax)
            }
            return nil
        }
        guard end >= 2 else { throw .missingTerminator }
        var number = 0
        for index in 1..<(end - 1) {
            let digit = Int(bytes[index]) - Int(UInt8(ascii: "0"))
            guard digit >= 0, digit <= 9, number <= WireLimits.replyByteCountMax else {
                number = -1
                break
            }
            number = 10 * number + digit
        }
        return Line(sign: bytes[0], number: number, byteCount: end + 1)
    }
}
