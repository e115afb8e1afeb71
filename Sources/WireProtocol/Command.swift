import EventModel

/// One command as it arrived: a name and its arguments, all still bytes.
public struct Command: Hashable, Sendable {
    /// The name first; never empty.
    public let arguments: [[UInt8]]
    /// Bytes of the whole frame on the wire.
    public let byteCount: Int

    /// A command from its parts.
    public init(_ arguments: [[UInt8]], byteCount: Int) {
        self.arguments = arguments
        self.byteCount = byteCount
    }
}

/// Bounds of the wire alone, beside those of `EventModel.Limits`.
public enum WireLimits {
    /// Arguments of one command, its name included. The largest is an append whose events all stand in streams of
    /// their own (4 arguments) and name a type, data and all nine options (3 + 18), with the longest condition: two
    /// lists and `OR` for each item, `UNLESS` and `AFTER position`.
    public static let argumentCountMax = 1 + Limits.requestEventCountMax * (4 + 3 + 18) + 5 * Limits.termCountMax + 3
    /// Bytes of a command typed as a plain line.
    public static let inlineByteCountMax = 4096
    /// Bytes that a command may have beyond `Limits.requestByteCountMax`: its lengths and line ends.
    public static let frameOverheadByteCountMax = 256 * 1024
    /// Bytes of the commands of one connection that are read and not yet answered; reading stops there, with the
    /// command that passes it.
    public static let pipelineByteCountMax = 4 * 1024 * 1024
    /// Bytes of `*`, digits, CR and LF. The longest length that is allowed takes ten; more room lets a length past
    /// 2^64 be answered as too large.
    static let lengthLineByteCountMax = 32
    /// Bytes of one bulk string of a reply. Pages are far smaller; a report may be large.
    public static let replyByteCountMax = 64 * 1024 * 1024
    /// Elements of one list of a reply.
    public static let replyElementCountMax = 1024 * 1024
    /// Lists within lists of a reply.
    public static let replyDepthMax = 16
    /// Bytes of a line of a reply: a simple text, an error or a number.
    public static let replyLineByteCountMax = 16 * 1024
}
