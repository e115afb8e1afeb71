import CanonicalJSON
import EventModel

/// How one value of an event's data is made of a row.
indirect enum ValueSpec: Sendable {
    case constant(JSON)
    case text(Template, lookup: [String: String]?, WhenEmpty)
    case integer(column: String, scale: Int64, WhenEmpty)
    case milliseconds(Moment, WhenEmpty)
    case day(column: String, WhenEmpty)
    case boolean(column: String, true: [String], false: [String], WhenEmpty)
    case object([(name: String, value: ValueSpec)])
    case list([ValueSpec])

    /// What happens when the column is empty.
    enum WhenEmpty: Sendable {
        case refuse
        case omit
        case value(JSON)
    }

    /// The words that make an object a description of a value; an object without any of them is an object of values.
    static let keywords: Set<String> = ["column", "text", "integer", "date_ms", "day", "boolean", "object"]

    /// Every column that the value reads.
    var columns: Set<String> {
        switch self {
        case .constant: []
        case .text(let template, _, _): template.columns
        case .integer(let column, _, _), .day(let column, _), .boolean(let column, _, _, _): [column]
        case .milliseconds(let moment, _): Set(moment.column.map { [$0] } ?? [])
        case .object(let members): members.reduce(into: []) { $0.formUnion($1.value.columns) }
        case .list(let elements): elements.reduce(into: []) { $0.formUnion($1.columns) }
        }
    }

    /// Whether an occurrence number stands anywhere in it.
    var usesOccurrence: Bool {
        switch self {
        case .text(let template, _, _): template.usesOccurrence
        case .object(let members): members.contains { $0.value.usesOccurrence }
        case .list(let elements): elements.contains { $0.usesOccurrence }
        case .constant, .integer, .milliseconds, .day, .boolean: false
        }
    }

    /// The value for a row; `nil` when it is left out.
    func render(_ row: Row) throws(RowError) -> JSON? {
        switch self {
        case .constant(let json): return json
        case .text(let template, let lookup, let empty):
            guard let text = try template.render(row) else { return try empty.value(of: template.name) }
            guard let lookup else { return .text(text) }
            guard let found = lookup[text] ?? lookup["*"] else {
                throw RowError(column: template.name, problem: .notInLookup)
            }
            return .text(found)
        case .integer(let column, let scale, let empty):
            guard !row[column].isEmpty else { return try empty.value(of: column) }
            return .integer(try Self.scaled(row[column], by: scale, of: column))
        case .milliseconds(let moment, let empty):
            guard let time = try moment.render(row) else { return try empty.value(of: moment.column ?? "") }
            return .integer(time.milliseconds)
        case .day(let column, let empty):
            guard !row[column].isEmpty else { return try empty.value(of: column) }
            guard let day = CivilDay(row[column]) else {
                throw RowError(column: column, problem: .notATime(format: "date"))
            }
            return .text(day.description)
        case .boolean(let column, let yes, let no, let empty):
            guard !row[column].isEmpty else { return try empty.value(of: column) }
            guard yes.contains(row[column]) || no.contains(row[column]) else {
                throw RowError(column: column, problem: .notABoolean)
            }
            return .boolean(yes.contains(row[column]))
        case .object(let members):
            var object: JSON.Members = [:]
            for (name, spec) in members { object[name] = try spec.render(row) }
            return .object(object)
        case .list(let elements):
            var list: [JSON] = []
            for spec in elements { if let value = try spec.render(row) { list.append(value) } }
            return .array(list)
        }
    }

    private static func scaled(_ text: String, by scale: Int64, of column: String) throws(RowError) -> Int64 {
        do throws(Decimals.Refusal) {
            return try Decimals.scaled(text, by: scale)
        } catch {
            switch error {
            case .notADecimal: throw RowError(column: column, problem: .notADecimal)
            case .notExact: throw RowError(column: column, problem: .notExact(scale: scale))
            case .outOfRange: throw RowError(column: column, problem: .outOfRange)
            }
        }
    }
}

extension ValueSpec.WhenEmpty {
    func value(of column: String) throws(RowError) -> JSON? {
        switch self {
        case .refuse: throw RowError(column: column, problem: .empty)
        case .omit: nil
        case .value(let json): json
        }
    }
}

extension Template {
    /// How an error names it: its columns.
    var name: String { columns.sorted().joined(separator: ", ") }
}
