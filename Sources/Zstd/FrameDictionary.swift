internal import CZstd

/// What many small frames have in common (RFC 8878, section 5): each is packed and unpacked with it in hand, and need
/// not say it again.
@safe public final class FrameDictionary: Sendable {
    nonisolated(unsafe) let opened: OpaquePointer

    /// Takes the bytes of a dictionary in.
    ///
    /// - Throws: ``ZstdError`` unless they are one.
    public init(_ bytes: [UInt8]) throws(ZstdError) {
        guard unsafe ZDICT_getDictID(bytes, bytes.count) != 0, let opened = unsafe ZSTD_createDDict(bytes, bytes.count)
        else { throw ZstdError(description: "this is no dictionary") }
        unsafe self.opened = opened
    }

    deinit { unsafe ZSTD_freeDDict(opened) }

    /// The id of the dictionary that a frame was packed with; 0 for none.
    public static func id(namedBy frame: Span<UInt8>) -> UInt32 {
        unsafe frame.withUnsafeBufferPointer { unsafe ZSTD_getDictID_fromFrame($0.baseAddress, $0.count) }
    }

    /// Makes the bytes of a dictionary from samples of what will be packed: some hundred times its own bytes in all,
    /// each as long as what will lie side by side. It takes 0.1 s for a million bytes.
    ///
    /// - Parameters:
    ///   - byteCount: Bytes that it may have.
    ///   - id: The id that frames name it by; not 0.
    /// - Throws: ``ZstdError`` where the samples are too few, or have nothing in common.
    public static func trained(on samples: [[UInt8]], byteCount: Int, id: UInt32) throws(ZstdError) -> [UInt8] {
        let all = Array(samples.joined())
        let lengths = samples.map(\.count)
        var code = 0
        var bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            unsafe code = ZDICT_trainFromBuffer(
                output.baseAddress, byteCount, all, lengths, UInt32(clamping: lengths.count))
            count = ZDICT_isError(code) == 0 ? code : 0
        }
        guard ZDICT_isError(code) == 0 else {
            throw ZstdError(description: unsafe String(cString: ZDICT_getErrorName(code)))
        }
        // The library draws an id; it stands behind the magic number, least significant byte first.
        for place in 0..<4 { bytes[4 + place] = UInt8(truncatingIfNeeded: id >> UInt32(8 * place)) }
        return bytes
    }
}
