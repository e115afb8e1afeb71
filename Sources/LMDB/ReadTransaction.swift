internal import CLMDB

/// One consistent snapshot of an environment.
///
/// It pins the pages it sees until it ends, so keep it short: copy out, then let go. It is not
/// `Sendable`, and must not be kept across an `await`.
@safe public final class ReadTransaction {
    private let environment: Environment
    private let pointer: OpaquePointer

    init(_ environment: Environment) throws(LMDBError) {
        var begun: OpaquePointer?
        unsafe try check(mdb_txn_begin(environment.pointer, nil, UInt32(MDB_RDONLY), &begun))
        guard let begun = unsafe begun else { throw LMDBError(code: MDB_PANIC) }
        self.environment = environment
        unsafe pointer = begun
    }

    deinit { unsafe mdb_txn_abort(pointer) }

    /// Hands the value of a key to `body`, in place; `nil` if there is none.
    public func withValue<Result>(
        of key: [UInt8], in database: Database, _ body: (Span<UInt8>) -> Result
    ) throws(LMDBError) -> Result? {
        unsafe try valueOf(key, in: database, pointer, pageByteCount: environment.pageByteCount, body)
    }

    /// A copy of the value of a key; `nil` if there is none.
    public func value(of key: [UInt8], in database: Database) throws(LMDBError) -> [UInt8]? {
        try withValue(of: key, in: database) { [UInt8]($0) }
    }

    /// Rows of a database.
    public func rowCount(of database: Database) throws(LMDBError) -> Int {
        unsafe try rowCountOf(database, pointer)
    }

    /// Hands copies of the rows to `body` in key order until it returns `false`. `from` includes.
    public func forEachRow(
        in database: Database, from start: [UInt8]? = nil, backward: Bool = false,
        _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
    ) throws(LMDBError) {
        try withCursor(in: database) { cursor throws(LMDBError) in
            var isOnRow =
                switch (backward, start) {
                case (false, let start?): try cursor.seek(atOrAfter: start)
                case (false, nil): try cursor.first()
                case (true, let start?): try cursor.seek(atOrBefore: start)
                case (true, nil): try cursor.last()
                }
            while isOnRow, body(cursor.key, cursor.value) {
                isOnRow = try backward ? cursor.previous() : cursor.next()
            }
        }
    }

    /// Opens a cursor for the time of `body`.
    public func withCursor<Result, Failure: Error>(
        in database: Database, _ body: (inout Cursor) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var cursor = unsafe Cursor(database, pointer, pageByteCount: environment.pageByteCount)
        return try body(&cursor)
    }
}

extension Environment {
    /// A snapshot that ends when its last reference goes.
    public func snapshot() throws(LMDBError) -> ReadTransaction { try ReadTransaction(self) }

    /// Runs `body` on a snapshot that ends with it.
    public func read<Result>(
        _ body: (ReadTransaction) throws(LMDBError) -> Result
    ) throws(LMDBError) -> Result {
        try body(ReadTransaction(self))
    }
}

/// - Parameter pageByteCount: bytes of a page, to check the row's length; `nil` in a write transaction, whose pages may
///   stand anywhere in memory.
func valueOf<Result>(
    _ key: [UInt8], in database: Database, _ transaction: OpaquePointer, pageByteCount: Int? = nil,
    _ body: (Span<UInt8>) -> Result
) throws(LMDBError) -> Result? {
    var value = unsafe MDB_val()
    let code = unsafe key.withUnsafeBufferPointer { bytes in
        var name = unsafe MDB_val(bytes)
        return unsafe mdb_get(transaction, database.handle, &name, &value)
    }
    if code == MDB_NOTFOUND { return nil }
    try check(code)
    if let pageByteCount, unsafe !value.isInside(pagesOf: pageByteCount) { throw .longRow }
    return unsafe body(value.bytes.span)
}

func rowCountOf(_ database: Database, _ transaction: OpaquePointer) throws(LMDBError) -> Int {
    var stat = MDB_stat()
    unsafe try check(mdb_stat(transaction, database.handle, &stat))
    return stat.ms_entries
}

extension MDB_val {
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe self.init(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: UnsafeRawPointer(bytes.baseAddress)))
    }

    var bytes: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: mv_data?.assumingMemoryBound(to: UInt8.self), count: mv_size)
    }
}

extension [UInt8] {
    /// A copy of a span.
    package init(_ span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
