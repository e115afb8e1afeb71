public import NIOCore

/// Makes an array of bulk strings as bytes, element by element, without holding the elements.
///
/// How many there are is known at the end only, so room for `*n CR LF` is kept in front and filled from the right; the
/// same goes for `$n CR LF` in front of each element.
public struct PageBuilder {
    private static let headByteCount = 24

    private var buffer: ByteBuffer
    /// Room for its head, the newest element, and its end; the memory is used again and again.
    private var element = [UInt8](repeating: 0, count: headByteCount)
    /// Elements so far.
    public private(set) var count = 0

    /// A page without elements.
    public init(capacity: Int = 4096) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.writeRepeatingByte(0, count: Self.headByteCount)
    }

    /// Adds an element; the body appends its bytes, and leaves alone what stands there already.
    public mutating func append(_ body: (inout [UInt8]) -> Void) {
        element.removeLast(element.count - Self.headByteCount)
        body(&element)
        let byteCount = element.count - Self.headByteCount
        element.append(UInt8(ascii: "\r"))
        element.append(UInt8(ascii: "\n"))
        let start = Self.setHead("$", byteCount, &element)
        buffer.writeBytes(element[start...])
        count += 1
    }

    /// The whole page; the builder is used up.
    public mutating func finish() -> ByteBuffer {
        let start = Self.setHead("*", count, &element)
        buffer.setBytes(element[start..<Self.headByteCount], at: start)
        buffer.moveReaderIndex(to: start)
        return buffer
    }

    /// Writes sign, number and CR LF so that they end where the head does. Returns where they begin.
    private static func setHead(_ sign: Unicode.Scalar, _ number: Int, _ bytes: inout [UInt8]) -> Int {
        var place = headByteCount - 1
        bytes[place] = UInt8(ascii: "\n")
        place -= 1
        bytes[place] = UInt8(ascii: "\r")
        var rest = number
        repeat {
            place -= 1
            bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        place -= 1
        bytes[place] = UInt8(ascii: sign)
        return place
    }
}
