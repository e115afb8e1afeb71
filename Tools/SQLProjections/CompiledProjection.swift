import EventModel
import SQLite

/// The statements of a projection, compiled under ``StatementRules`` for one connection.
struct CompiledProjection {
    /// A statement, and what to bind before it runs.
    struct Step {
        let line: Int
        let statement: Statement
        let parameters: [(index: Int, parameter: EventParameter)]
    }

    /// The steps of a type, in the order of the file.
    struct Steps {
        var steps: [Step] = []
        var needsDecoding = false

        mutating func append(_ more: [Step]) {
            steps += more
            needsDecoding = needsDecoding || more.contains { $0.parameters.contains { $0.parameter.needsDecoding } }
        }
    }

    private var byType: [String: Steps] = [:]
    /// The steps of types that no part of the file names.
    private var forOthers = Steps()

    /// Compiles what a projection does with events. Its tables must stand.
    init(_ projection: SQLProjection, on connection: Connection) throws(SQLProjectionError) {
        let phase = try storing { () throws(SQLiteError) in
            // SQLite makes these two when they are first used, as if the statement made tables.
            _ = try connection.prepare("SELECT 1 FROM json_each('[]'), json_tree('[]')")
            return StatementRules.Phase.rows(
                tables: try Self.names("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')", connection),
                modules: try Self.names("SELECT name FROM pragma_module_list", connection))
        }
        let named = projection.handlers.flatMap(\.types)
        for type in named { byType[type] = Steps() }
        for handler in projection.handlers {
            var steps: [Step] = []
            try Self.forEachStatement(handler.section, on: connection, phase) {
                statement, line throws(SQLProjectionError) in
                steps.append(try Self.step(statement, line))
            }
            for type in handler.types.isEmpty ? Array(byType.keys) : handler.types { byType[type]?.append(steps) }
            if handler.types.isEmpty { forOthers.append(steps) }
        }
    }

    /// Makes the tables of a projection.
    static func makeTables(of projection: SQLProjection, on connection: Connection) throws(SQLProjectionError) {
        try forEachStatement(projection.tables, on: connection, .tables) {
            statement, line throws(SQLProjectionError) in
            guard statement.parameters.isEmpty else {
                throw .refused(
                    line: line, "a statement under '-- tables' has a parameter, and no event to take it from")
            }
            do throws(SQLiteError) {
                try statement.run()
            } catch {
                throw error.isInterrupted ? .stopped : .sql(line: line, error.words)
            }
        }
        try checkDefaults(of: projection, on: connection)
    }

    /// What to do with an event of a type; `nil` for nothing.
    subscript(type: String) -> Steps? {
        let steps = byType[type] ?? forOthers
        return steps.steps.isEmpty ? nil : steps
    }

    private static func step(_ statement: Statement, _ line: Int) throws(SQLProjectionError) -> Step {
        var parameters: [(index: Int, parameter: EventParameter)] = []
        for (index, name) in statement.parameters.enumerated() {
            guard let name, name.hasPrefix(":"), let parameter = EventParameter(rawValue: String(name.dropFirst()))
            else { throw .refused(line: line, "there is no parameter '\(name ?? "?")'") }
            parameters.append((index + 1, parameter))
        }
        return Step(line: line, statement: statement, parameters: parameters)
    }

    private static func names(_ query: String, _ connection: Connection) throws(SQLiteError) -> Set<String> {
        let statement = try connection.prepare(query)
        var names: Set<String> = []
        while try statement.step() {
            if let name = statement[0].text, !StatementRules.isReserved(name) { names.insert(name.lowercased()) }
        }
        return names
    }

    /// Holds the defaults of columns to the rules too: SQLite does not ask its authorizer about them.
    private static func checkDefaults(
        of projection: SQLProjection, on connection: Connection
    ) throws(SQLProjectionError) {
        let defaults = try storing { () throws(SQLiteError) in
            let columns = try connection.prepare(
                """
                SELECT dflt_value FROM sqlite_master AS t, pragma_table_info(t.name) AS c
                WHERE t.type = 'table' AND dflt_value IS NOT NULL
                """)
            var defaults: [String] = []
            while try columns.step() { defaults += [columns[0].text].compactMap(\.self) }
            return defaults
        }
        for expression in defaults {
            let sql = Array("INSERT INTO x SELECT \(expression)".utf8)
            if let objection = StatementText.objection(to: sql[...], .tables) {
                throw .refused(line: projection.tables.line, objection)
            }
            var rules = StatementRules(.tables)
            connection.authorizer = { rules.allows($0) }
            defer { connection.authorizer = nil }
            _ = try? connection.prepare("SELECT \(expression)")
            if let refusal = rules.refusal { throw .refused(line: projection.tables.line, "in a default, " + refusal) }
        }
    }

    private static func forEachStatement(
        _ section: SQLProjection.Section, on connection: Connection, _ phase: StatementRules.Phase,
        _ body: (Statement, Int) throws(SQLProjectionError) -> Void
    ) throws(SQLProjectionError) {
        defer { connection.authorizer = nil }
        var offset = 0
        while true {
            let start = StatementText.start(in: section.sql, from: offset)
            guard start < section.sql.count else { return }
            let line = section.line + section.sql[..<start].count { $0 == UInt8(ascii: "\n") }
            var rules = StatementRules(phase)
            connection.authorizer = { rules.allows($0) }
            let statement: Statement?
            do throws(SQLiteError) {
                (statement, offset) = try connection.prepare(section.sql, from: start)
            } catch {
                throw rules.refusal.map { .refused(line: line, $0) } ?? .sql(line: line, error.words)
            }
            connection.authorizer = nil
            guard let statement else { continue }
            if let objection = StatementText.objection(to: section.sql[start..<offset], phase) {
                throw .refused(line: line, objection)
            }
            try body(statement, line)
        }
    }
}
