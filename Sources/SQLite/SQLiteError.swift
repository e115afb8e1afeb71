internal import CSQLite

/// What SQLite answered when a call failed.
public struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The primary result code, such as 5 for `SQLITE_BUSY`.
    public let code: Int32
    /// SQLite's own words.
    public let words: String

    /// Whether another connection holds the file.
    public var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_LOCKED }
    /// Whether ``Connection/isStopped`` broke the statement off.
    public var isInterrupted: Bool { code == SQLITE_INTERRUPT }
    /// Whether the file cannot be opened.
    public var isUnreachable: Bool { code == SQLITE_CANTOPEN }
    /// Whether the file is no SQLite database.
    public var isNotADatabase: Bool { code == SQLITE_NOTADB }

    public var description: String { "\(words) (SQLite \(code))" }

    init(_ code: Int32, _ words: String) {
        self.code = code & 0xFF
        self.words = words
    }

    /// The newest error of a connection.
    init(of connection: OpaquePointer?, code: Int32) {
        let words = unsafe connection.map { unsafe sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        self.init(code, unsafe words.map { unsafe String(cString: $0) } ?? "no words")
    }
}
