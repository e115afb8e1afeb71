internal import CLMDB
internal import Glibc
internal import Synchronization

/// A named B+tree inside an environment. Valid as long as its environment.
public struct Database: Hashable, Sendable {
    let handle: UInt32

    /// No database: every use of it fails with an error of LMDB.
    public static let none = Database(handle: .max)
}

/// One LMDB environment: a directory with `data.mdb` and `lock.mdb`.
///
/// Invariants
/// 1. An environment is open at most once per process: a second opening would drop the first one's
///    file locks (`lmdb.h`, Caveats). A process-wide registry refuses it.
/// 2. Transactions live inside synchronous closures, or in a ``ReadTransaction`` that cannot cross
///    an isolation boundary, so none is held over an `await`.
/// 3. The map is as large as the limit from the start, so it never has to move; the file below it
///    grows in written steps (``preallocate()``), never inside a commit.
@safe public final class Environment: @unchecked Sendable {
    /// How durable a commit is.
    public enum Durability: Sendable {
        /// A commit returns after data and meta page are synced: LMDB's default.
        case synced
        /// A commit returns from the page cache (`MDB_NOSYNC`); only for what can be rebuilt.
        case relaxed
    }

    /// How an environment is opened.
    public struct Options: Sendable {
        /// Bytes that the environment may ever use; address space, not disk.
        public var mapByteCount: Int
        /// Named databases at most.
        public var databaseCountMax: Int
        /// How durable a commit is.
        public var durability: Durability
        /// Opens for reading only; the lock file must be writable all the same.
        public var isReadOnly: Bool
        /// Bytes by which the file grows ahead of its use; 0 leaves growth to the file system.
        public var growthByteCount: Int

        /// Options with the defaults of a small derived environment.
        public init(
            mapByteCount: Int = 64 << 30, databaseCountMax: Int = 16, durability: Durability = .synced,
            isReadOnly: Bool = false, growthByteCount: Int = 0
        ) {
            self.mapByteCount = mapByteCount
            self.databaseCountMax = databaseCountMax
            self.durability = durability
            self.isReadOnly = isReadOnly
            self.growthByteCount = growthByteCount
        }
    }

    let pointer: OpaquePointer
    private let identity: String
    private let options: Options
    private let dataFile: Int32
    /// Bytes of a page of its file, where the lengths of rows can be compared with it: a file from a machine with
    /// larger pages than this one's may stand anywhere in memory.
    let pageByteCount: Int?
    private let allocatedByteCount = Atomic<Int>(0)

    /// Opens the environment in an existing directory.
    ///
    /// - Throws: ``LMDBError/alreadyOpen`` for a second opening in this process, ``LMDBError/corrupted(_:)`` if pages
    ///   are missing at the end of its file, or what LMDB says.
    public init(at directory: String, options: Options = Options()) throws(LMDBError) {
        identity = try OpenEnvironments.claim(directory)
        self.options = options
        do throws(LMDBError) {
            if !options.isReadOnly { try Self.createFile(directory, options) }
            unsafe pointer = try Self.open(directory, options)
        } catch {
            OpenEnvironments.release(identity)
            throw error
        }
        let byteCount = unsafe Self.pageByteCount(pointer)
        pageByteCount = byteCount <= sysconf(Int32(_SC_PAGESIZE)) ? byteCount : nil
        dataFile =
            options.growthByteCount > 0 && !options.isReadOnly
            ? unsafe Glibc.open(directory + "/data.mdb", O_RDWR | O_CLOEXEC) : -1
        try preallocate()
    }

    deinit {
        if dataFile >= 0 { close(dataFile) }
        unsafe mdb_env_close(pointer)
        OpenEnvironments.release(identity)
    }

    private static func open(_ directory: String, _ options: Options) throws(LMDBError) -> OpaquePointer {
        var created: OpaquePointer?
        unsafe try check(mdb_env_create(&created))
        guard let environment = unsafe created else { throw LMDBError(code: MDB_PANIC) }
        var flags = UInt32(MDB_NOTLS)
        if options.isReadOnly { flags |= UInt32(MDB_RDONLY) }
        if options.durability == .relaxed { flags |= UInt32(MDB_NOSYNC) }
        do throws(LMDBError) {
            unsafe try check(mdb_env_set_mapsize(environment, options.mapByteCount))
            unsafe try check(mdb_env_set_maxdbs(environment, UInt32(options.databaseCountMax)))
            unsafe try check(mdb_env_set_maxreaders(environment, 1024))
            unsafe try check(mdb_env_open(environment, directory, flags, 0o600))
            var dead: Int32 = 0
            unsafe try check(mdb_reader_check(environment, &dead))
            unsafe try checkLength(environment, options)
            return unsafe environment
        } catch {
            unsafe mdb_env_close(environment)
            throw error
        }
    }

    /// Refuses a file that ends before its last page: reading a page past the end would end the process (`SIGBUS`).
    ///
    /// A relaxed environment may have been stopped between a commit and ``fillLength()``: its file is filled up, and
    /// a page that is really gone answers as damaged when it is read.
    private static func checkLength(_ environment: OpaquePointer, _ options: Options) throws(LMDBError) {
        let (used, length) = unsafe try extent(environment)
        guard length < used else { return }
        guard options.durability == .relaxed, !options.isReadOnly else {
            throw .corrupted("the file ends at byte \(length) and its pages at \(used)")
        }
        unsafe try setLength(environment, used)
    }

