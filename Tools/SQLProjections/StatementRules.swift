import SQLite

/// What the statements of a projection may do, as an authorizer for SQLite's compiler.
///
/// Both lists say what is allowed: what a later version of SQLite brings is refused until somebody has thought about
/// it. Functions are those that give the same answer for the same arguments on every machine; logarithms and powers
/// are missing, since their last bits differ between C libraries, and what depends on the connection's past
/// (`changes()`, `last_insert_rowid()`) is missing, since a resumed fold has another one.
struct StatementRules {
    enum Phase {
        /// Making tables, indexes and views, and rows to begin with.
        case tables
        /// Changing rows of these tables.
        ///
        /// - Parameter modules: the virtual tables that SQLite brings along.
        case rows(tables: Set<String>, modules: Set<String>)
    }

    let phase: Phase
    /// Why the newest statement was refused.
    private(set) var refusal: String?

    init(_ phase: Phase) { self.phase = phase }

    /// Names that begin like this belong to SQLite or to the fold.
    static func isReserved(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasPrefix("sqlite_") || name.hasPrefix("_fold") || name.hasPrefix("pragma_")
    }

    mutating func allows(_ action: StatementAction) -> Bool {
        let reason = Self.objection(to: action, phase)
        refusal = refusal ?? reason
        return reason == nil
    }

    private static func objection(to action: StatementAction, _ phase: Phase) -> String? {
        switch action {
        case .select, .recursive: nil
        case .function(let name):
            functions.contains(name.lowercased())
                ? nil : "the function '\(name)' is not among those that answer the same every time"
        case .read(let table, let column): objection(toReading: table, column, phase)
        case .insert(let table), .update(let table), .delete(let table): objection(toChanging: table, phase)
        case .createTable(let name), .createView(let name):
            switch phase {
            case .tables: isReserved(name) ? "the name '\(name)' is reserved" : nil
            case .rows: "tables are made under '-- tables' only"
            }
        case .createIndex, .reindex:
            if case .tables = phase { nil } else { "indexes are made under '-- tables' only" }
        case .other: "the statement does more than making tables and changing their rows"
        }
    }

    private static func objection(toReading table: String, _ column: String, _ phase: Phase) -> String? {
        if case .rows(let tables, let modules) = phase {
            if tables.contains(table.lowercased()) { return nil }
            // Of a query that only counts the rows of a common table expression, SQLite names the expression.
            if column.isEmpty, !isReserved(table), !modules.contains(table.lowercased()) { return nil }
        }
        if ["json_each", "json_tree"].contains(table.lowercased()) { return nil }
        // While tables are made, SQLite reads and writes the list of them itself.
        if case .tables = phase, table == "sqlite_master" || !isReserved(table) { return nil }
        return "the table '\(table)' is not one of the projection"
    }

    private static func objection(toChanging table: String, _ phase: Phase) -> String? {
        switch phase {
        case .tables: table == "sqlite_master" || !isReserved(table) ? nil : "the table '\(table)' is reserved"
        case .rows(let tables, _):
            tables.contains(table.lowercased()) ? nil : "the table '\(table)' is not one of the projection"
        }
    }

    private static let functions: Set<String> = [
        // Scalars.
        "->", "->>", "abs", "char", "coalesce", "concat", "concat_ws", "format", "glob", "hex", "ifnull", "iif",
        "instr", "length", "like", "lower", "ltrim", "max", "min", "nullif", "octet_length", "printf", "quote",
        "replace", "round", "rtrim", "sign", "substr", "substring", "trim", "typeof", "unhex", "unicode", "upper",
        "zeroblob", "ceil", "ceiling", "floor", "trunc", "mod",
        // Times: of what the event says. The clock behind 'now' is taken away (``SQLite/Connection``).
        "date", "datetime", "julianday", "strftime", "time", "timediff", "unixepoch",
        // JSON.
        "json", "json_array", "json_array_length", "json_error_position", "json_extract", "json_insert",
        "json_object", "json_patch", "json_quote", "json_remove", "json_replace", "json_set", "json_type",
        "json_valid",
        // Aggregates and windows.
        "avg", "count", "cume_dist", "dense_rank", "first_value", "group_concat", "json_group_array",
        "json_group_object", "lag", "last_value", "lead", "nth_value", "ntile", "percent_rank", "rank",
        "row_number", "string_agg", "sum", "total",
    ]
}
