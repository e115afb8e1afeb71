/// The Swift source of one value: a struct over ``DataFields`` with a property for each field.
struct ValueText {
    private let indent: String
    private let end: String
    /// The type of the catalog; `nil` for a value of its own.
    private let type: String?
    private var head: String
    private var properties = ""
    private var nested = ""

    init(name: String, comment: String, type: String?, depth: Int) {
        let outer = String(repeating: "    ", count: depth)
        indent = outer + "    "
        end = outer + "}\n"
        self.type = type
        head = "\(outer)/// \(comment).\n\(outer)public struct \(name): Sendable {\n\(indent)let view: DataFields\n"
    }

    var source: String { head + properties + nested + end }

    /// Adds the public fields of an object; their places are those of ``FieldTable``.
    mutating func add(_ fields: [Field]) {
        let order = FieldTable.publicFields(fields)
        for field in fields where field.personal != .always {
            guard let place = order.firstIndex(of: field) else { continue }
            let isOptional = !field.isRequired || field.personal != nil
            let name = SwiftName.property(field.name)
            let (swift, reading) = property(field, isOptional, place)
            let head = "\(indent)public var \(name): \(swift) {"
            properties += comment(field) + head
            properties +=
                head.count + reading.count + 3 <= 120 ? " \(reading) }\n" : "\n\(indent)    \(reading)\n\(indent)}\n"
        }
        let sealed = fields.filter { $0.personal != nil }.map { "`\($0.name)`" }
        guard !sealed.isEmpty else { return }
        head = head.replacingFirst(
            ".\n", with: ".\n\(String(indent.dropLast(4)))///\n" + sealedComment(sealed))
    }

    private func sealedComment(_ names: [String]) -> String {
        var lines: [String] = []
        var line = "\(indent.dropLast(4))/// Personal, in ``CRMEvent/personal``:"
        for (number, name) in names.enumerated() {
            let word = " " + name + (number == names.count - 1 ? "." : ",")
            if line.count + word.count > 118 {
                lines.append(line)
                line = "\(indent.dropLast(4))///"
            }
            line += word
        }
        return (lines + [line]).joined(separator: "\n") + "\n"
    }

    private func comment(_ field: Field) -> String {
        let words = field.kind.meaning
        guard words.isEmpty || words.count + indent.count > 110 else { return "\(indent)/// \(words)\n" }
        return words.isEmpty ? "" : "\(indent)/// One of the catalog's words.\n"
    }

    private mutating func property(
        _ field: Field, _ isOptional: Bool, _ place: Int
    ) -> (swift: String, reading: String) {
        switch field.kind {
        case .id, .party, .event, .text, .code, .url, .sha256, .currency, .civilDay, .enumeration:
            return isOptional ? ("String?", "view.optionalText(\(place))") : ("String", "view.text(\(place))")
        case .integer, .basisPoints, .money, .instant, .seconds:
            return isOptional ? ("Int64?", "view.optionalInteger(\(place))") : ("Int64", "view.integer(\(place))")
        case .boolean:
            return ("Bool", "view.boolean(\(place))")
        case .anyObject, .map:
            return ("JSON", "view.json(\(place))")
        case .line:
            return ("LineItem?", "view.object(\(place), .line).map(LineItem.init(view:))")
        case .changes, .anyChanges:
            return ("[FieldChange]", "view.objects(\(place), .change).map(FieldChange.init)")
        case .object(let members):
            let name = nest(field.name, members)
            return ("\(name)?", "view.object(\(place), \(name).table).map(\(name).init(view:))")
        case .list(let element):
            return list(field, of: element, place)
        }
    }

    private mutating func list(
        _ field: Field, of element: FieldKind, _ place: Int
    ) -> (swift: String, reading: String) {
        switch element {
        case .line:
            return ("[LineItem]", "view.objects(\(place), .line).map(LineItem.init(view:))")
        case .object(let members):
            let name = nest(SwiftName.singular(field.name), members, field.name)
            return ("[\(name)]", "view.objects(\(place), \(name).table).map(\(name).init(view:))")
        case .integer, .basisPoints, .money, .instant, .seconds:
            return ("[Int64]", "view.integers(\(place))")
        case .boolean, .list, .anyObject, .map, .changes, .anyChanges:
            return ("JSON", "view.json(\(place))")
        default:
            return ("[String]", "view.texts(\(place))")
        }
    }

    /// Adds a value for the objects inside a field and returns its name.
    private mutating func nest(_ name: String, _ members: [Field], _ field: String? = nil) -> String {
        let swift = SwiftName.type(name)
        var text = ValueText(
            name: swift, comment: "What stands in `\(field ?? name)`", type: type, depth: indent.count / 4)
        text.properties =
            "\(text.indent)static let table = FieldTable.inside(\"\(type ?? "")\", \"\(field ?? name)\")\n"
        text.add(members)
        nested += "\n" + text.source
        return swift
    }
}

extension String {
    fileprivate func replacingFirst(_ part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return replacingCharacters(in: range, with: other)
    }

    private func firstRange(of part: String) -> Range<Index>? { ranges(of: part).first }

    private func replacingCharacters(in range: Range<Index>, with other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}

extension FieldKind {
    /// What a number or a text means, for the comment above its property; empty where the name says it all.
    fileprivate var meaning: String {
        switch self {
        case .party: "A party's stream name, such as `account-42`."
        case .event: "The id of an event, or its source, one space and its id."
        case .basisPoints: "In basis points: 10,000 is the whole."
        case .money: "In minor units."
        case .currency: "ISO 4217."
        case .instant: "Milliseconds since 1970 in UTC."
        case .civilDay: "A civil date, `YYYY-MM-DD`."
        case .seconds: "In seconds."
        case .boolean: "Absent means false."
        case .enumeration(let words): words.map { "`\($0)`" }.joined(separator: ", ") + "."
        case .list(let element): element.meaning.isEmpty || element == .line ? "" : "Each: \(element.meaning)"
        default: ""
        }
    }
}