    private static func setLength(_ environment: OpaquePointer, _ byteCount: Int) throws(LMDBError) {
        var file: mdb_filehandle_t = -1
        unsafe try check(mdb_env_get_fd(environment, &file))
        guard ftruncate(file, off_t(byteCount)) == 0 else { throw LMDBError(code: errno) }
    }

    /// Bytes that hold pages, by the newest meta page, and then the file's bytes: it only ever grows.
    private static func extent(_ environment: OpaquePointer) throws(LMDBError) -> (used: Int, length: Int) {
        let used = unsafe usedByteCount(environment)
        var file: mdb_filehandle_t = -1
        unsafe try check(mdb_env_get_fd(environment, &file))
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw LMDBError(code: errno) }
        return (used, Int(status.st_size))
    }

    /// Makes the file as long as its pages say. LMDB does not write a page that a transaction took from the end of the
    /// file and gave up again, so a commit can leave a file that looks cut off.
    ///
    /// What goes wrong here is not the commit's affair, which stands: the next opening looks again.
    func fillLength() {
        guard options.growthByteCount == 0, let (used, length) = unsafe try? Self.extent(pointer), length < used else {
            return
        }
        unsafe try? Self.setLength(pointer, used)
    }

    /// Opens a named database, creating it where the environment is writable.
    ///
    /// Call it before other threads use the environment. Returns `nil` if it does not exist and the
    /// environment is read-only.
    public func database(_ name: String) throws(LMDBError) -> Database? {
        var transaction: OpaquePointer?
        let isReadOnly = options.isReadOnly
        unsafe try check(mdb_txn_begin(pointer, nil, isReadOnly ? UInt32(MDB_RDONLY) : 0, &transaction))
        var handle: UInt32 = 0
        let code = unsafe mdb_dbi_open(transaction, name, isReadOnly ? 0 : UInt32(MDB_CREATE), &handle)
        guard code == 0 else {
            unsafe mdb_txn_abort(transaction)
            if code == MDB_NOTFOUND { return nil }
            throw LMDBError(code: code)
        }
        unsafe try check(mdb_txn_commit(transaction))
        return Database(handle: handle)
    }

    /// Bytes of the file that hold pages: the high-water mark, free pages included.
    public var usedByteCount: Int { unsafe Self.usedByteCount(pointer) }

    private static func usedByteCount(_ environment: OpaquePointer) -> Int {
        var info = unsafe MDB_envinfo()
        unsafe mdb_env_info(environment, &info)
        return unsafe (info.me_last_pgno + 1) * pageByteCount(environment)
    }

    private static func pageByteCount(_ environment: OpaquePointer) -> Int {
        var stat = MDB_stat()
        unsafe mdb_env_stat(environment, &stat)
        return Int(stat.ms_psize)
    }

    /// Whether it was opened for reading only.
    public var isReadOnly: Bool { options.isReadOnly }

    /// Bytes that the environment may ever use.
    public var mapByteCount: Int { options.mapByteCount }

    /// Writes zeros ahead of the high-water mark when less than half a step is left.
    ///
    /// `fdatasync` may leave out the size of a growing file (Zheng et al., OSDI'14), so a commit must
    /// find its pages inside the file. Call it only between write transactions.
    ///
    /// - Parameter byteCount: what the next commit may add to its file, pages of its own included.
    public func preallocate(for byteCount: Int = 0) throws(LMDBError) {
        let wanted = usedByteCount + max(options.growthByteCount / 2, byteCount)
        guard dataFile >= 0, wanted > allocatedByteCount.load(ordering: .relaxed) else { return }
        // A commit larger than what lay ahead has grown the file itself: zeros go behind its pages, never over them.
        let allocated = max(Int(lseek(dataFile, 0, SEEK_END)), usedByteCount)
        guard wanted > allocated else { return allocatedByteCount.store(allocated, ordering: .relaxed) }
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var end = allocated
        let goal = max(allocated + options.growthByteCount, wanted)
        while end < goal {
            let written = unsafe pwrite(dataFile, zeros, min(zeros.count, goal - end), off_t(end))
            guard written > 0 else { throw LMDBError(code: errno) }
            end += written
        }
        guard fsync(dataFile) == 0 else { throw LMDBError(code: errno) }
        allocatedByteCount.store(end, ordering: .relaxed)
    }

    /// Flushes a relaxed environment to disk.
    public func sync() throws(LMDBError) { unsafe try check(mdb_env_sync(pointer, 1)) }
}

/// The environments that this process has open, by device and inode of their directory.
private enum OpenEnvironments {
    static let identities = Mutex<Set<String>>([])

    static func claim(_ directory: String) throws(LMDBError) -> String {
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else { throw LMDBError(code: errno) }
        let identity = "\(status.st_dev):\(status.st_ino)"
        let isNew = identities.withLock { $0.insert(identity).inserted }
        if !isNew { throw .alreadyOpen }
        return identity
    }

    static func release(_ identity: String) {
        identities.withLock { _ = $0.remove(identity) }
    }
}
