internal import Glibc

/// What the operating system answered when a file could not be mapped or written.
public struct MappedFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried.
    public let operation: String
    /// `errno`.
    public let code: Int32

    /// Whether there was no such file (`ENOENT`).
    public var isMissing: Bool { code == ENOENT }

    public var description: String { unsafe "\(operation): \(String(cString: strerror(code)))" }

    init(_ operation: String) {
        self.operation = operation
        code = errno
    }
}

/// An immutable file, mapped into memory for reading as long as this value lives.
///
/// The kernel keeps what is read often and drops the rest, so a mapping costs no memory of its own.
///
/// Invariants
/// 1. Nobody changes or shortens the file: it was renamed into place complete, and is only ever unlinked,
///    which leaves the mapping whole. Shortening it from outside ends the process (`SIGBUS`), as it does
///    with LMDB; writing to it shows in the bytes, so readers check what they read.
/// 2. `base` and `byteCount` are those that `mmap` gave; they never change.
@safe public final class MappedFile: Sendable {
    /// Bytes of the file.
    public let byteCount: Int
    /// Read only, so that sharing it between threads is safe.
    @usableFromInline nonisolated(unsafe) let base: UnsafeRawPointer?

    /// Maps the file at a path.
    public init(at path: String) throws(MappedFileError) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw MappedFileError("open") }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw MappedFileError("fstat") }
        byteCount = Int(status.st_size)
        guard byteCount > 0 else {
            unsafe base = nil
            return
        }
        let mapping = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, file, 0)
        guard unsafe mapping != MAP_FAILED else { throw MappedFileError("mmap") }
        unsafe base = UnsafeRawPointer(mapping)
    }

    deinit {
        if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }
    }

    /// Lends the bytes of the file.
    @inlinable
    public func withBytes<Result, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let base = unsafe base else { return try body(Span()) }
        return try body(unsafe Span(_unsafeStart: base.assumingMemoryBound(to: UInt8.self), count: byteCount))
    }
}
