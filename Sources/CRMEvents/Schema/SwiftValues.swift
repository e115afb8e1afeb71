/// Writes the Swift values of the catalog: one file a group, with an enumeration of its types and a value for each.
///
/// The files under `Events/` are made by it (`rapport catalog swift`), and a test compares them.
public enum SwiftValues {
    private static let head = "// Made by `rapport catalog swift` from the definitions: change those.\n\n"

    /// The files by their names.
    public static func files() -> [(name: String, source: String)] {
        let types = Catalog.standard.table.definitions
        let groups = EventGroup.allCases.filter { group in types.contains { $0.group == group } }
        var files = groups.map { group in
            (name: "\(name(of: group)).swift", source: file(group, types.filter { $0.group == group }))
        }
        files.append((name: "LineItem.swift", source: head + line))
        files.append((name: "CRMEvent+Body.swift", source: head + body(of: groups)))
        return files
    }

    private static func name(of group: EventGroup) -> String { SwiftName.type(group.rawValue) + "Event" }

    private static func file(_ group: EventGroup, _ types: [EventTypeDefinition]) -> String {
        let cases = types.map { type in
            "    /// \(type.summary)\n    case \(SwiftName.member(caseName(type)))(\(SwiftName.type(caseName(type))))\n"
        }
        let makers = types.map { type in
            "        \"\(type.name)\": { .\(group.rawValue)(.\(SwiftName.member(caseName(type)))(.init(view: $0))) }"
        }
        let structs = types.map { type in
            var text = ValueText(
                name: SwiftName.type(caseName(type)), comment: "`\(type.name)`", type: type.name, depth: 1)
            text.add(type.fields)
            return "\nextension \(name(of: group)) {\n\(text.source)}\n"
        }
        return head + (structs.contains { $0.contains("JSON") } ? "public import CanonicalJSON\n\n" : "")
            + "/// The events of the group `\(group.rawValue)`.\npublic enum \(name(of: group)): Sendable {\n"
            + cases.joined() + "\n    /// The way from each type to its value.\n"
            + "    static let values: [String: CRMEvent.Body.Making] = [\n" + makers.joined(separator: ",\n")
            + (makers.count > 1 ? ",\n" : "\n") + "    ]\n}\n"
            + structs.joined()
    }

    /// What the type is called inside its group: `opened` for `ticket.opened`, `sla_applied` for `sla.applied`.
    private static func caseName(_ type: EventTypeDefinition) -> String {
        let parts = type.name.split(separator: ".").map(String.init)
        return parts[0] == type.group.rawValue ? parts[1] : parts.joined(separator: "_")
    }

    private static var line: String {
        var text = ValueText(
            name: "LineItem", comment: "One position of an order, an invoice, a quote or a deal", type: nil, depth: 0)
        text.add(Field.line)
        return text.source
    }

    private static func body(of groups: [EventGroup]) -> String {
        let cases = groups.map { "        case \($0.rawValue)(\(name(of: $0)))\n" }
        let names = groups.map { "        case .\($0.rawValue): .\($0.rawValue)\n" }
        let values = groups.map { "        \(name(of: $0)).values" }
        return "extension CRMEvent {\n    /// What an event says, by group.\n    public enum Body: Sendable {\n"
            + cases.joined() + "        /// A type that a company defined for itself.\n        case other(OtherEvent)\n"
            + "        /// A type, or a schema of a type, that this build does not know.\n        case unrecognised\n"
            + "    }\n}\n\nextension CRMEvent.Body {\n"
            + "    /// The group; `nil` for a type that this build does not know.\n"
            + "    public var group: EventGroup? {\n        switch self {\n" + names.joined()
            + "        case .other(let event): event.group\n        case .unrecognised: nil\n        }\n    }\n\n"
            + "    typealias Making = @Sendable (DataFields) -> CRMEvent.Body\n\n"
            + "    /// The ways to values, group by group.\n    static let values: [[String: Making]] = [\n"
            + values.map { $0 + ",\n" }.joined() + "    ]\n}\n"
    }
}
