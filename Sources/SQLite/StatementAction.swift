internal import CSQLite

/// What a statement wants to do, as SQLite's compiler asks its authorizer before the statement exists
/// (sqlite.org/c3ref/set_authorizer.html).
public enum StatementAction: Hashable, Sendable {
    /// A `SELECT` anywhere in it.
    case select
    /// A recursive common table expression.
    case recursive
    /// Reading a column of a table; the column is empty where none in particular is read.
    case read(table: String, column: String)
    case insert(table: String)
    case update(table: String)
    case delete(table: String)
    /// Calling a function, operators such as `->>` among them.
    case function(String)
    case createTable(String)
    case createIndex(table: String)
    case createView(String)
    /// Filling a new index.
    case reindex
    /// Anything else: the action code.
    case other(Int32)

    init(code: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?) {
        func text(_ pointer: UnsafePointer<CChar>?) -> String {
            unsafe pointer.map { unsafe String(cString: $0) } ?? ""
        }
        switch code {
        case SQLITE_SELECT: self = .select
        case SQLITE_RECURSIVE: self = .recursive
        case SQLITE_READ: self = unsafe .read(table: text(first), column: text(second))
        case SQLITE_INSERT: self = unsafe .insert(table: text(first))
        case SQLITE_UPDATE: self = unsafe .update(table: text(first))
        case SQLITE_DELETE: self = unsafe .delete(table: text(first))
        case SQLITE_FUNCTION: self = unsafe .function(text(second))
        case SQLITE_CREATE_TABLE: self = unsafe .createTable(text(first))
        case SQLITE_CREATE_INDEX: self = unsafe .createIndex(table: text(second))
        case SQLITE_CREATE_VIEW: self = unsafe .createView(text(first))
        case SQLITE_REINDEX: self = .reindex
        default: self = .other(code)
        }
    }
}
