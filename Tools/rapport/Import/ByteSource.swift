import Foundation
import Zstd

/// The bytes of a file or of standard input, chunk by chunk, decompressed if the name ends with `.zst`.
final class ByteSource {
    private let handle: FileHandle
    private let path: String
    private let decompressor: Decompressor?

    private static let chunkByteCount = 256 * 1024

    init(_ path: String) throws(Failure) {
        self.path = path
        decompressor = path.hasSuffix(".zst") ? Decompressor() : nil
        do {
            handle = try path == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        } catch {
            throw Input.unreadable(path)
        }
    }

    /// The next bytes, perhaps none yet; `nil` at the end.
    func next() throws(Failure) -> [UInt8]? {
        let chunk: Data?
        do { chunk = try handle.read(upToCount: Self.chunkByteCount) } catch { throw Input.unreadable(path) }
        do {
            guard let chunk, !chunk.isEmpty else {
                try decompressor?.finish()
                return nil
            }
            guard let decompressor else { return Array(chunk) }
            var bytes: [UInt8] = []
            try decompressor.decompress(Array(chunk)) { piece in
                bytes += piece
                guard bytes.count <= Self.unpackedByteCountMax else {
                    throw ExpandedTooFar()
                }
            }
            return bytes
        } catch {
            throw Failure(
                .usage,
                "the file '\(path)' is damaged: \(error). It was read no further. "
                    + "Fetch it again, then import it again.")
        }
    }

    /// Bytes that one chunk may unpack to: a thousandfold, which no honest file reaches.
    private static let unpackedByteCountMax = 1024 * chunkByteCount

    private struct ExpandedTooFar: Error, CustomStringConvertible {
        let description = "it unpacks to more than a thousand times its size"
    }
}
