import NIOCore

/// Reads `<sign><digits>CR LF`, the line in front of every bulk string and list.
enum LengthLine {
    /// The number, if its line is whole; `nil` when more bytes are needed. Consumes the line only then.
    ///
    /// - Throws: `malformedLength` for anything but digits without leading zeros, and for a line longer than any
    ///   length. A number past 2^63 − 1 comes back as `Int.max`, which is past every bound.
    static func read(from buffer: inout ByteBuffer) throws(ProtocolError) -> (number: Int, byteCount: Int)? {
        guard let line = try parse(buffer.readableBytesUInt8Span) else { return nil }
        buffer.moveReaderIndex(forwardBy: line.byteCount)
        return line
    }

    private static func parse(_ bytes: Span<UInt8>) throws(ProtocolError) -> (number: Int, byteCount: Int)? {
        let limit = min(bytes.count, WireLimits.lengthLineByteCountMax)
        var end = 0
        while end < limit, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        guard end < limit else {
            guard limit < WireLimits.lengthLineByteCountMax else { throw .malformedLength }
            return nil
        }
        guard end > 2, bytes[end - 1] == UInt8(ascii: "\r") else { throw .malformedLength }
        guard bytes[1] != UInt8(ascii: "0") || end == 3 else { throw .malformedLength }
        var number = 0
        var isPastMax = false
        for index in 1..<(end - 1) {
            let byte = bytes[index]
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .malformedLength }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            isPastMax = isPastMax || overflow || carry
            number = sum
        }
        return (isPastMax ? Int.max : number, end + 1)
    }
}
