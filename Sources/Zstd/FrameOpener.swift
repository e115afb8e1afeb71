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
            unsafe code = context.unpack(frame.span, into: .init(rebasing: output[..<byteCount]), dictionary)
            count = ZSTD_isError(code) == 0 ? code : 0
        }
        try Context.check(code, byteCount)
        return bytes
    }

    /// Lends the bytes of a frame, for who needs little of them: they take no memory of their own.
    ///
    /// - Throws: ``ZstdError`` as ``open(_:byteCount:with:)`` does.
    public func withOpened<Result>(
        _ frame: Span<UInt8>, byteCount: Int, with dictionary: FrameDictionary? = nil,
        _ body: (Span<UInt8>) -> Result
    ) throws(ZstdError) -> Result {
        let context = idle.withLock { $0.popLast() } ?? Context()
        defer { idle.withLock { $0.append(context) } }
        let output = unsafe context.scratch(byteCount)
        defer { context.letGoOfLargeBuffer() }
        try Context.check(unsafe context.unpack(frame, into: output, dictionary), byteCount)
        return unsafe body(UnsafeBufferPointer(output).span)
    }

    /// Decompression state; one thread has it at a time, since it leaves the pool while in use.
    @safe private final class Context: Sendable {
        /// Bytes of a buffer that is kept for the next frames, at most.
        private static let keptByteCountMax = 1 << 20

        private nonisolated(unsafe) let pointer: OpaquePointer
        private nonisolated(unsafe) var buffer = unsafe UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)

        init() {
            guard let pointer = unsafe ZSTD_createDCtx() else {
                preconditionFailure("a context is a small allocation")
            }
            unsafe self.pointer = pointer
        }

        deinit {
            unsafe ZSTD_freeDCtx(pointer)
            unsafe buffer.deallocate()
        }

        /// The number of bytes that a frame has, or a code of an error.
        func unpack(
            _ frame: Span<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>, _ dictionary: FrameDictionary?
        ) -> Int {
            unsafe frame.withUnsafeBufferPointer { frame in
                unsafe ZSTD_decompress_usingDDict(
                    pointer, output.baseAddress, output.count, frame.baseAddress, frame.count, dictionary?.opened)
            }
        }

        static func check(_ code: Int, _ byteCount: Int) throws(ZstdError) {
            guard ZSTD_isError(code) == 0 else {
                throw ZstdError(description: unsafe String(cString: ZSTD_getErrorName(code)))
            }
            guard code == byteCount else { throw ZstdError(description: "the frame has another length") }
        }

        /// A buffer of so many bytes, until the next call.
        func scratch(_ byteCount: Int) -> UnsafeMutableBufferPointer<UInt8> {
            if unsafe buffer.count < byteCount {
                unsafe buffer.deallocate()
                unsafe buffer = .allocate(capacity: byteCount)
            }
            return unsafe .init(rebasing: buffer[..<byteCount])
        }

        func letGoOfLargeBuffer() {
            guard unsafe buffer.count > Self.keptByteCountMax else { return }
            unsafe buffer.deallocate()
            unsafe buffer = .init(start: nil, count: 0)
        }
    }
}
