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
        let tables = try Self.tableNames(on: connection)
        let named = projection.handlers.flatMap(\.types)
        for type in named { byType[type] = Steps() }
        for handler in projection.handlers {
            var steps: [Step] = []
            try Self.forEachStatement(handler.section, on: connection, .rows(tables: tables)) {
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
                throw .refused(line: line, "a statement under '-- tables' has a parameter, and no event to take it from")
            }
            do throws(SQLiteError) { try statement.run() } catch { throw .sql(line: line, error.words) }
        }
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

    private static func tableNames(on connection: Connection) throws(SQLProjectionError) -> Set<String> {
        do throws(SQLiteError) {
            let statement = try connection.prepare("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
            var names: Set<String> = []
            while try statement.step() {
                if let name = statement[0].text, !StatementRules.isReserved(name) { names.insert(name.lowercased()) }
            }
            return names
        } catch {
            throw .storage(error.description)
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
                throw error.isRefused ? .refused(line: line, rules.refusal ?? error.words) : .sql(line: line, error.words)
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
