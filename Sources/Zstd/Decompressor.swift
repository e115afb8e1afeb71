internal import CZstd

/// Why bytes are not a zstd stream, or one that may not be opened here.
public struct ZstdError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The library's own words.
    public let description: String
}

/// Unpacks a zstd stream piece by piece (RFC 8878), frame after frame.
///
/// The window is bounded, so a hostile stream cannot make it reserve more than ``windowByteCountMax``;
/// what comes out is handed over in small pieces, so the caller bounds the rest.
@safe public final class Decompressor {
    /// Bytes of the window that a stream may ask for: what `zstd -19` needs, and no more.
    public static let windowByteCountMax = 8 << 20

    private let context: OpaquePointer
    private var isInsideFrame = false

    /// A decompressor at the beginning of a stream.
    public init() {
        guard let context = unsafe ZSTD_createDCtx() else { preconditionFailure("a context is a small allocation") }
        unsafe self.context = context
        unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(Self.windowByteCountMax.trailingZeroBitCount))
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    /// Unpacks the next bytes of the stream and hands them to `body`, 128 KiB at most at a time.
    ///
    /// - Throws: ``ZstdError`` for bytes that are no zstd, a broken checksum, or too large a window; and
    ///   what `body` throws.
    public func decompress(_ input: [UInt8], _ body: ([UInt8]) throws -> Void) throws {
        var output = [UInt8](repeating: 0, count: 128 << 10)
        var consumed = 0
        var isFull = false
        while consumed < input.count || isFull {
            let (produced, position, hint) = unsafe input.withUnsafeBufferPointer { input in
                unsafe output.withUnsafeMutableBufferPointer { output in
                    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: consumed)
                    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                    let hint = unsafe ZSTD_decompressStream(context, &target, &source)
                    return unsafe (target.pos, source.pos, hint)
                }
            }
            guard ZSTD_isError(hint) == 0 else {
                throw ZstdError(description: unsafe String(cString: ZSTD_getErrorName(hint)))
            }
            consumed = position
            isInsideFrame = hint != 0
            // A frame that has ended holds nothing back, even where its last bytes fill the piece.
            isFull = isInsideFrame && produced == output.count
            if produced > 0 { try body(Array(output[..<produced])) }
        }
    }

    /// Says that the stream has ended.
    ///
    /// - Throws: ``ZstdError`` if it stopped inside a frame.
    public func finish() throws(ZstdError) {
        if isInsideFrame { throw ZstdError(description: "the stream stops inside a frame") }
    }
}
