internal import CLMDB
internal import Glibc

/// A place in a database, in key order. It lives no longer than the closure it is handed to.
@safe public struct Cursor: ~Copyable {
    private let pointer: OpaquePointer
    private let pageByteCount: Int?
    private var currentKey = unsafe MDB_val()
    private var currentValue = unsafe MDB_val()

    /// - Parameter pageByteCount: bytes of a page, to check the lengths of rows; `nil` in a write transaction, whose
    ///   pages may stand anywhere in memory.
    init(_ database: Database, _ transaction: OpaquePointer, pageByteCount: Int? = nil) {
        var opened: OpaquePointer?
        let code = unsafe mdb_cursor_open(transaction, database.handle, &opened)
        guard code == 0, let opened = unsafe opened else {
            preconditionFailure("a cursor opens on every valid database and transaction")
        }
        unsafe pointer = opened
        self.pageByteCount = pageByteCount
    }

    deinit { unsafe mdb_cursor_close(pointer) }

    /// Goes to the first row; `false` if the database is empty.
    public mutating func first() throws(LMDBError) -> Bool { try move(MDB_FIRST) }
    /// Goes to the last row; `false` if the database is empty.
    public mutating func last() throws(LMDBError) -> Bool { try move(MDB_LAST) }
    /// Goes to the next row; `false` at the end.
    public mutating func next() throws(LMDBError) -> Bool { try move(MDB_NEXT) }
    /// Goes to the row before; `false` at the start.
    public mutating func previous() throws(LMDBError) -> Bool { try move(MDB_PREV) }

    /// Goes to the first row whose key is the given one or greater; `false` if there is none.
    public mutating func seek(atOrAfter key: [UInt8]) throws(LMDBError) -> Bool {
        let code = unsafe key.withUnsafeBufferPointer { bytes in
            unsafe currentKey = MDB_val(bytes)
            return unsafe mdb_cursor_get(pointer, &currentKey, &currentValue, MDB_SET_RANGE)
        }
        return try found(code)
    }

    /// Goes to the last row whose key is the given one or smaller; `false` if there is none.
    public mutating func seek(atOrBefore key: [UInt8]) throws(LMDBError) -> Bool {
        guard try seek(atOrAfter: key) else { return try last() }
        return self.key == key ? true : try previous()
    }

    /// A copy of the key of the current row.
    public var key: [UInt8] { unsafe Array(currentKey.bytes) }
    /// A copy of the value of the current row.
    public var value: [UInt8] { unsafe Array(currentValue.bytes) }

    /// Hands key and value of the current row to `body`, in place.
    public func withRow<Result, Failure: Error>(
        _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(currentKey.bytes.span, currentValue.bytes.span)
    }

    /// Takes the pages that hold nothing but the current row's value out of this process's memory; the kernel keeps
    /// them as it sees fit, and finds them when they are read again. For who goes through much and reads it once.
    public func releaseRow() {
        let pageByteCount: UInt = 4096
        let start = unsafe UInt(bitPattern: currentValue.mv_data)
        let first = (start + pageByteCount - 1) & ~(pageByteCount - 1)
        let end = unsafe (start + UInt(currentValue.mv_size)) & ~(pageByteCount - 1)
        guard first < end else { return }
        unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_DONTNEED)
    }

    private mutating func move(_ operation: MDB_cursor_op) throws(LMDBError) -> Bool {
        let code = unsafe mdb_cursor_get(pointer, &currentKey, &currentValue, operation)
        return try found(code)
    }

    private func found(_ code: Int32) throws(LMDBError) -> Bool {
        if code == MDB_NOTFOUND { return false }
        try check(code)
        if let pageByteCount {
            let isInside = unsafe currentKey.isInside(pagesOf: pageByteCount)
            guard unsafe isInside && currentValue.isInside(pagesOf: pageByteCount) else { throw .longRow }
        }
        return true
    }
}
