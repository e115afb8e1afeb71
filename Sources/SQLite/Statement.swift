internal import CSQLite

/// A compiled statement: bind, run or step, and again. It belongs to its connection's thread.
@safe public final class Statement {
    /// What a column of the present row holds.
    public enum Value: Hashable, Sendable {
        case null
        case integer(Int64)
        case real(Double)
        case text(String)
        case blob([UInt8])
    }

    private let pointer: OpaquePointer
    private let connection: Connection

    init(_ pointer: OpaquePointer, _ connection: Connection) {
        unsafe self.pointer = pointer
        self.connection = connection
    }

    deinit { unsafe sqlite3_finalize(pointer) }

    /// The parameters in order, with their sign, such as `:position`; `nil` for one without a name.
    public var parameters: [String?] {
        let count = unsafe sqlite3_bind_parameter_count(pointer)
        return (0..<count).map { index in
            unsafe sqlite3_bind_parameter_name(pointer, index + 1).map { unsafe String(cString: $0) }
        }
    }

    /// The names of the columns that it answers.
    public var columns: [String] {
        let count = unsafe sqlite3_column_count(pointer)
        return (0..<count).map { index in
            unsafe sqlite3_column_name(pointer, index).map { unsafe String(cString: $0) } ?? ""
        }
    }

    /// Binds an integer to a parameter; parameters count from 1.
    public func bind(_ integer: Int64, at index: Int) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(pointer, Int32(index), integer))
    }

    /// Binds a text, which is copied.
    public func bind(_ text: String, at index: Int) throws(SQLiteError) {
        try check(unsafe rapport_sqlite3_bind_text(pointer, Int32(index), text, Int32(text.utf8.count)))
    }

    /// Binds a text by its UTF-8, which is copied.
    public func bind(utf8: [UInt8], at index: Int) throws(SQLiteError) {
        let code = unsafe utf8.withUnsafeBytes { bytes in
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            // An empty array may have no address, which SQLite would take for NULL.
            return unsafe rapport_sqlite3_bind_text(pointer, Int32(index), start, Int32(bytes.count))
        }
        try check(code)
        if utf8.isEmpty { try bind("", at: index) }
    }

    /// Binds NULL.
    public func bindNull(at index: Int) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_null(pointer, Int32(index)))
    }

    /// Goes to the next row; `false` at the end. ``reset()`` begins anew.
    public func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = unsafe SQLiteError(of: connection.pointer, code: code)
            unsafe sqlite3_reset(pointer)
            throw error
        }
    }

    /// Runs it to its end and makes it ready to run again.
    public func run() throws(SQLiteError) {
        while try step() {}
        reset()
    }

    /// Makes it ready to run again; what is bound stays.
    public func reset() { unsafe sqlite3_reset(pointer) }

    /// A column of the present row; columns count from 0.
    public subscript(column: Int) -> Value {
        let column = Int32(column)
        switch unsafe sqlite3_column_type(pointer, column) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(pointer, column))
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(pointer, column))
        case SQLITE_TEXT:
            let bytes = unsafe sqlite3_column_text(pointer, column)
            let count = Int(unsafe sqlite3_column_bytes(pointer, column))
            return .text(unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let bytes = unsafe sqlite3_column_blob(pointer, column)
            let count = Int(unsafe sqlite3_column_bytes(pointer, column))
            return .blob(unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        default: return .null
        }
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw unsafe SQLiteError(of: connection.pointer, code: code) }
    }
}

extension Statement.Value {
    /// The integer; `nil` for any other kind.
    public var integer: Int64? { if case .integer(let integer) = self { integer } else { nil } }
    /// The text; `nil` for any other kind.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
}
