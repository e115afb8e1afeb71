import EventModel
public import NIOCore

/// Reads commands from the bytes of one connection: RESP arrays of bulk strings, and plain lines.
///
/// Invariants:
/// 1. Every announced length is checked against its bound when its line is read, before its bytes are waited for.
/// 2. Nothing is reserved by an announced length or count: memory grows only with bytes that arrived.
/// 3. An argument is taken from the buffer once; a frame in many pieces is never scanned again from its start.
/// 4. After an error every further call throws the same error: the place of the next frame is unknown.
public struct CommandDecoder: Sendable {
    /// Bytes that the frame being read may have. It begins with `Limits.firstFrameByteCountMax`, and the first whole
    /// command raises it.
    public private(set) var frameByteCountMax = Limits.firstFrameByteCountMax

    private var arguments: [[UInt8]] = []
    private var argumentCount: Int?  // announced by `*`; nil between frames
    private var bulkByteCount: Int?  // announced by `$`; nil between arguments
    private var byteCount = 0  // of the frame so far, announced bytes of the open bulk string included
    private var scannedByteCount = 0  // of an inline command without its line end
    private var failure: ProtocolError?

    /// A decoder at the beginning of a connection.
    public init() {}

    /// Whether a frame has begun and is not whole yet, apart from what the buffer still holds.
    public var isInsideFrame: Bool { argumentCount != nil || scannedByteCount > 0 }

    /// The next whole command, or `nil` when more bytes are needed.
    ///
    /// - Throws: ``ProtocolError``; answer with it and close the connection.
    public mutating func next(from buffer: inout ByteBuffer) throws(ProtocolError) -> Command? {
        if let failure { throw failure }
        do throws(ProtocolError) {
            guard let command = try decode(from: &buffer) else { return nil }
            frameByteCountMax = Limits.requestByteCountMax + WireLimits.frameOverheadByteCountMax
            return command
        } catch {
            failure = error
            arguments = []
            throw error
        }
    }

    private mutating func decode(from buffer: inout ByteBuffer) throws(ProtocolError) -> Command? {
        while true {
            if let argumentCount {
                return try readArguments(argumentCount, from: &buffer)
            }
            guard let sign = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else { return nil }
            if sign == UInt8(ascii: "*"), scannedByteCount == 0 {
                guard let (count, lineByteCount) = try LengthLine.read(from: &buffer) else { return nil }
                guard count <= WireLimits.argumentCountMax else {
                    throw .pastBound(.arguments, limit: WireLimits.argumentCountMax)
                }
                guard count > 0 else { continue }  // `*0` asks for nothing and gets no answer, as in Redis
                argumentCount = count
                byteCount = lineByteCount
            } else {
                guard let command = try readInline(from: &buffer) else { return nil }
                guard !command.arguments.isEmpty else { continue }  // an empty line gets no answer, as in Redis
                return command
            }
        }
    }

    private mutating func readArguments(
        _ count: Int, from buffer: inout ByteBuffer
    ) throws(ProtocolError) -> Command? {
        while arguments.count < count {
            guard let length = try readBulkLength(from: &buffer) else { return nil }
            guard buffer.readableBytes >= length + 2 else { return nil }
            guard let bytes = buffer.readBytes(length: length), let end = buffer.readInteger(as: UInt16.self) else {
                return nil
            }
            guard end == 0x0D0A else { throw .missingTerminator }
            arguments.append(bytes)
            bulkByteCount = nil
        }
        let command = Command(arguments, byteCount: byteCount)
        arguments = []
        argumentCount = nil
        return command
    }

    /// The length of the bulk string that is open, or is opened now.
    private mutating func readBulkLength(from buffer: inout ByteBuffer) throws(ProtocolError) -> Int? {
        if let bulkByteCount { return bulkByteCount }
        guard let sign = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else { return nil }
        guard sign == UInt8(ascii: "$") else { throw .notABulkString }
        guard let (length, lineByteCount) = try LengthLine.read(from: &buffer) else { return nil }
        guard length <= Limits.requestByteCountMax else {
            throw .pastBound(.argument, limit: Limits.requestByteCountMax)
        }
        byteCount += lineByteCount + length + 2
        try checkFrame()
        bulkByteCount = length
        return length
    }

    private func checkFrame() throws(ProtocolError) {
        guard byteCount > frameByteCountMax else { return }
        let isFirst = frameByteCountMax == Limits.firstFrameByteCountMax
        throw .pastBound(isFirst ? .firstFrame : .frame, limit: frameByteCountMax)
    }

    /// A plain line up to LF; a CR in front of it belongs to the line end.
    private mutating func readInline(from buffer: inout ByteBuffer) throws(ProtocolError) -> Command? {
        let line = buffer.readableBytesView.prefix(WireLimits.inlineByteCountMax + 1)
        let unscanned = line.dropFirst(scannedByteCount)
        for (index, byte) in zip(unscanned.indices, unscanned) {
            if byte == UInt8(ascii: "\n") {
                let text = Array(line[line.startIndex..<index])
                buffer.moveReaderIndex(forwardBy: text.count + 1)
                scannedByteCount = 0
                return Command(try InlineCommand.split(text), byteCount: text.count + 1)
            }
            let isText = byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
            guard isText else { throw .notText }
        }
        guard line.count <= WireLimits.inlineByteCountMax else {
            throw .pastBound(.inline, limit: WireLimits.inlineByteCountMax)
        }
        scannedByteCount = line.count
        return nil
    }
}
