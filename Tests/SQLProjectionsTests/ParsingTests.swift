import SQLProjections
import Testing

@Suite struct `A projection's file` {
    @Test func `is read whatever its comments say`() throws {
        let found = try projection(
            """
            -- projection: deals-2
            --   any text
            -- version:  12

            -- tables
            CREATE TABLE deals (id TEXT);
            -- on opportunity.won, x_acme.signed
            INSERT INTO deals VALUES (:stream);
            """)
        #expect(found.name == "deals-2")
        #expect(found.version == 12)
        try SQLFold.check(found)
    }

    @Test(arguments: ["\r\n", "\n"], ["", "\u{FEFF}"])
    func `is read whatever program wrote its lines`(end: String, mark: String) throws {
        let lines = [
            "-- projection: p", "-- version: 1", "-- tables", "CREATE TABLE t (a);", "-- on order.placed",
            "INSERT INTO t VALUES (1); -- on average one", "  -- on t.id", "  -- version: 2 keeps it",
            "-- on order.approved", "INSERT INTO t VALUES (2);", "",
        ]
        let found = try projection(mark + lines.joined(separator: end))
        #expect(found.name == "p" && found.version == 1)
        try SQLFold.check(found)
        // A file of two programs is that of one.
        #expect(throws: Never.self) { try SQLFold.check(projection(lines.joined(separator: "\n") + "\r\n")) }
    }

    @Test func `may count the rows of a common table expression, and of nothing that SQLite brings along`() throws {
        func check(_ sql: String) throws { try SQLFold.check(projection(Self.tables + "-- on *\n" + sql)) }
        try check("WITH c AS (SELECT 1 AS x) INSERT INTO t SELECT count(*), 1 FROM c;")
        for table in ["pragma_module_list", "sqlite_master", "_fold"] {
            #expect(throws: SQLProjectionError.self) { try check("INSERT INTO t SELECT count(*), 1 FROM \(table);") }
        }
    }

