internal import CSQLite

/// The system's files without the system's clock: a copy of SQLite's default VFS that does not tell the time.
///
/// `date('now')` and its relatives then answer NULL, and the look is counted, so that the caller can refuse what
/// would be another answer on every run. SQLite asks its VFS for the time for nothing else.
@safe final class ClocklessFiles {
    private let memory: UnsafeMutableRawPointer
    private let name: UnsafeMutablePointer<CChar>

    private static let countOffset = unsafe MemoryLayout<sqlite3_vfs>.stride

    /// Registers the copy under a name of its own.
    init() throws(SQLiteError) {
        guard let system = unsafe sqlite3_vfs_find(nil) else { throw SQLiteError(SQLITE_ERROR, "no VFS") }
        unsafe memory = .allocate(byteCount: Self.countOffset + MemoryLayout<Int>.size, alignment: 16)
        let text = Array("rapport-\(unsafe UInt(bitPattern: memory))".utf8CString)
        unsafe name = .allocate(capacity: text.count)
        unsafe name.initialize(from: text, count: text.count)
        var copy = unsafe system.pointee
        unsafe copy.zName = unsafe UnsafePointer(name)
        unsafe copy.pNext = nil
        unsafe copy.xCurrentTimeInt64 = { files, _ in unsafe ClocklessFiles.refuse(files) }
        unsafe copy.xCurrentTime = { files, _ in unsafe ClocklessFiles.refuse(files) }
        unsafe memory.initializeMemory(as: sqlite3_vfs.self, to: copy)
        unsafe (memory + Self.countOffset).initializeMemory(as: Int.self, to: 0)
        let code = unsafe sqlite3_vfs_register(pointer, 0)
        guard code == SQLITE_OK else { throw SQLiteError(code, "the VFS was not registered") }
    }

    deinit {
        unsafe sqlite3_vfs_unregister(pointer)
        unsafe memory.deallocate()
        unsafe name.deallocate()
    }

    /// The name to open files under.
    var text: String { unsafe String(cString: name) }

    /// How often somebody asked for the time.
    var lookCount: Int { unsafe (memory + Self.countOffset).assumingMemoryBound(to: Int.self).pointee }

    private var pointer: UnsafeMutablePointer<sqlite3_vfs> {
        unsafe memory.assumingMemoryBound(to: sqlite3_vfs.self)
    }

    private static func refuse(_ files: UnsafeMutablePointer<sqlite3_vfs>?) -> Int32 {
        guard let files = unsafe files else { return SQLITE_ERROR }
        let place = unsafe UnsafeMutableRawPointer(files) + countOffset
        unsafe place.assumingMemoryBound(to: Int.self).pointee += 1
        return SQLITE_ERROR
    }
}
