internal import Glibc

/// A few bytes that are overwritten in place, often and without waiting for the disk.
///
/// They survive a killed process at once, and a power cut when the system wrote them back (30 s on Linux by
/// default). Use it for what is nice to know, never for what must be known. It belongs to one thread at a time.
public final class StampFile {
    private let file: Int32

    /// Opens a file, creating it empty. Mode 0600.
    public init(_ path: String) throws(FileError) {
        file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError(operation: "open", code: errno) }
    }

    deinit { close(file) }

    /// Overwrites the bytes at the beginning. A failure leaves the old ones or a mix of both.
    public func write(_ bytes: [UInt8]) { _ = unsafe pwrite(file, bytes, bytes.count, 0) }
}
