/// Decides when a peer is too slow to be kept, from what is seen of its connection once a tick (one second).
///
/// Pure, so that a test needs no clock. The bounds keep a thousand connections free for those who use them
/// (slow-loris attacks hold them with a byte now and then).
public struct Pace: Hashable, Sendable {
    /// What is seen of a connection at a tick.
    public struct Sight: Hashable, Sendable {
        /// Bytes received since it opened.
        public var receivedByteCount = 0
        /// Whole commands received since it opened.
        public var commandCount = 0
        /// Whether a command has begun that is not whole, and the server reads on.
        public var isInsideFrame = false
        /// Whether a command waits for its answer: a read that blocks is not idle.
        public var isWorking = false
        /// Bytes that the peer's socket has taken since it opened.
        public var sentByteCount = 0
        /// Bytes that wait for the peer's socket.
        public var unsentByteCount = 0

        /// A connection of which nothing was seen.
        public init() {}
    }

    /// Why a connection is closed.
    public enum Verdict: Hashable, Sendable {
        /// A command came in more slowly than ``byteCountPerTickMin``.
        case slowCommand
        /// Nothing was asked for ``idleTickMax``.
        case idle
        /// Answers were not taken for ``stalledTickMax``.
        case slowReader
    }

    /// Bytes of an open command that must arrive in a tick; fewer in two ticks running are too few.
    public static let byteCountPerTickMin = 1024
    /// Ticks that a connection may be without a command and without an answer to come.
    public static let idleTickMax = 30
    /// Ticks that answers may wait without a byte being taken.
    public static let stalledTickMax = 10

    private var last = Sight()
    private var slowTickCount = 0
    private var idleTickCount = 0
    private var stalledTickCount = 0

    /// A connection that opened just now.
    public init() {}

    /// Looks at the connection; `nil` lets it live.
    public mutating func tick(_ sight: Sight) -> Verdict? {
        let arrived = sight.receivedByteCount - last.receivedByteCount
        let isSameFrame = sight.isInsideFrame && last.isInsideFrame && sight.commandCount == last.commandCount
        slowTickCount = isSameFrame && arrived < Self.byteCountPerTickMin ? slowTickCount + 1 : 0
        idleTickCount = arrived == 0 && !sight.isWorking && sight.unsentByteCount == 0 ? idleTickCount + 1 : 0
        stalledTickCount =
            sight.unsentByteCount > 0 && sight.sentByteCount == last.sentByteCount ? stalledTickCount + 1 : 0
        last = sight
        if slowTickCount >= 2 { return .slowCommand }
        if stalledTickCount >= Self.stalledTickMax { return .slowReader }
        return idleTickCount >= Self.idleTickMax ? .idle : nil
    }
}
