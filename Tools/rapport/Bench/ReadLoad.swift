import EventClient

/// `LOG.READ STREAM` of one account after another, in the shuffled order of ``LoadEvents``; ten events at most.
final class StreamLoad: LoadSource {
    private let streamCount: UInt64
    private var next: UInt64
    /// The whole command, and where the letters of the stream stand in it.
    private var command: [UInt8] = []
    private let streamOffset: Int

    init(streamCount: Int, connection: Int) {
        self.streamCount = UInt64(streamCount)
        next = UInt64(connection) << 40
        let stream = Letters.text(0, digitCount: LoadEvents.streamDigitCount)
        command.appendWordCount(5)
        for word in ["LOG.READ", "STREAM", "account-" + stream] { command.appendWord(word) }
        streamOffset = command.count - stream.utf8.count - 2
        for word in ["COUNT", "10"] { command.appendWord(word) }
    }

    func next(_ bytes: inout [UInt8]) -> Bool {
        let start = bytes.count
        bytes += command
        Letters.write(
            LoadEvents.mix(next) % streamCount, digitCount: LoadEvents.streamDigitCount, over: &bytes,
            at: start + streamOffset)
        next += 1
        return true
    }

    func answered(elementCount: Int) -> Int { elementCount > 0 ? 1 : 0 }
}

/// `LOG.READ ALL`, page after page, to the end. One page at a time: where the next begins is known when one has come.
final class ScanLoad: LoadSource {
    private let pageEventCount: Int
    private var from = 0
    private var isAtEnd = false

    init(pageEventCount: Int) { self.pageEventCount = pageEventCount }

    func next(_ bytes: inout [UInt8]) -> Bool {
        guard !isAtEnd else { return false }
        bytes.appendWordCount(6)
        for word in ["LOG.READ", "ALL", "FROM", "\(from)", "COUNT", "\(pageEventCount)"] { bytes.appendWord(word) }
        return true
    }

    func answered(elementCount: Int) -> Int {
        from += elementCount
        isAtEnd = elementCount == 0
        return elementCount
    }
}

/// `PING`: what the socket and both programs cost without any work.
final class PingLoad: LoadSource {
    func next(_ bytes: inout [UInt8]) -> Bool {
        bytes += Self.command
        return true
    }

    func answered(elementCount: Int) -> Int { 1 }

    private static let command = Array("*1\r\n$4\r\nPING\r\n".utf8)
}
