internal import CLMDB
internal import Glibc

/// The one write transaction of an environment: it commits once, or not at all.
@safe public struct WriteTransaction: ~Copyable {
    private let pointer: OpaquePointer

    fileprivate init(_ environment: Environment) throws(LMDBError) {
        var begun: OpaquePointer?
        unsafe try check(mdb_txn_begin(environment.pointer, nil, 0, &begun))
        guard let begun = unsafe begun else { throw LMDBError(code: MDB_PANIC) }
        unsafe pointer = begun
    }

    fileprivate consuming func commit() throws(LMDBError) { unsafe try check(mdb_txn_commit(pointer)) }
    fileprivate consuming func abort() { unsafe mdb_txn_abort(pointer) }

    /// Writes a row at the right edge.
    ///
    /// - Throws: ``LMDBError/keyExists`` unless the key lies past every other of the database.
    public mutating func append(_ value: [UInt8], for key: [UInt8], to database: Database) throws(LMDBError) {
        try put(value.span, for: key.span, in: database, flags: UInt32(MDB_APPEND))
    }

    /// Writes a row, replacing the one that stands.
    public mutating func put(_ value: [UInt8], for key: [UInt8], in database: Database) throws(LMDBError) {
        try put(value.span, for: key.span, in: database, flags: 0)
    }

    /// Writes a row from where its bytes stand, replacing the one that stands.
    public mutating func put(
        _ value: Span<UInt8>, for key: Span<UInt8>, in database: Database
    ) throws(LMDBError) {
        try put(value, for: key, in: database, flags: 0)
    }

    private mutating func put(
        _ value: Span<UInt8>, for key: Span<UInt8>, in database: Database, flags: UInt32
    ) throws(LMDBError) {
        let code = unsafe key.withUnsafeBufferPointer { key in
            unsafe value.withUnsafeBufferPointer { value in
                var name = unsafe MDB_val(key)
                var data = unsafe MDB_val(value)
                return unsafe mdb_put(pointer, database.handle, &name, &data, flags)
            }
        }
        try check(code)
    }

    /// Deletes a row; `false` if there was none.
    @discardableResult
    public mutating func delete(_ key: [UInt8], in database: Database) throws(LMDBError) -> Bool {
        let code = unsafe key.withUnsafeBufferPointer { bytes in
            var name = unsafe MDB_val(bytes)
            return unsafe mdb_del(pointer, database.handle, &name, nil)
        }
        if code == MDB_NOTFOUND { return false }
        try check(code)
        return true
    }

    /// Deletes every row; the database stays open. Costs its pages, not its rows.
    public mutating func empty(_ database: Database) throws(LMDBError) {
        unsafe try check(mdb_drop(pointer, database.handle, 0))
    }

    /// A copy of the value of a key, as this transaction sees it; `nil` if there is none.
    public func value(of key: [UInt8], in database: Database) throws(LMDBError) -> [UInt8]? {
        unsafe try valueOf(key, in: database, pointer) { [UInt8]($0) }
    }

    /// Rows of a database, as this transaction sees it.
    public func rowCount(of database: Database) throws(LMDBError) -> Int {
        unsafe try rowCountOf(database, pointer)
    }

    /// Opens a cursor for the time of `body`.
    public func withCursor<Result, Failure: Error>(
        in database: Database, _ body: (inout Cursor) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var cursor = unsafe Cursor(database, pointer)
        return try body(&cursor)
    }
}

extension Environment {
    /// Runs `body` in the write transaction: commits when it returns, aborts when it throws.
    ///
    /// With ``Durability/synced`` the call returns after the disk has the commit. After an error from
    /// the commit itself nobody may assume either outcome (Rebello et al., ATC'20).
    public func write<Result>(
        _ body: (inout WriteTransaction) throws(LMDBError) -> Result
    ) throws(LMDBError) -> Result {
        var transaction = try WriteTransaction(self)
        let result: Result
        do throws(LMDBError) {
            result = try body(&transaction)
        } catch {
            transaction.abort()
            throw error
        }
        do throws(LMDBError) {
            try transaction.commit()
        } catch .other(code: EIO, _) where isOutOfSpace {
            // What LMDB calls a write that was cut short.
            throw .diskFull
        }
        fillLength()
        return result
    }

    /// Whether the file system has less left than a commit may need.
    private var isOutOfSpace: Bool {
        var file: mdb_filehandle_t = -1
        var status = statvfs()
        guard unsafe mdb_env_get_fd(pointer, &file) == 0, unsafe fstatvfs(file, &status) == 0 else { return false }
        return Int(status.f_bavail) * Int(status.f_frsize) < 1 << 20
    }
}
