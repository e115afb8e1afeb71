public import CanonicalJSON

/// How rows of a table become events: the content of a mapping file, checked.
///
/// The format is explained in `Tools/mappings/README.md`, with three complete examples beside it.
public struct Mapping: Sendable {
    /// The `source` of every event made.
    public let source: String
    let names: Set<String>
    let prologue: [EventTemplate]
    let events: [EventTemplate]

    /// Reads a mapping file.
    ///
    /// - Throws: ``MappingError`` with the place and what is wrong there.
    public init(parsing bytes: [UInt8]) throws(MappingError) {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: bytes)
        } catch {
            throw MappingError(path: "", problem: "the file is not JSON with integers only (\(error))")
        }
        try self.init(json)
    }

    /// Reads a mapping.
    ///
    /// - Throws: ``MappingError`` with the place and what is wrong there.
    public init(_ json: JSON) throws(MappingError) {
        let reader = try ObjectReader(
            json, at: "", allows: ["mapping", "about", "source", "let", "prologue", "events"])
        guard try reader.integer("mapping") == 1 else {
            throw MappingError(path: "mapping", problem: "the version of the format must stand here, and it must be 1")
        }
        source = try reader.requiredText("source")
        var named: [String: Template] = [:]
        for (name, text) in try reader.texts("let") {
            named[name] = try Template(parsing: text, at: "let.\(name)")
        }
        names = Set(named.keys)
        prologue = try EventTemplate.list(try reader.list("prologue"), named: named, at: "prologue")
        events = try EventTemplate.list(try reader.list("events"), named: named, at: "events")
        guard !events.isEmpty else {
            throw MappingError(path: "events", problem: "a mapping without events makes nothing")
        }
        if let column = prologue.flatMap(\.columns).min() {
            throw MappingError(
                path: "prologue", problem: "an event before the first row cannot read column '\(column)'")
        }
    }

    /// Every column that the mapping reads.
    public var columns: Set<String> { Set(events.flatMap(\.columns)) }
}

/// One event for each row that meets the conditions, or one for each distinct value.
struct EventTemplate: Sendable {
    let type: String
    let stream: Template
    let id: Template
    let time: Moment
    let conditions: [Condition]
    let oncePer: Template?
    let data: ValueSpec

    init(_ json: JSON, named: [String: Template], at path: String) throws(MappingError) {
        let reader = try ObjectReader(
            json, at: path, allows: ["type", "stream", "id", "time", "when", "once_per", "data"])
        type = try reader.requiredText("type")
        stream = try Template(parsing: try reader.requiredText("stream"), named: named, at: path + ".stream")
        id = try Template(parsing: try reader.requiredText("id"), named: named, at: path + ".id")
        time = try Moment(reader["time"] ?? .null, at: path + ".time")
        var conditions: [Condition] = []
        for (index, condition) in try reader.list("when").enumerated() {
            conditions.append(try Condition(condition, at: "\(path).when[\(index)]"))
        }
        self.conditions = conditions
        if let column = try reader.text("once_per") {
            oncePer = try Template(parsing: column, named: named, at: path + ".once_per")
        } else {
            oncePer = nil
        }
        guard case .object(let members)? = reader["data"] else {
            throw MappingError(path: path + ".data", problem: "an object is needed here")
        }
        self.data = try ValueSpec.object(of: members, named: named, at: path + ".data")
        if oncePer != nil, usesOccurrence {
            throw MappingError(path: path, problem: "a once-per event has no occurrence number {#}")
        }
    }

    static func list(_ elements: [JSON], named: [String: Template], at path: String) throws(MappingError) -> [Self] {
        var templates: [Self] = []
        for (index, element) in elements.enumerated() {
            templates.append(try Self(element, named: named, at: "\(path)[\(index)]"))
        }
        return templates
    }

    var usesOccurrence: Bool { stream.usesOccurrence || id.usesOccurrence || data.usesOccurrence }

    var columns: Set<String> {
        stream.columns.union(id.columns).union(data.columns).union(oncePer?.columns ?? [])
            .union(conditions.map(\.column)).union(time.column.map { [$0] } ?? [])
    }
}

/// What a column must hold for the event to be made.
struct Condition: Hashable, Sendable {
    enum Test: Hashable, Sendable {
        case isEmpty(Bool)
        case isOneOf(Set<String>)
    }

    let column: String
    let test: Test

    init(_ json: JSON, at path: String) throws(MappingError) {
        let reader = try ObjectReader(json, at: path, allows: ["column", "is", "in", "empty"])
        column = try reader.requiredText("column")
        if let word = try reader.text("is") {
            test = .isOneOf([word])
        } else if reader["empty"] != nil {
            test = .isEmpty(try reader.boolean("empty"))
        } else {
            test = .isOneOf(Set(try reader.words("in")))
        }
        let count = ["is", "in", "empty"].count { reader[$0] != nil }
        guard count == 1 else {
            throw MappingError(path: path, problem: "exactly one of is, in, empty is needed here")
        }
    }

    func isMet(by row: Row) -> Bool {
        switch test {
        case .isEmpty(let wanted): row[column].isEmpty == wanted
        case .isOneOf(let words): words.contains(row[column])
        }
    }
}
