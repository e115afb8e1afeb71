internal import WireProtocol

/// Finds where replies in RESP2 end, and counts what they hold, without making values of them.
///
/// Bodies of bulk strings are stepped over as they arrive, so a page of a mebibyte costs a few bytes of work for each
/// of its elements. Nothing is kept of what was taken in but the place in the open reply.
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
    private var line = Line()  // the line that is open
    private var errorText: [UInt8] = []  // of the first error, while its line is open

    /// A line without its end: the sign in front, and the number behind it, if it is one.
    private struct Line {
        var sign: UInt8 = 0
        var byteCount = 0
        var number = 0  // −1 for a length that is no number, or −1
        var last: UInt8 = 0
    }

    /// Takes bytes in up to the end of the next reply; `nil` when all are taken in and it is not whole yet.
    mutating func next(in bytes: Span<UInt8>, from offset: inout Int) throws(ProtocolError) -> Reply? {
        while true {
            let step = min(skippedByteCount, bytes.count - offset)
            offset += step
            skippedByteCount -= step
            if skippedByteCount > 0 { return nil }
            if isBodyOpen {
                isBodyOpen = false
                if endsReply() { return finish() }
            }
            guard try takeLine(bytes, &offset) else { return nil }
            if try endsReply(with: line) { return finish() }
            line = Line()
        }
    }

    private mutating func finish() -> Reply {
        defer { (reply, line) = (Reply(), Line()) }
        return reply
    }

    /// Counts a value that is whole; `true` when the reply is whole with it.
    private mutating func endsReply() -> Bool {
        missingCount -= 1
        return missingCount == 0
    }

    /// Counts a line; `true` when the reply is whole with it.
    private mutating func endsReply(with line: Line) throws(ProtocolError) -> Bool {
        let isOutermost = missingCount == 0
        if isOutermost { missingCount = 1 }
        switch line.sign {
        case UInt8(ascii: "+"), UInt8(ascii: ":"): break
        case UInt8(ascii: "-"): takeError()
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

    private mutating func takeError() {
        reply.errorCount += 1
        guard firstError == nil else { return }
        firstError = String(decoding: errorText, as: UTF8.self)
        errorText = []
    }

    /// Goes on with the open line; `true` when it is whole.
    private mutating func takeLine(_ bytes: Span<UInt8>, _ offset: inout Int) throws(ProtocolError) -> Bool {
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: "\n") {
                guard line.byteCount > 1, line.last == UInt8(ascii: "\r") else { throw .missingTerminator }
                return true
            }
            guard line.byteCount < WireLimits.replyLineByteCountMax else {
                throw .pastBound(.reply, limit: WireLimits.replyLineByteCountMax)
            }
            take(byte)
        }
        return false
    }

    private mutating func take(_ byte: UInt8) {
        if line.byteCount == 0 {
            line.sign = byte
        } else if byte != UInt8(ascii: "\r") {
            if line.sign == UInt8(ascii: "-"), firstError == nil { errorText.append(byte) }
            let digit = byte &- UInt8(ascii: "0")
            let isNumber = digit < 10 && line.number >= 0 && line.number <= WireLimits.replyByteCountMax
            line.number = isNumber ? 10 * line.number + Int(digit) : -1
        }
        line.byteCount += 1
        line.last = byte
    }
}
