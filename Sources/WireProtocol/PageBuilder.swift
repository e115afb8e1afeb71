public import NIOCore

/// Makes an array of bulk strings as bytes, element by element, without holding the elements.
///
/// How many there are is known at the end only, so room for `*n CR LF` is kept in front and filled from the right.
public struct PageBuilder {
    private static let headByteCount = 24

    private var buffer: ByteBuffer
    private var element: [UInt8] = []
    /// Elements so far.
    public private(set) var count = 0

    /// A page without elements.
    public init(capacity: Int = 4096) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.writeRepeatingByte(0, count: Self.headByteCount)
    }

    /// Adds an element; the body appends its bytes to an empty list, whose memory is used again and again.
    public mutating func append<Failure: Error>(
        _ body: (inout [UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        element.removeAll(keepingCapacity: true)
        try body(&element)
        buffer.writeLine("$", element.count.description)
        buffer.writeBytes(element)
        buffer.writeStaticString("\r\n")
        count += 1
    }

    /// The whole page; the builder is used up.
    public consuming func finish() -> ByteBuffer {
        let head = "*\(count)\r\n"
        let start = Self.headByteCount - head.utf8.count
        buffer.setString(head, at: start)
        buffer.moveReaderIndex(to: start)
        return buffer
    }
}
