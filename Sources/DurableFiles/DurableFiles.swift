internal import Glibc

/// What the operating system answered when a file operation failed.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried.
    public let operation: String
    /// `errno`.
    public let code: Int32

    /// Whether the disk or the quota has no room left.
    public var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT }

    public var description: String { unsafe "\(operation): \(String(cString: strerror(code)))" }
}

/// Small files and directories that survive a power cut: every change syncs its directory too
/// (Pillai et al., OSDI'14: a missing directory sync is a crash vulnerability class of its own).
public enum DurableFiles {
    /// Makes a directory and those above it; existing ones are fine. Mode 0700.
    public static func makeDirectory(_ path: String) throws(FileError) {
        if isDirectory(path) { return }
        let parent = parent(of: path)
        if parent != path { try makeDirectory(parent) }
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failed("mkdir") }
        try sync(parent)
    }

    /// Whether a directory stands at the path.
    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Replaces a small file in one step: readers see the old bytes or the new ones. Mode 0600.
    public static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        let temporary = path + ".new"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failed("open") }
        let isWritten = unsafe write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        let problem = failed("write")
        close(file)
        guard isWritten else { throw problem }
        guard unsafe rename(temporary, path) == 0 else { throw failed("rename") }
        try sync(parent(of: path))
    }

    /// Makes an empty file where nothing stands. Mode 0600.
    public static func makeFile(_ path: String) throws(FileError) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failed("open") }
        close(file)
        try sync(parent(of: path))
    }

    /// Whether a directory holds what stands at a path, or would stand there, or is it; links are followed.
    public static func contains(_ directory: String, _ path: String) -> Bool {
        guard let directory = realPath(directory) else { return false }
        var place = path
        while true {
            if let place = realPath(place) { return (place + "/").hasPrefix(directory + "/") }
            place = parent(of: place)
        }
    }

    /// The path without links and dots; `nil` where nothing stands.
    private static func realPath(_ path: String) -> String? {
        guard let bytes = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(bytes) }
        return unsafe String(cString: bytes)
    }

    /// Whether something stands at the path that is not a file of its own: a directory, a link or a device.
    public static func isIrregular(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    /// Whether anything stands at the path.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0
    }

    /// Gives a finished file another name, in the place of what stands there.
    public static func move(_ path: String, to name: String) throws(FileError) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failed("open") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failed("fsync") }
        guard unsafe rename(path, name) == 0 else { throw failed("rename") }
        try sync(parent(of: name))
    }

    /// Removes a file; one that is not there is fine.
    public static func remove(_ path: String) throws(FileError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failed("unlink") }
        try sync(parent(of: path))
    }

    /// Removes an empty directory; one that is not there is fine.
    public static func removeDirectory(_ path: String) throws(FileError) {
        guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw failed("rmdir") }
        try sync(parent(of: path))
    }

    /// The names of what lies in a directory, in no order.
    public static func names(in path: String) throws(FileError) -> [String] {
        guard let stream = unsafe opendir(path) else { throw failed("opendir") }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
                unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Bytes that the file system of a path has left for us, and bytes that it has in all; `nil` if it does not say.
    public static func space(at path: String) -> (free: Int, total: Int)? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        return (Int(status.f_bavail) * Int(status.f_frsize), Int(status.f_blocks) * Int(status.f_frsize))
    }

    /// Syncs a directory, after files in it were created or renamed.
    public static func syncDirectory(_ path: String) throws(FileError) { try sync(path) }

    /// The bytes of a file; `nil` if there is none.
    public static func read(_ path: String) throws(FileError) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failed("open")
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failed("read") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// Takes the lock of a file, creating it, and waits while another holds it: for locks that are held for
    /// milliseconds. The lock ends with the process or the returned value.
    public static func waitForLock(_ path: String) throws(FileError) -> FileLock {
        let lock = try FileLock(path)
        while !lock.take(LOCK_EX) { guard errno == EINTR else { throw failed("flock") } }
        return lock
    }

    /// Takes the lock of a file, creating it; the lock ends with the process or the returned value.
    /// `nil` if another holds it.
    public static func lock(_ path: String) throws(FileError) -> FileLock? {
        let lock = try FileLock(path)
        return lock.take(LOCK_EX | LOCK_NB) ? lock : nil
    }

    /// Lets this process have as many files open as the system allows it (`RLIMIT_NOFILE`, setrlimit(2)). Returns how
    /// many these are.
    public static func raiseFileLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        var raised = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
        if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }

    /// Keeps the memory of this process out of core files from now on (`RLIMIT_CORE`, setrlimit(2)).
    public static func forbidCoreDumps() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }

    /// Ends the process; what standard output holds back is written first. No destructors run, as `exit` would let
    /// them: other threads may still be at work, and must not find the runtime taken apart.
    public static func endProcess(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }

    private static func sync(_ directory: String) throws(FileError) {
        let file = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failed("open") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failed("fsync") }
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func failed(_ operation: String) -> FileError { FileError(operation: operation, code: errno) }
}

/// A lock that is held as long as this value lives.
public final class FileLock: Sendable {
    private let file: Int32

    fileprivate init(_ path: String) throws(FileError) {
        file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError(operation: "open", code: errno) }
    }

    deinit { close(file) }

    /// Whether the lock was taken; if not, `errno` says why.
    fileprivate func take(_ operation: Int32) -> Bool { flock(file, operation) == 0 }
}
