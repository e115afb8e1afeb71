import SQLite
import Testing

@Suite struct `A connection` {
    private func memory() throws -> Connection { try Connection(at: ":memory:") }

    /// The only value of the only row that a query answers.
    private func value(_ sql: String, _ connection: Connection) throws -> Statement.Value {
        let statement = try connection.prepare(sql)
        #expect(try statement.step())
        return statement[0]
    }

    @Test func `gives back every kind of value as it was bound`() throws {
        let connection = try memory()
        try connection.execute("CREATE TABLE t (a, b, c, d, e)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?, ?, :c, ?, x'0001ff')")
        #expect(insert.parameters == [nil, nil, ":c", nil])
        try insert.bind(.min, at: 1)
        try insert.bind("北京\u{0}end", at: 2)
        try insert.bind(utf8: [], at: 3)
        try insert.bindNull(at: 4)
        try insert.run()
        #expect(connection.changeCount == 1)
        let row = try connection.prepare("SELECT a, b, c, d, e, 1.5 AS f FROM t")
        #expect(row.columns == ["a", "b", "c", "d", "e", "f"])
        #expect(try row.step())
        #expect(
            (0..<6).map { row[$0] } == [
                .integer(.min), .text("北京\u{0}end"), .text(""), .null, .blob([0, 1, 0xFF]), .real(1.5),
            ])
        #expect(try !row.step())
    }

    @Test func `compiles one statement after the other from a text`() throws {
        let connection = try memory()
        let sql = Array("SELECT 1; -- a comment\n SELECT 'a;b' ; \n -- the end".utf8)
        var (found, offset): ([Statement.Value], Int) = ([], 0)
        while true {
            let (statement, end) = try connection.prepare(sql, from: offset)
            guard let statement else { break }
            #expect(try statement.step())
            found.append(statement[0])
            offset = end
        }
        #expect(found == [.integer(1), .text("a;b")])
    }

    @Test(arguments: [
        "date('now')", "datetime('now', '+1 day')", "julianday()", "strftime('%s')", "CURRENT_TIMESTAMP",
        "CURRENT_DATE",
        "unixepoch('n' || 'ow')",
    ])
    func `has no clock`(expression: String) throws {
        let connection = try memory()
        #expect(try value("SELECT \(expression)", connection) == .null)
        #expect(connection.clockLookCount > 0)
    }

    @Test func `computes with times that are given`() throws {
        let connection = try memory()
        // 1767607800 is 2026-01-05T10:10:00Z: Monday of ISO week 2.
        #expect(
            try value("SELECT strftime('%Y-%m-%d %H %w', 1767607800, 'unixepoch')", connection)
                == .text("2026-01-05 10 1"))
        #expect(connection.clockLookCount == 0)
    }

    @Test(arguments: ["'localtime'", "'local' || 'time'", "'utc'"])
    func `has no time zone`(modifier: String) throws {
        let connection = try memory()
        #expect(throws: SQLiteError.self) {
            try value("SELECT datetime(1767607800, 'unixepoch', \(modifier))", connection)
        }
    }

    @Test func `reaches no other file and no library`() throws {
        try withTemporaryDirectory { directory in
            let connection = try Connection(at: directory + "/a.db")
            #expect(throws: SQLiteError.self) { try connection.execute("ATTACH '\(directory)/b.db' AS b") }
            #expect(throws: SQLiteError.self) { try connection.execute("SELECT load_extension('libc.so.6')") }
            try connection.execute("CREATE TABLE t (a); PRAGMA writable_schema = 1")
            #expect(throws: SQLiteError.self) { try connection.execute("UPDATE sqlite_master SET sql = ''") }
        }
    }

    @Test func `takes a text in double quotes for a name`() throws {
        let connection = try memory()
        #expect(throws: SQLiteError.self) { try connection.prepare("SELECT \"nothing has this name\"") }
    }

    @Test func `compiles only what its authorizer allows`() throws {
        let connection = try memory()
        try connection.execute("CREATE TABLE t (a, b)")
        var asked: Set<StatementAction> = []
        connection.authorizer = { action in
            asked.insert(action)
            return action != .function("upper")
        }
        _ = try connection.prepare("UPDATE t SET a = lower(b)")
        #expect(asked == [.update(table: "t"), .read(table: "t", column: "b"), .function("lower")])
        let error = #expect(throws: SQLiteError.self) { try connection.prepare("SELECT upper(a) FROM t") }
        #expect(error?.words == "not authorized to use function: upper")
        connection.authorizer = nil
        _ = try connection.prepare("SELECT upper(a) FROM t")
    }

    @Test func `gives up what was not committed when it goes away`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/rows.db"
            do {
                let connection = try Connection(at: path)
                try connection.execute("CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1)")
            }
            let connection = try Connection(at: path, .readOnly)
            #expect(try value("SELECT count(*) FROM t", connection) == .integer(0))
            #expect(throws: SQLiteError.self) { try connection.execute("INSERT INTO t VALUES (1)") }
        }
    }

    @Test func `says what it is that cannot be opened`() throws {
        try withTemporaryDirectory { directory in
            #expect(throws: SQLiteError.self) { try Connection(at: directory + "/nowhere.db", .readWrite) }
            let connection = try Connection(at: #filePath, .readOnly)
            let error = #expect(throws: SQLiteError.self) { try connection.execute("SELECT * FROM sqlite_master") }
            #expect(error?.isNotADatabase == true)
        }
    }
}
