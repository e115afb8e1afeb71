internal import EventModel
internal import WireProtocol

/// One connection under load: its requests in flight, and what has arrived of their replies.
struct LoadConnection {
    let socket: LoadSocket
    private let source: any LoadSource
    private var counter = ReplyCounter()
    private var outgoing: [UInt8] = []
    private var sentByteCount = 0  // of `outgoing`
    /// Whether bytes wait until the socket takes them.
    private(set) var isBlocked = false
    /// When the requests in flight were sent, in a ring.
    private var sendTimes: [UInt64]
    private var oldest = 0
    private var inFlightCount = 0

    /// Connects and waits for the answer to a `PING`: before a connection's first answer a server takes small commands
    /// only.
    init(to address: Address, _ source: any LoadSource, inFlightMax: Int) throws(ConnectError) {
        socket = try LoadSocket(to: address)
        self.source = source
        sendTimes = Array(repeating: 0, count: inFlightMax)
        outgoing += "*1\r\n$4\r\nPING\r\n".utf8
        send()
        var room = [UInt8](repeating: 0, count: 1024)
        var isGreeted = false
        while !isGreeted {
            let byteCount = socket.receive(into: &room, isWaiting: true) ?? 0
            guard byteCount > 0 else { throw Self.lost("the server closed a connection") }
            var offset = 0
            isGreeted = try nextReply(in: room.span.extracting(0..<byteCount), from: &offset) != nil
        }
        if let firstError { throw Self.lost("the server refused a connection: \(firstError)") }
    }

    /// The first refusal that has come, with its code in front.
    var firstError: String? { counter.firstError }

    /// Adds the next request to what goes out; `false` when there is none.
    mutating func ask(_ now: UInt64) -> Bool {
        guard source.next(&outgoing) else { return false }
        sendTimes[(oldest + inFlightCount) % sendTimes.count] = now
        inFlightCount += 1
        return true
    }

    /// Hands what goes out to the socket, as much as it takes now; see ``isBlocked``.
    mutating func send() {
        while sentByteCount < outgoing.count {
            let count = socket.send(outgoing, from: sentByteCount)
            isBlocked = count == 0
            guard !isBlocked else { return }
            sentByteCount += count
        }
        outgoing.removeAll(keepingCapacity: true)
        sentByteCount = 0
    }

    /// The next reply that is whole with bytes that have arrived; `nil` when all of them are taken in.
    mutating func nextReply(
        in bytes: Span<UInt8>, from offset: inout Int
    ) throws(ConnectError) -> ReplyCounter.Reply? {
        do throws(ProtocolError) {
            return try counter.next(in: bytes, from: &offset)
        } catch {
            throw Self.lost("the server's answer is not RESP")
        }
    }

    /// Takes the time of the oldest request in flight, which a reply has answered, and what the reply stands for.
    mutating func answered(_ reply: ReplyCounter.Reply) -> (sent: UInt64, itemCount: Int)? {
        guard inFlightCount > 0 else { return nil }
        let sent = sendTimes[oldest]
        oldest = (oldest + 1) % sendTimes.count
        inFlightCount -= 1
        return (sent, source.answered(elementCount: reply.elementCount))
    }

    /// Why a load ended before its time.
    static func lost(_ why: String) -> ConnectError {
        .refused(.unavailable, "\(why). The load was not finished. Look at the server's log.")
    }
}
