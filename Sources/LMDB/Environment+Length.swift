internal import CLMDB
internal import Glibc
internal import Synchronization

/// How long the file is: as long as its pages say, and grown before they need it.
extension Environment {
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

    /// Refuses a file that ends before its last page: reading a page past the end would end the process (`SIGBUS`).
    ///
    /// A relaxed environment may have been stopped between a commit and ``fillLength()``: its file is filled up, and
    /// a page that is really gone answers as damaged when it is read.
    static func checkLength(_ environment: OpaquePointer, _ options: Options) throws(LMDBError) {
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
}
