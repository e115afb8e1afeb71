import NIOCore

/// Reads `<sign><digits>CR LF`, the line in front of every bulk string and list.
enum LengthLine {
    /// The number, if its line is whole; `nil` when more bytes are needed. Consumes the line only then.
    ///
    /// - Throws: `malformedLength` for anything but digits without leading zeros, and for a line longer than any
    ///   length. A number past 2^63 − 1 comes back as `Int.max`, which is past every bound.
    static func read(from buffer: inout ByteBuffer) throws(ProtocolError) -> (number: Int, byteCount: Int)? {
        let line = buffer.readableBytesView.prefix(WireLimits.lengthLineByteCountMax)
        guard let end = line.firstIndex(of: UInt8(ascii: "\n")) else {
            guard line.count < WireLimits.lengthLineByteCountMax else { throw .malformedLength }
            return nil
        }
        let digitsStart = line.startIndex + 1
        guard end > digitsStart, line[end - 1] == UInt8(ascii: "\r") else { throw .malformedLength }
        let number = try parse(line[digitsStart..<(end - 1)])
        let byteCount = end + 1 - line.startIndex
        buffer.moveReaderIndex(forwardBy: byteCount)
        return (number, byteCount)
    }

    private static func parse(_ digits: ByteBufferView) throws(ProtocolError) -> Int {
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else {
            throw .malformedLength
        }
        var number = 0
        var isPastMax = false
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .malformedLength }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            isPastMax = isPastMax || overflow || carry
            number = sum
        }
        return isPastMax ? Int.max : number
    }
}
