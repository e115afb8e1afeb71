internal import Glibc

/// A file on its way to being immutable: written under a temporary name, synced, and renamed into place.
///
/// Whoever finds the file under its name finds it complete: the rename follows the sync of the bytes, and
/// the sync of the directory follows the rename. A value that goes away before removes what it wrote.
@safe public struct NewFile: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private let file: Int32

    /// Begins a file that will stand at a path. Mode 0600.
    ///
    /// - Parameter ending: makes the temporary name; whoever does not know that nobody else writes a file of this name
    ///   takes one of its own.
    public init(at path: String, ending: String = ".new") throws(MappedFileError) {
        self.path = path
        temporaryPath = path + ending
        file = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw MappedFileError("open") }
    }

    deinit {
        close(file)
        _ = unsafe unlink(temporaryPath)
    }

    /// Writes bytes at an offset.
    public func write(_ bytes: Span<UInt8>, at offset: Int) throws(MappedFileError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBufferPointer { buffer in
                unsafe pwrite(
                    file, UnsafeRawBufferPointer(buffer).baseAddress.map { unsafe $0 + done }, buffer.count - done,
                    off_t(offset + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw MappedFileError("write") }
            done += count
        }
    }

    /// Syncs the bytes, gives the file its name, and syncs the directory.
    public consuming func finish() throws(MappedFileError) {
        guard fsync(file) == 0 else { throw MappedFileError("fsync") }
        guard unsafe rename(temporaryPath, path) == 0 else { throw MappedFileError("rename") }
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let directory = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw MappedFileError("open") }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw MappedFileError("fsync") }
    }

    /// Removes a file that nothing names any more; one that is not there is fine. The removal need not
    /// survive a power cut, so nothing is synced.
    public static func removeUnnamed(_ path: String) {
        _ = unsafe unlink(path)
        _ = unsafe unlink(path + ".new")
    }
}
