internal import CanonicalJSON
internal import DurableFiles
internal import SQLite

/// An SQLite file on its way, in one transaction under a temporary name.
final class SQLiteFile {
    private let path: String
    private let connection: Connection
    private let insert: Statement
    private var rowCount = 0
    private var isFinished = false

    /// Columns of a table at most (`SQLITE_MAX_COLUMN`).
    static let columnCountMax = 2000

    init(
        _ path: String, _ stamp: JSON.Members, _ columns: Columns, table: String
    ) throws(ViewExportError) {
        guard columns.names.count <= Self.columnCountMax else {
            throw .tooManyColumns(count: columns.names.count, max: Self.columnCountMax)
        }
        self.path = path
        do throws(FileError) {
            try DurableFiles.remove(path + Self.ending)
            try DurableFiles.makeFile(path + Self.ending)
        } catch {
            throw .storage(error.description)
        }
        do throws(SQLiteError) {
            connection = try Connection(at: path + Self.ending, .readWrite)
            // Nobody knows the file yet: it is synced as a whole when it gets its name.
            try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
            try connection.execute("CREATE TABLE _export (name TEXT PRIMARY KEY, value) WITHOUT ROWID")
            let entry = try connection.prepare("INSERT INTO _export VALUES (?, ?)")
            for (name, value) in stamp.sorted(by: { $0.key < $1.key }) {
                try entry.bind(name, at: 1)
                try Self.bind(value, to: entry, at: 2)
                try entry.run()
            }
            let names = columns.names.isEmpty ? ["nothing"] : Self.distinct(columns.names)
            let table = Self.quoted(table.replacing("-", with: "_"))
            try connection.execute("CREATE TABLE \(table) (\(names.map(Self.quoted).joined(separator: ", ")))")
            let places = Array(repeating: "?", count: names.count).joined(separator: ", ")
            insert = try connection.prepare("INSERT INTO \(table) VALUES (\(places))")
        } catch {
            throw .storage(error.description)
        }
    }

    deinit {
        if !isFinished { try? DurableFiles.remove(path + Self.ending) }
    }

    private static let ending = ViewExport.temporaryEnding

    func write(_ values: [JSON]) throws(ViewExportError) {
        rowCount += 1
        do throws(SQLiteError) {
            for (place, value) in values.enumerated() { try Self.bind(value, to: insert, at: place + 1) }
            try insert.run()
        } catch {
            throw .storage(error.description)
        }
    }

    func finish() throws(ViewExportError) -> Int {
        do throws(SQLiteError) { try connection.execute("COMMIT") } catch { throw .storage(error.description) }
        do throws(FileError) {
            try DurableFiles.move(path + Self.ending, to: path)
            isFinished = true
        } catch {
            throw .storage(error.description)
        }
        return rowCount
    }

    private static func bind(_ value: JSON, to statement: Statement, at index: Int) throws(SQLiteError) {
        switch value {
        case .null: try statement.bindNull(at: index)
        case .integer(let integer): try statement.bind(integer, at: index)
        case .boolean(let boolean): try statement.bind(boolean ? 1 : 0, at: index)
        case .text(let text): try statement.bind(text, at: index)
        case .array, .object: try statement.bind(value.canonicalText, at: index)
        }
    }

    /// SQLite takes names that differ in case alone for the same: the second gets a number.
    static func distinct(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            var (candidate, number) = (name, 1)
            while !taken.insert(candidate.lowercased()).inserted {
                number += 1
                candidate = "\(name)_\(number)"
            }
            return candidate
        }
    }

    private static func quoted(_ name: String) -> String {
        "\"\(name.replacing("\u{0}", with: "").replacing("\"", with: "\"\""))\""
    }
}
