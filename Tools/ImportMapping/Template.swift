/// A text with columns in it, such as `order-{customer_id}-{date|digits}-{#}`.
///
/// `{name}` is a column, or a text of the mapping's `let`; `{#}` is the occurrence number among equal events; filters
/// follow after bars. `{{` is a brace.
struct Template: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case text(String)
        case column(String, [TextFilter])
        case named(Template, [TextFilter])
        case occurrence
    }

    let parts: [Part]

    /// Every column that the template reads.
    var columns: Set<String> {
        parts.reduce(into: []) { found, part in
            switch part {
            case .text, .occurrence: break
            case .column(let name, _): found.insert(name)
            case .named(let template, _): found.formUnion(template.columns)
            }
        }
    }

    /// Whether the occurrence number stands in it.
    var usesOccurrence: Bool {
        parts.contains { part in
            switch part {
            case .occurrence: true
            case .named(let template, _): template.usesOccurrence
            case .text, .column: false
            }
        }
    }

    /// Reads a template; `named` are the texts of the mapping's `let`.
    init(parsing text: String, named: [String: Template] = [:], at path: String) throws(MappingError) {
        var parts: [Part] = []
        var literal = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "{" else {
                literal.append(character)
                continue
            }
            if rest.first == "{" {
                literal.append(rest.removeFirst())
                continue
            }
            guard let end = rest.firstIndex(of: "}") else {
                throw MappingError(path: path, problem: "an opening brace has no closing one")
            }
            if !literal.isEmpty { parts.append(.text(literal)) }
            literal = ""
            parts.append(try Self.part(rest[..<end], named: named, at: path))
            rest = rest[rest.index(after: end)...]
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
        self.parts = parts
    }

    private static func part(
        _ text: Substring, named: [String: Template], at path: String
    ) throws(MappingError) -> Part {
        if text == "#" { return .occurrence }
        let words = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        let name = words[0]
        guard !name.isEmpty else { throw MappingError(path: path, problem: "a pair of braces names no column") }
        var filters: [TextFilter] = []
        for word in words.dropFirst() { filters.append(try TextFilter(word, at: path)) }
        if let template = named[name] { return .named(template, filters) }
        return .column(name, filters)
    }

    /// The text for a row; `nil` when a column that it needs is empty.
    func render(_ row: Row) throws(RowError) -> String? {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .occurrence: result += String(row.occurrence)
            case .column(let name, let filters):
                guard let text = try TextFilter.apply(filters, to: row[name], of: name) else { return nil }
                result += text
            case .named(let template, let filters):
                let inner = try template.render(row) ?? ""
                guard let text = try TextFilter.apply(filters, to: inner, of: "let") else { return nil }
                result += text
            }
        }
        return result
    }
}

/// One row while it is mapped: its fields by column name, and the occurrence number of the event at hand.
struct Row: Sendable {
    let fields: [String]
    let columns: [String: Int]
    var occurrence = 0

    /// The field of a column; the mapper has checked that the header has it.
    subscript(column: String) -> String { columns[column].map { fields[$0] } ?? "" }
}
