internal import CLMDB
internal import Glibc

extension Environment {
    /// Makes the data file of an environment that has none, so that it stands there whole or not at all.
    ///
    /// LMDB writes the meta pages of a new file in their place and does not sync them: a write that is cut short, or a
    /// power cut, would leave a file that it never opens again. So they are written beside it and the file is renamed.
    static func createFile(_ directory: String, _ options: Options) throws(LMDBError) {
        let path = directory + "/data.mdb"
        guard unsafe access(path, F_OK) != 0 else { return }
        let folder = unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw LMDBError(code: errno) }
        defer { close(folder) }
        // Of two processes that create, the second finds the first one's file.
        guard flock(folder, LOCK_EX) == 0 else { throw LMDBError(code: errno) }
        guard unsafe access(path, F_OK) != 0 else { return }
        let new = path + ".new"
        guard unsafe unlink(new) == 0 || errno == ENOENT else { throw LMDBError(code: errno) }
        try writeMetaPages(new, options)
        guard unsafe rename(new, path) == 0 else { throw LMDBError(code: errno) }
        guard options.durability == .relaxed || fsync(folder) == 0 else { throw LMDBError(code: errno) }
    }

    /// Makes a file of two meta pages, synced, which nobody else knows of yet.
    private static func writeMetaPages(_ path: String, _ options: Options) throws(LMDBError) {
        var created: OpaquePointer?
        unsafe try check(mdb_env_create(&created))
        guard let environment = unsafe created else { throw LMDBError(code: MDB_PANIC) }
        defer { unsafe mdb_env_close(environment) }
        unsafe try check(mdb_env_set_mapsize(environment, options.mapByteCount))
        unsafe try check(mdb_env_open(environment, path, UInt32(MDB_NOSUBDIR | MDB_NOLOCK), 0o600))
        if options.durability == .synced { unsafe try check(mdb_env_sync(environment, 1)) }
    }
}
