@testable import CRMEvents
import CanonicalJSON

/// An example with damage in a single place, and the path that the refusal must name.
struct Mutation {
    let what: String
    let path: String
    let data: JSON
    /// Whether JSON Schema can say it: a missing or extra member, another JSON type, a word or a form.
    var isInSchema = true
}

/// Damages an example at every place that its definition knows.
struct Mutator {
    private(set) var mutations: [Mutation] = []
    private let type: EventTypeDefinition

    init(_ type: EventTypeDefinition, _ data: JSON) {
        self.type = type
        damage(data, type.allFields, at: "") { $0 }
    }

    /// Damages an object and what stands inside.
    private mutating func damage(
        _ object: JSON, _ fields: [Field], at prefix: String, _ whole: @escaping (JSON) -> JSON
    ) {
        for field in fields {
            guard let value = object[field.name] else { continue }
            let path = prefix + field.name
            if field.isRequired { add("missing", path, whole(object.with(field.name, nil))) }
            damage(value, field.kind, at: path) { whole(object.with(field.name, $0)) }
        }
        if !type.isOpen { add("extra", prefix + "colour", whole(object.with("colour", "blue"))) }
    }

    /// Damages a value and what stands inside.
    private mutating func damage(
        _ value: JSON, _ kind: FieldKind, at path: String, _ whole: @escaping (JSON) -> JSON
    ) {
        for wrong in Self.wrong(for: kind) { add("\(wrong.canonicalText)", path, whole(wrong)) }
        switch kind {
        case .object(let fields): damage(value, fields, at: path + ".", whole)
        case .line: damage(value, Self.line, at: path + ".", whole)
        case .list(let element):
            for (index, item) in (value.elements ?? []).enumerated() {
                damage(item, element, at: "\(path)[\(index)]") { changed in
                    var list = value.elements ?? []
                    list[index] = changed
                    return whole(.array(list))
                }
            }
        case .map(_, let element):
            for (name, item) in value.members {
                damage(item, element, at: "\(path).\(name)") { whole(value.with(name, $0)) }
            }
        case .changes(let fields):
            damageChanges(value, fields, at: path, whole)
        default: break
        }
    }

    private mutating func damageChanges(
        _ value: JSON, _ fields: [Field], at path: String, _ whole: @escaping (JSON) -> JSON
    ) {
        for (index, change) in (value.elements ?? []).enumerated() {
            guard let field = fields.first(where: { $0.name == change["field"]?.text }) else { continue }
            func with(_ changed: JSON) -> JSON {
                var list = value.elements ?? []
                list[index] = changed
                return whole(.array(list))
            }
            add("missing", "\(path)[\(index)].field", with(change.with("field", nil)))
            add("unknown", "\(path)[\(index)].field", with(change.with("field", "colour")))
            add("extra", "\(path)[\(index)].why", with(change.with("why", 1)))
            for wrong in Self.wrong(for: field.kind) where !wrong.isNull {
                add("\(wrong.canonicalText)", "\(path)[\(index)].new", with(change.with("new", wrong)))
            }
        }
    }

    private mutating func add(_ what: String, _ path: String, _ data: JSON) {
        mutations.append(Mutation(what: what, path: path, data: data))
    }

    /// LINE as CATALOG.md section 2 spells it.
    static let line: [Field] = [
        .required("line_id", .id), .required("product_id", .id), .required("quantity_milli", .integer),
        .required("unit_price", .money), .optional("discount", .basisPoints), .optional("tax", .basisPoints),
        .optional("category", .text),
    ]

    /// Values of another JSON type, out of range or of another form.
    static func wrong(for kind: FieldKind) -> [JSON] {
        var values: [JSON] = [nil]
        if kind != .boolean { values.append(true) }
        switch kind {
        case .id: values += [5, [5], ["x": 5], "x y", "", .text(String(repeating: "a", count: 129)), "t13812345678"]
        case .party: values += [5, [5], ["x": 5], "x y", "", "42", "customer-42", "account-"]
        case .event: values += [5, [5], ["x": 5], "", "x y ", "li@x.example e1"]
        case .text: values += [5, [5], ["x": 5]]
        case .code: values += [5, [5], ["x": 5], "x y", "", "Capital", .text(String(repeating: "a", count: 65))]
        case .url: values += [5, [5], ["x": 5], "https://a.example/?who=li"]
        case .sha256: values += [5, [5], "x y", .text(String(repeating: "A", count: 64)), "e3b0c442"]
        case .boolean: values += [5, "true", [5], ["x": 5]]
        case .integer, .basisPoints, .money: values += ["5", [5], ["x": 5]]
        case .currency: values += [5, [5], ["x": 5], "cny", "CNYX", ""]
        case .instant: values += ["5", [5], ["x": 5], 253_402_300_800_000, -62_167_219_200_001]
        case .civilDay: values += [5, [5], ["x": 5], "2026-1-1", "2026-13-01", "2026-02-29", ""]
        case .seconds: values += ["5", [5], ["x": 5], -1]
        case .enumeration: values += [5, [5], ["x": 5], "purple", ""]
        case .list: values += [5, "x", ["x": 5], [nil]]
        case .object, .line: values += [5, "x", [5], ["colour": 5]]
        case .anyObject: values += [5, "x", [5]]
        case .map: values += [5, "x", [5], ["not a code": nil]]
        case .changes, .anyChanges: values += [5, "x", ["x": 5], [5], [[:]]]
        }
        return values
    }
}
