internal import CZstd

/// Packs bytes into zstd frames of their own (RFC 8878), each with its length and a content checksum.
///
/// It keeps its working memory from one frame to the next, and belongs to one thread at a time.
@safe public final class Compressor {
    private let context: OpaquePointer

    /// A compressor of a level, 1 (fastest) to 19.
    ///
    /// - Parameter dictionary: The bytes of a dictionary that every frame is packed with and names; empty for none.
    public init(level: Int32 = 1, dictionary: [UInt8] = []) {
        guard let context = unsafe ZSTD_createCCtx() else { preconditionFailure("a context is a small allocation") }
        unsafe self.context = context
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        if !dictionary.isEmpty { unsafe ZSTD_CCtx_loadDictionary(context, dictionary, dictionary.count) }
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// One frame with these bytes.
    ///
    /// - Throws: ``ZstdError`` when memory runs out.
    public func compress(_ bytes: Span<UInt8>) throws(ZstdError) -> [UInt8] {
        var code = 0
        let frame = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(input.count)) { output, count in
                unsafe code = ZSTD_compress2(
                    context, output.baseAddress, output.count, input.baseAddress, input.count)
                count = ZSTD_isError(code) == 0 ? code : 0
            }
        }
        guard ZSTD_isError(code) == 0 else {
            throw ZstdError(description: unsafe String(cString: ZSTD_getErrorName(code)))
        }
        return frame
    }
}
