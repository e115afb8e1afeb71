internal import CSQLite

/// One connection to an SQLite file. It belongs to one thread at a time.
///
/// Invariants
/// 1. Nothing of the connection's SQL sees the clock, the time zone, another file or an extension.
/// 2. A statement is compiled only if ``authorizer`` allows all that it does; without one everything is allowed, so
///    statements of strangers are compiled under one.
/// 3. Texts in double quotes are names and never values, and statements cannot write to the schema's own tables.
@safe public final class Connection {
    /// How a file is opened.
    public enum Mode: Sendable {
        /// Reads and writes; a file that is not there is made, with what the process's umask leaves of 0644.
        case create
        /// Reads and writes a file that is there.
        case readWrite
        case readOnly
    }

    let pointer: OpaquePointer
    private let files: ClocklessFiles
    private let gate = Gate()

    /// Opens a file; `:memory:` is a database that goes with the connection.
    public init(at path: String, _ mode: Mode = .create) throws(SQLiteError) {
        // Process-wide and final: nobody in a process that uses this module wants another answer on another machine.
        _ = rapport_sqlite3_forbid_local_time()
        files = try ClocklessFiles()
        unsafe pointer = try Self.open(path, mode, files.text)
        let options: [(Int32, Int32)] = [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0), (SQLITE_DBCONFIG_DQS_DML, 0),
            (SQLITE_DBCONFIG_DQS_DDL, 0), (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
        ]
        for (option, value) in options { unsafe try check(rapport_sqlite3_configure(pointer, option, value)) }
        unsafe sqlite3_limit(pointer, SQLITE_LIMIT_ATTACHED, 0)
        unsafe sqlite3_limit(pointer, SQLITE_LIMIT_LENGTH, Self.valueByteCountMax)
        unsafe sqlite3_busy_timeout(pointer, Self.busyMilliseconds)
        let gate = unsafe Unmanaged.passUnretained(self.gate).toOpaque()
        unsafe try check(
            sqlite3_set_authorizer(
                pointer,
                { gate, code, first, second, _, _ in
                    guard let gate = unsafe gate else { return SQLITE_DENY }
                    let action = unsafe StatementAction(code: code, first, second)
                    let isAllowed = unsafe Unmanaged<Gate>.fromOpaque(gate).takeUnretainedValue().authorizer?(action)
                    return isAllowed ?? true ? SQLITE_OK : SQLITE_DENY
                }, gate))
        unsafe sqlite3_progress_handler(
            pointer, Self.stepCount,
            { gate in
                guard let gate = unsafe gate else { return 0 }
                return unsafe Unmanaged<Gate>.fromOpaque(gate).takeUnretainedValue().isStopped?() ?? false ? 1 : 0
            }, gate)
    }

    deinit { unsafe sqlite3_close_v2(pointer) }

    /// Steps of SQLite's machine between two questions whether to go on: some hundredths of a second.
    private static let stepCount: Int32 = 1_000_000
    /// Bytes of a text or a row at most.
    private static let valueByteCountMax: Int32 = 64 << 20
    /// How long a call waits for another connection's lock.
    private static let busyMilliseconds: Int32 = 5000

    private static func open(_ path: String, _ mode: Mode, _ files: String) throws(SQLiteError) -> OpaquePointer {
        let flags =
            switch mode {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readWrite: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_EXRESCODE, files)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            let error = unsafe SQLiteError(of: opened, code: code)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        return unsafe opened
    }

    /// Decides what the statements that are compiled from now on may do; `nil` allows everything.
    public var authorizer: ((StatementAction) -> Bool)? {
        get { gate.authorizer }
        set { gate.authorizer = newValue }
    }

    /// Asked every million steps of a statement whether it shall be broken off; `nil` lets all of them end. What is
    /// broken off throws an error that ``SQLiteError/isInterrupted``, and its transaction is rolled back.
    public var isStopped: (() -> Bool)? {
        get { gate.isStopped }
        set { gate.isStopped = newValue }
    }

    /// How often a statement has asked for the time of day, to which the answer is always NULL.
    public var clockLookCount: Int { files.lookCount }

    /// Rows that the newest statement inserted, changed or deleted.
    public var changeCount: Int { Int(unsafe sqlite3_changes64(pointer)) }

    /// Runs statements that answer nothing.
    public func execute(_ sql: String) throws(SQLiteError) {
        let code = unsafe sqlite3_exec(pointer, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw unsafe SQLiteError(of: pointer, code: code) }
    }

    /// Compiles one statement.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        guard let statement = try prepare(Array(sql.utf8), from: 0).statement else {
            throw SQLiteError(SQLITE_MISUSE, "there is no statement")
        }
        return statement
    }

    /// Compiles the first statement at or behind an offset. Returns where it ends, and `nil` for the statement where
    /// only space and comments are left.
    public func prepare(_ sql: [UInt8], from offset: Int) throws(SQLiteError) -> (statement: Statement?, end: Int) {
        var compiled: OpaquePointer?
        var end = sql.count
        let code = unsafe sql.withUnsafeBytes { bytes -> Int32 in
            guard let base = bytes.baseAddress else { return SQLITE_OK }
            let start = unsafe (base + offset).assumingMemoryBound(to: CChar.self)
            var tail: UnsafePointer<CChar>?
            let code = unsafe sqlite3_prepare_v2(pointer, start, Int32(sql.count - offset), &compiled, &tail)
            if let tail = unsafe tail { end = unsafe offset + (tail - start) }
            return code
        }
        guard code == SQLITE_OK else { throw unsafe SQLiteError(of: pointer, code: code) }
        return (unsafe compiled.map { unsafe Statement($0, self) }, end)
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw unsafe SQLiteError(of: pointer, code: code) }
    }
}

/// What the C callback reaches: the connection itself would not be ready when it is installed.
private final class Gate {
    var authorizer: ((StatementAction) -> Bool)?
    var isStopped: (() -> Bool)?
}
