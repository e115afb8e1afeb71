import Foundation
import Zstd

/// The bytes of a file or of standard input, chunk by chunk, decompressed if the name ends with `.zst`.
final class ByteSource {
    private let handle: FileHandle
    private let path: String
    private var decompressor: Decompressor?

    private static let chunkByteCount = 256 * 1024

    init(_ path: String) throws(Failure) {
        self.path = path
        do {
            handle = try path == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            if path.hasSuffix(".zst") { decompressor = try Decompressor() }
        } catch {
            throw Input.unreadable(path)
        }
    }

    /// The next bytes, perhaps none yet; `nil` at the end.
    func next() throws(Failure) -> [UInt8]? {
        let chunk: Data?
        do { chunk = try handle.read(upToCount: Self.chunkByteCount) } catch { throw Input.unreadable(path) }
        guard let chunk, !chunk.isEmpty else { return nil }
        guard decompressor != nil else { return Array(chunk) }
        do {
            return try decompressor?.decompress(Array(chunk))
        } catch {
            throw Failure(
                .usage,
                "the file '\(path)' is damaged: \(error). It was read no further. Fetch it again, then import it again."
            )
        }
    }
}
