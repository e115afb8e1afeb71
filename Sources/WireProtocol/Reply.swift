public import EventModel
public import NIOCore

/// What a request brought, ready to be written.
///
/// Receipts and pages are kept in their own form: a server writes a hundred thousand of them a second, and a
/// ``RESPValue`` for each would cost more than the bytes.
public enum Reply: Hashable, Sendable {
    /// Any value.
    case value(RESPValue)
    /// Bytes that are the same in both dialects, such as a ``PageBuilder`` makes.
    case encoded(ByteBuffer)
    /// The streams of `LOG.APPEND`, each as a map of stream, position, revision and duplicate.
    case receipts([AppendReceipt])
    /// The lines of `LOG.INGEST`, each as a map of position and duplicate, or as its refusal.
    case lines([LineOutcome])

    /// What became of one line.
    public enum LineOutcome: Hashable, Sendable {
        /// Where the event stands, and whether it stood there already.
        case recorded(Position, isDuplicate: Bool)
        /// Why it was not recorded.
        case refused(RESPValue)
    }

    /// The refusal that an error of ours becomes.
    public static func refusal(_ error: any ExplainedError) -> Reply { .value(.refusal(error)) }

    /// Writes the reply in the dialect of the connection.
    public func write(to buffer: inout ByteBuffer, version: RESPVersion) {
        switch self {
        case .value(let value): value.write(to: &buffer, version: version)
        case .encoded(let bytes):
            if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeImmutableBuffer(bytes) }
        case .receipts(let receipts):
            buffer.writeLine("*", receipts.count.description)
            for receipt in receipts { Self.write(receipt, to: &buffer, version) }
        case .lines(let outcomes):
            buffer.writeLine("*", outcomes.count.description)
            for outcome in outcomes {
                switch outcome {
                case .recorded(let position, let isDuplicate):
                    buffer.writeStaticString(version == .v3 ? "%2\r\n" : "*4\r\n")
                    Self.write(position, to: &buffer)
                    Self.write(isDuplicate: isDuplicate, to: &buffer, version)
                case .refused(let refusal): refusal.write(to: &buffer, version: version)
                }
            }
        }
    }

    private static func write(_ receipt: AppendReceipt, to buffer: inout ByteBuffer, _ version: RESPVersion) {
        buffer.writeStaticString(version == .v3 ? "%4\r\n$6\r\nstream\r\n" : "*8\r\n$6\r\nstream\r\n")
        RESPValue.text(receipt.stream.text).write(to: &buffer, version: version)
        write(receipt.position, to: &buffer)
        buffer.writeStaticString("$8\r\nrevision\r\n")
        buffer.writeLine(":", Int64(clamping: receipt.revision.index).description)
        write(isDuplicate: receipt.isDuplicate, to: &buffer, version)
    }

    private static func write(_ position: Position, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("$8\r\nposition\r\n")
        buffer.writeLine(":", Int64(clamping: position.index).description)
    }

    private static func write(isDuplicate: Bool, to buffer: inout ByteBuffer, _ version: RESPVersion) {
        buffer.writeStaticString("$9\r\nduplicate\r\n")
        switch version {
        case .v2: buffer.writeStaticString(isDuplicate ? ":1\r\n" : ":0\r\n")
        case .v3: buffer.writeStaticString(isDuplicate ? "#t\r\n" : "#f\r\n")
        }
    }
}
