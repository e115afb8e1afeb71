import CanonicalJSON

extension ValueSpec {
    /// Reads the description of a value.
    ///
    /// A text is a template; an integer, a Boolean or null is itself; a list is a list; an object with one of the
    /// ``keywords`` describes a value, and any other object is an object of values.
    init(_ json: JSON, named: [String: Template], at path: String) throws(MappingError) {
        switch json {
        case .null, .boolean, .integer: self = .constant(json)
        case .text(let text):
            self = .text(try Template(parsing: text, named: named, at: path), lookup: nil, .refuse)
        case .array(let elements):
            var specs: [ValueSpec] = []
            for (index, element) in elements.enumerated() {
                specs.append(try ValueSpec(element, named: named, at: "\(path)[\(index)]"))
            }
            self = .list(specs)
        case .object(let members):
            let found = Self.keywords.intersection(members.keys)
            switch (found.count, found.first) {
            case (0, _): self = try Self.object(of: members, named: named, at: path)
            case (1, let keyword?): self = try Self.described(by: keyword, json, named: named, at: path)
            default:
                throw MappingError(
                    path: path, problem: "only one of \(found.sorted().joined(separator: ", ")) may stand")
            }
        }
    }

    /// An object of values, whatever its members are called.
    static func object(
        of members: JSON.Members, named: [String: Template], at path: String
    ) throws(MappingError) -> ValueSpec {
        var specs: [(name: String, value: ValueSpec)] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            specs.append((name, try ValueSpec(value, named: named, at: "\(path).\(name)")))
        }
        return .object(specs)
    }

    private static func described(
        by keyword: String, _ json: JSON, named: [String: Template], at path: String
    ) throws(MappingError) -> ValueSpec {
        func reader(_ names: String...) throws(MappingError) -> ObjectReader {
            try ObjectReader(json, at: path, allows: [keyword, "optional", "default"] + names)
        }
        switch keyword {
        case "object":
            let reader = try ObjectReader(json, at: path, allows: [keyword])
            guard case .object(let members)? = reader[keyword] else {
                throw MappingError(path: path, problem: "'object' needs an object of values")
            }
            return try object(of: members, named: named, at: path)
        case "integer":
            let reader = try reader("scale")
            let scale = try reader.integer("scale") ?? 1
            guard (1...1_000_000_000).contains(scale) else {
                throw MappingError(path: path, problem: "a scale is 1 to 1000000000")
            }
            return .integer(column: try reader.requiredText(keyword), scale: scale, try WhenEmpty(reader))
        case "day":
            let reader = try reader()
            return .day(column: try reader.requiredText(keyword), try WhenEmpty(reader))
        case "boolean":
            let reader = try reader("true", "false")
            return .boolean(
                column: try reader.requiredText(keyword), true: try reader.words("true"),
                false: try reader.words("false"), try WhenEmpty(reader))
        case "date_ms":
            let reader = try reader("format", "plus_ms")
            var inner: JSON.Members = ["column": .text(try reader.requiredText(keyword))]
            inner["format"] = reader["format"]
            inner["plus_ms"] = reader["plus_ms"]
            return .milliseconds(try Moment(.object(inner), at: path), try WhenEmpty(reader))
        default:
            let reader = try reader("lookup")
            let template = try Self.template(keyword, reader, named: named)
            let lookup = try reader.texts("lookup")
            let table = Dictionary(lookup.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
            return .text(template, lookup: lookup.isEmpty ? nil : table, try WhenEmpty(reader))
        }
    }

    /// A `text` is a template, a `column` the column as it stands.
    private static func template(
        _ keyword: String, _ reader: ObjectReader, named: [String: Template]
    ) throws(MappingError) -> Template {
        let word = try reader.requiredText(keyword)
        return keyword == "column"
            ? Template(parts: [.column(word, [])])
            : try Template(parsing: word, named: named, at: reader.path)
    }
}

extension ValueSpec.WhenEmpty {
    /// `"optional": true` leaves the field out, `"default"` puts a value in its place.
    init(_ reader: ObjectReader) throws(MappingError) {
        let isOptional = try reader.boolean("optional")
        switch (isOptional, reader["default"]) {
        case (true, .some):
            throw MappingError(path: reader.path, problem: "'optional' and 'default' exclude each other")
        case (true, nil): self = .omit
        case (false, let value?): self = .value(value)
        case (false, nil): self = .refuse
        }
    }
}

extension Template {
    init(parts: [Part]) { self.parts = parts }
}
