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
    let options: Options
    /// For ``preallocate(for:)``; −1 where the file system sees to growth.
    let dataFile: Int32
    /// Bytes of a page of its file, where the lengths of rows can be compared with it: a file from a machine with
    /// larger pages than this one's may stand anywhere in memory.
    let pageByteCount: Int?
    /// Bytes of its file that are known to be written.
    let allocatedByteCount = Atomic<Int>(0)

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

    static func usedByteCount(_ environment: OpaquePointer) -> Int {
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

    /// Flushes a relaxed environment to disk.
    public func sync() throws(LMDBError) { unsafe try check(mdb_env_sync(pointer, 1)) }
}
