internal import Glibc

/// Why a file was not taken for a secret.
public enum PrivateFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody besides its owner may read or write it: its permission bits.
    case mode(UInt32)
    /// Another user owns it, so that user can change its mode and its bytes.
    case owner
    /// A directory, a symbolic link, a device.
    case notRegular
    /// It has another length than was asked for.
    case byteCount(Int)
    /// What the system answered.
    case file(FileError)

    public var description: String {
        switch self {
        case .mode(let mode): "its mode is \(String(mode, radix: 8)) and may be 600 or 400"
        case .owner: "another user owns it"
        case .notRegular: "it is no regular file"
        case .byteCount(let count): "it has \(count) bytes"
        case .file(let error): error.description
        }
    }
}

/// Small files that only their owner may read: keys.
public enum PrivateFile {
    /// Makes a file with mode 0600 and syncs it and its directory. It stands there whole, or not at all: a crash on the
    /// way leaves nothing but a file beside it that the next attempt removes.
    ///
    /// - Throws: ``PrivateFileError/file(_:)``, with `EEXIST` if something stands at the path: a secret is never
    ///   written over. After a failed write nothing is left there.
    public static func create(_ path: String, with bytes: [UInt8]) throws(PrivateFileError) {
        let new = path + ".new"
        do throws(FileError) {
            var status = stat()
            guard unsafe lstat(path, &status) != 0 else { throw FileError(operation: "open", code: EEXIST) }
            try DurableFiles.remove(new)
            let file = unsafe open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw FileError(operation: "open", code: errno) }
            let isWritten =
                unsafe fchmod(file, 0o600) == 0 && write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
            let problem = FileError(operation: "write", code: errno)
            close(file)
            guard unsafe isWritten && rename(new, path) == 0 else {
                try DurableFiles.remove(new)
                throw isWritten ? FileError(operation: "rename", code: errno) : problem
            }
            try DurableFiles.syncDirectory(DurableFiles.parent(of: path))
        } catch {
            throw .file(error)
        }
    }

    /// The bytes of a file that belongs to this user alone; `nil` if there is none.
    ///
    /// Mode and owner are those of the opened file, so nobody can exchange it in between.
    public static func read(_ path: String, byteCount: Int) throws(PrivateFileError) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            if errno == ELOOP { throw .notRegular }
            throw .file(FileError(operation: "open", code: errno))
        }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw .file(FileError(operation: "fstat", code: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        guard status.st_uid == geteuid() else { throw .owner }
        guard status.st_mode & 0o7177 == 0 else { throw .mode(status.st_mode & 0o7777) }
        guard Int(status.st_size) == byteCount else { throw .byteCount(Int(status.st_size)) }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        let count = unsafe Glibc.read(file, &bytes, byteCount)
        guard count >= 0 else { throw .file(FileError(operation: "read", code: errno)) }
        guard count == byteCount else { throw .byteCount(count) }
        return bytes
    }
}