    @Test func `is refused when its rows to begin with never end`() throws {
        let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x), 1 FROM c"
        let text = Self.tables + "INSERT INTO t \(endless);\n-- on *\nDELETE FROM t;\n"
        let error = #expect(throws: SQLProjectionError.self) { try SQLFold.check(projection(text)) }
        #expect(try #require(error).description.contains("take more than a hundred million steps"))
    }

    private static let tables = "-- projection: p\n-- version: 1\n-- tables\nCREATE TABLE t (a, b);\n"

    @Test(arguments: [
        ("-- version: 1\n-- tables\n-- on *\n", 1, "'-- projection: NAME' is missing"),
        ("-- projection: p\n-- tables\n-- on *\n", 1, "'-- version: NUMBER' is missing"),
        ("-- projection: p\n-- version: 0\n-- tables\n-- on *\n", 2, "the version is not a number from 1"),
        ("-- projection: P p\n-- version: 1\n-- tables\n-- on *\n", 1, "the name is not of the form"),
        ("-- projection: p\n-- version: 1\n-- on *\n", 1, "the part '-- tables' is missing"),
        ("-- projection: p\n-- version: 1\n-- time zone: Mars/Phobos\n", 3, "the time zone is none"),
        ("-- projection: p\n-- time zone: UTC\n-- time zone: UTC\n", 3, "the time zone stands twice"),
        (tables, 1, "there is no part '-- on TYPE'"),
        ("-- projection: p\nCREATE TABLE t (a);\n", 2, "a statement stands before '-- tables'"),
        (tables + "-- tables\n", 5, "'-- tables' stands twice"),
        (tables + "-- on order.placd\n", 5, "there is no type of event 'order.placd'"),
        (tables + "-- on order.placed,\n", 5, "there is no type of event ''"),
        (tables + "-- time zone: UTC\n-- on *\n", 5, "the time zone stands twice, or behind '-- tables'"),
        // What is nearly a part would run its statements for the events of the part before.
        (tables + "-- on order.placed\n--on order.approved\n", 6, "'-- on' counts only at the beginning"),
        (tables + "-- on order.placed\n  -- on order.approved, x_a.b\n", 6, "'-- on' counts only at the beginning"),
        (tables + "-- on order.placed\n--  On *\n", 6, "'-- on' counts only at the beginning"),
        (tables + "-- on order.placed\n-- on: order.approved\n", 6, "'-- on' counts only at the beginning"),
        (tables + "-- on order.placed\n--on order.approved -- why\n", 6, "'-- on' counts only at the beginning"),
        ("-- projection: p\n--version: 1\n", 2, "'-- version:' counts only at the beginning"),
        ("-- projection: p\n--  time zone: Asia/Tokyo\n", 2, "'-- time zone:' counts only at the beginning"),
        ("-- projection: p\n-- version: 1\n --tables\n", 3, "'-- tables' counts only at the beginning"),
        (tables + "\0\n-- on order.placed\nDELETE FROM t;\n", 5, "there is a NUL byte"),
    ])
    func `is refused with the line to look at`(text: String, line: Int, words: String) throws {
        let error = #expect(throws: SQLProjectionError.self) { try projection(text) }
        let sentences = try #require(error).description
        #expect(sentences.hasPrefix("line \(line): "), "\(sentences)")
        #expect(sentences.contains(words), "\(sentences)")
    }

    @Test func `is told which types there are`() throws {
        let error = #expect(throws: SQLProjectionError.self) { try projection(Self.tables + "-- on order.placd\n") }
        #expect(try #require(error).description.contains("order.placed, order.approved"))
    }

    @Test(arguments: [
        ("INSERT INTO t VALUES (random(), 1)", "the function 'random'"),
        ("INSERT INTO t VALUES (hex(randomblob(4)), 1)", "the function 'randomblob'"),
        ("INSERT INTO t VALUES (date('now'), 1)", "'now' is the clock"),
        ("INSERT INTO t VALUES (datetime(:time / 1000, 'unixepoch', 'localtime'), 1)", "'localtime' is the time zone"),
        ("INSERT INTO t VALUES (CURRENT_TIMESTAMP, 1)", "the function 'current_timestamp'"),
        ("INSERT INTO t VALUES (changes(), last_insert_rowid())", "the function '"),
        ("INSERT INTO t VALUES (exp(1), 1)", "the function 'exp'"),
        ("INSERT INTO t VALUES (load_extension('x'), 1)", "the function 'load_extension'"),
        ("INSERT INTO t VALUES (sqlite_version(), 1)", "the function 'sqlite_version'"),
        ("ATTACH 'other.db' AS other", "the statement does more than"),
        ("PRAGMA user_version = 7", "the statement does more than"),
        ("VACUUM INTO 'copy.db'", "a statement here begins with"),
        ("DROP TABLE t", "is not one of the projection"),
        ("CREATE TABLE u (a)", "is not one of the projection"),
        ("ALTER TABLE t ADD COLUMN c", "the statement does more than"),
        ("BEGIN", "the statement does more than"),
        ("COMMIT", "the statement does more than"),
        ("SELECT a FROM t", "a statement here begins with"),
        ("INSERT INTO t SELECT name, 1 FROM sqlite_master", "the table 'sqlite_master'"),
        ("INSERT INTO t SELECT name, 1 FROM pragma_table_info('t')", "the table 'pragma_table_info'"),
        ("UPDATE _fold SET next_position = 0", "the table '_fold'"),
        ("INSERT INTO t SELECT version, 1 FROM _fold", "the table '_fold'"),
        ("INSERT INTO t VALUES (?, 1)", "there is no parameter '?'"),
        ("INSERT INTO t VALUES (:customer, 1)", "there is no parameter ':customer'"),
        ("INSERT INTO t VALUES (@time, 1)", "there is no parameter '@time'"),
        ("INSERT INTO t VALUES (\"a text\", 1)", "SQLite answered: "),
        ("INSERT INTO u VALUES (1)", "SQLite answered: no such table: u"),
        ("INSRT INTO t", "SQLite answered: near \"INSRT\""),
    ])
    func `holds no statement that reaches out or gives other rows the next time`(sql: String, words: String) throws {
        let text = Self.tables + "-- on order.placed\nUPDATE t SET a = 1;\n\n/* why */ -- and how\n\(sql);\n"
        let error = #expect(throws: SQLProjectionError.self) { try SQLFold.check(projection(text)) }
        let sentences = try #require(error).description
        #expect(sentences.contains(words), "\(sentences)")
        #expect(sentences.hasPrefix("line 9: "), "\(sentences)")
    }

    @Test(arguments: [
        ("CREATE TEMP TABLE u (a)", "'sqlite_temp_master' is reserved"),
        ("CREATE TABLE temp.u (a)", "'sqlite_temp_master' is reserved"),
        ("CREATE VIRTUAL TABLE u USING fts5(a)", "the statement does more than"),
        ("CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END", "the statement does more than"),
        ("CREATE TABLE _fold (a)", "the name '_fold' is reserved"),
        ("CREATE TABLE u AS SELECT random() AS a", "the function 'random'"),
        ("PRAGMA journal_mode = OFF", "the statement does more than"),
        ("INSERT INTO t VALUES (:time, 1)", "has a parameter"),
        ("DROP TABLE t", "the statement does more than"),
    ])
    func `makes tables, indexes and views, and nothing else`(sql: String, words: String) throws {
        let text = Self.tables + "\(sql);\n-- on order.placed\nUPDATE t SET a = 1;\n"
        let error = #expect(throws: SQLProjectionError.self) { try SQLFold.check(projection(text)) }
        let sentences = try #require(error).description
        #expect(sentences.contains(words), "\(sentences)")
        #expect(sentences.hasPrefix("line 5: "), "\(sentences)")
    }

    @Test(arguments: ["(random())", "CURRENT_TIMESTAMP", "(date('now'))", "(1 + abs(random()))"])
    func `is refused for a default that differs every time`(expression: String) throws {
        let text = """
            -- projection: p
            -- version: 1
            -- tables
            CREATE TABLE t (a DEFAULT 'fine', b DEFAULT \(expression));
            -- on order.placed
            INSERT INTO t (a) VALUES (1);
            """
        #expect(throws: SQLProjectionError.self) { try SQLFold.check(projection(text)) }
    }

    @Test func `may seed rows, index them, and use JSON, windows and times of the event`() throws {
        try SQLFold.check(
            projection(
                """
                -- projection: p
                -- version: 1
                -- tables
                CREATE TABLE t (a, b, c);
                CREATE UNIQUE INDEX t_a ON t (a);
                CREATE VIEW recent AS SELECT * FROM t WHERE b > date('now');
                INSERT INTO t VALUES (1, 2, 'it''s; fine');
                -- on order.placed
                WITH lines AS (SELECT value ->> 'product_id' AS product FROM json_each(:data, '$.lines'))
                INSERT OR REPLACE INTO t
                SELECT product, row_number() OVER (ORDER BY product), strftime('%W', :time / 1000, 'unixepoch')
                FROM lines;
                DELETE FROM t WHERE a = (SELECT max(a) FROM t);
                REPLACE INTO t VALUES (:reason, :meta, json_extract(:data, '$.total'))
                """))
    }
}
