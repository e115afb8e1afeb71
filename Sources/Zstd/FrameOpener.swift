internal import CZstd
internal import Synchronization

/// Unpacks zstd frames whose length is known, on any thread.
///
/// Working memory is kept in a pool, so that a frame costs no set-up; the pool is never larger than the number of
/// threads that unpacked at once.
@safe public final class FrameOpener: Sendable {
    private let idle = Mutex<[Context]>([])

    /// An opener with an empty pool.
    public init() {}

    /// The bytes of a frame.
    ///
    /// - Parameter dictionary: The one that it was packed with.
    /// - Throws: ``ZstdError`` for bytes that are no zstd frame, a broken content checksum, another dictionary, or
    ///   another length.
    public func open(
        _ frame: [UInt8], byteCount: Int, with dictionary: FrameDictionary? = nil
    ) throws(ZstdError) -> [UInt8] {
        let context = idle.withLock { $0.popLast() } ?? Context()
        defer { idle.withLock { $0.append(context) } }
        var code = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            unsafe code = ZSTD_decompress_usingDDict(
                context.pointer, output.baseAddress, byteCount, frame, frame.count, dictionary?.opened)
            count = ZSTD_isError(code) == 0 ? code : 0
        }
        guard ZSTD_isError(code) == 0 else {
            throw ZstdError(description: unsafe String(cString: ZSTD_getErrorName(code)))
        }
        guard bytes.count == byteCount else { throw ZstdError(description: "the frame has another length") }
        return bytes
    }

    /// Decompression state; one thread has it at a time, since it leaves the pool while in use.
    @safe private final class Context: Sendable {
        nonisolated(unsafe) let pointer: OpaquePointer

        init() {
            guard let pointer = unsafe ZSTD_createDCtx() else {
                preconditionFailure("a context is a small allocation")
            }
            unsafe self.pointer = pointer
        }

        deinit { unsafe ZSTD_freeDCtx(pointer) }
    }
}
