import CRMEvents
import Presentation

/// The catalog as text for a person at a terminal.
enum CatalogText {
    /// Every type, one a line.
    static func list(of types: [EventTypeDefinition]) -> [String] {
        var table = TextTable(["type": .left, "stream": .left, "fields": .right, "personal": .right, "what": .left])
        for type in types {
            let personal = type.fields.count { $0.personal != nil }
            table.add([
                type.name, type.stream.words, "\(type.fields.count)", personal > 0 ? "\(personal)" : "", type.summary,
            ])
        }
        return table.lines + ["", "\(types.count) types; every one of them takes a personal note besides"]
    }

    /// One type.
    static func lines(for type: EventTypeDefinition) -> [String] {
        var head = TextTable(["": .left, "": .left])
        head.add(["stream", type.stream.words])
        head.add(["schema", "\(type.schema)"])
        if type.isOpen { head.add(["open", "unknown fields are kept"]) }
        if !type.terms.isEmpty { head.add(["found by", type.terms.map(term).joined(separator: ", ")]) }
        head.add(["sealed for", sealing(of: type)])
        if !type.exactlyOneOf.isEmpty {
            head.add(["choice", "exactly one of " + type.exactlyOneOf.joined(separator: " and ")])
        }
        for rule in type.rules { head.add(["rule", rule.words]) }
        var fields = TextTable(["field": .left, "": .left, "personal": .left, "allowed": .left])
        for field in type.allFields {
            fields.add([
                field.name, field.isRequired ? "required" : "", field.personal?.words ?? "", field.kind.details,
            ])
        }
        return [type.name, type.summary, ""] + head.lines + [""] + fields.lines
    }

    /// A reference as it becomes a term.
    static func term(_ term: TermField) -> String {
        "\(term.namespace.words):{\(term.member.map { "\(term.field).\($0)" } ?? term.field)}"
            + (term.isAnchor ? " ⚓" : "")
    }

    /// Under whose key personal members are sealed, and for what.
    static func sealing(of type: EventTypeDefinition) -> String {
        type.sealing.words + (type.sealing.purpose.map { " · \($0.rawValue)" } ?? "")
    }
}

extension FieldKind {
    /// What is allowed, with the members of objects spelled out.
    var details: String {
        switch self {
        case .list(let element): "a list of: \(element.details)"
        case .object, .line, .map: sign
        case .changes(let fields): "\(allowed) for \(fields.map(\.name).joined(separator: ", "))"
        default: allowed
        }
    }
}
