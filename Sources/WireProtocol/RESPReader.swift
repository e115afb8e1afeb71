public import NIOCore

/// Reads replies from the bytes of one connection, as a client does.
///
/// Kinds that Rapport does not send become the nearest case: a set or push an array, a double or a big number its
/// text, a verbatim string its bytes without the format, a blob error an error, an attribute nothing. Invariants:
/// 1. Lengths, counts and depth are checked against ``WireLimits`` before anything is waited for.
/// 2. A reply in many pieces is never read again from its start: open lists wait on a stack.
/// 3. After an error every further call throws the same error.
public struct RESPReader: Sendable {
    private var open: [OpenList] = []
    private var bulk: (sign: UInt8, byteCount: Int)?
    private var failure: ProtocolError?

    private struct OpenList {
        enum Kind { case array, map, attribute }
        let kind: Kind
        let count: Int  // of values: two for each pair
        var values: [RESPValue] = []
    }

    /// A reader at the beginning of a connection.
    public init() {}

    /// The next whole reply, or `nil` when more bytes are needed.
    public mutating func next(from buffer: inout ByteBuffer) throws(ProtocolError) -> RESPValue? {
        if let failure { throw failure }
        do throws(ProtocolError) {
            while let value = try element(from: &buffer) {
                if let whole = close(value) { return whole }
            }
            return nil
        } catch {
            failure = error
            throw error
        }
    }

    /// The next value that is complete in itself. Opens lists on the way.
    private mutating func element(from buffer: inout ByteBuffer) throws(ProtocolError) -> RESPValue? {
        if let bulk { return try bulkString(bulk.sign, bulk.byteCount, from: &buffer) }
        while let sign = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) {
            guard let line = try line(from: &buffer) else { return nil }
            switch sign {
            case UInt8(ascii: "+"): return .simple(line)
            case UInt8(ascii: ","), UInt8(ascii: "("): return .text(line)
            case UInt8(ascii: "-"): return Self.error(line)
            case UInt8(ascii: ":"): return .integer(try number(line))
            case UInt8(ascii: "_"): return .null
            case UInt8(ascii: "#"): return .boolean(try boolean(line))
            case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
                guard let length = try count(line, bound: .reply, limit: WireLimits.replyByteCountMax) else {
                    return .null
                }
                bulk = (sign, length)
                return try bulkString(sign, length, from: &buffer)
            case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "|"):
                if let value = try begin(sign, line) { return value }
            default: throw .unknownKind
            }
        }
        return nil
    }

    /// Opens a list; returns its value at once when it is null or empty.
    private mutating func begin(_ sign: UInt8, _ line: String) throws(ProtocolError) -> RESPValue? {
        guard let count = try count(line, bound: .elements, limit: WireLimits.replyElementCountMax) else {
            return .null
        }
        switch sign {
        case UInt8(ascii: "%"):
            if count == 0 { return .map([]) }
            open.append(OpenList(kind: .map, count: 2 * count))
        case UInt8(ascii: "|"):
            if count > 0 { open.append(OpenList(kind: .attribute, count: 2 * count)) }
        default:
            if count == 0 { return .array([]) }
            open.append(OpenList(kind: .array, count: count))
        }
        guard open.count <= WireLimits.replyDepthMax else { throw .pastBound(.depth, limit: WireLimits.replyDepthMax) }
        return nil
    }

    /// Puts a value where it belongs; returns the outermost value when that is whole.
    private mutating func close(_ value: RESPValue) -> RESPValue? {
        var value = value
        while var list = open.popLast() {
            list.values.append(value)
            guard list.values.count == list.count else {
                open.append(list)
                return nil
            }
            switch list.kind {
            case .array: value = .array(list.values)
            case .map:
                value = .map(
                    stride(from: 0, to: list.count, by: 2).map {
                        RESPValue.Entry(key: list.values[$0], value: list.values[$0 + 1])
                    })
            case .attribute: return nil  // the value that it is about follows
            }
        }
        return value
    }

    private mutating func bulkString(
        _ sign: UInt8, _ length: Int, from buffer: inout ByteBuffer
    ) throws(ProtocolError) -> RESPValue? {
        guard buffer.readableBytes >= length + 2, var bytes = buffer.readBytes(length: length),
            let end = buffer.readInteger(as: UInt16.self)
        else { return nil }
        guard end == 0x0D0A else { throw .missingTerminator }
        bulk = nil
        switch sign {
        case UInt8(ascii: "!"): return Self.error(String(decoding: bytes, as: UTF8.self))
        case UInt8(ascii: "="):
            guard length >= 4, bytes[3] == UInt8(ascii: ":") else { throw .unknownKind }
            bytes.removeFirst(4)
            return .bulk(bytes)
        default: return .bulk(bytes)
        }
    }
}

extension RESPReader {
    /// The line behind its sign, without CR LF; `nil` when it is not whole.
    private func line(from buffer: inout ByteBuffer) throws(ProtocolError) -> String? {
        let view = buffer.readableBytesView.prefix(WireLimits.replyLineByteCountMax)
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else {
            guard view.count < WireLimits.replyLineByteCountMax else {
                throw .pastBound(.reply, limit: WireLimits.replyLineByteCountMax)
            }
            return nil
        }
        guard end - view.startIndex >= 2, view[end - 1] == UInt8(ascii: "\r") else { throw .missingTerminator }
        let text = String(decoding: view[(view.startIndex + 1)..<(end - 1)], as: UTF8.self)
        buffer.moveReaderIndex(forwardBy: end + 1 - view.startIndex)
        return text
    }

    /// A length or count; `nil` for −1, the null of RESP2.
    private func count(
        _ line: String, bound: ProtocolError.Bound, limit: Int
    ) throws(ProtocolError) -> Int? {
        if line == "-1" { return nil }
        guard !line.isEmpty, line.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
            throw .malformedLength
        }
        guard let count = Int(line), count <= limit else { throw .pastBound(bound, limit: limit) }
        return count
    }

    private func number(_ line: String) throws(ProtocolError) -> Int64 {
        guard let number = Int64(line) else { throw .unknownKind }
        return number
    }

    private func boolean(_ line: String) throws(ProtocolError) -> Bool {
        switch line {
        case "t": return true
        case "f": return false
        default: throw .unknownKind
        }
    }

    /// The first word of an error is its code.
    private static func error(_ line: String) -> RESPValue {
        let parts = line.split(separator: " ", maxSplits: 1)
        return .error(code: parts.first.map(String.init) ?? "", message: parts.count > 1 ? String(parts[1]) : "")
    }
}
