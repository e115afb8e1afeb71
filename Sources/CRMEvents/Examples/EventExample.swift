public import CanonicalJSON

/// A valid event of a type, made from the type's definition: for people who look for a start, and for tests.
///
/// The same definition always gives the same example.
public struct EventExample: Hashable, Sendable {
    /// How much the example says.
    public enum Extent: Hashable, Sendable {
        /// Required fields only, and what these force to stand beside them.
        case minimal
        /// Every field that may stand there at once.
        case full
    }

    /// Whether the example holds personal members.
    public enum PersonalPart: Hashable, Sendable {
        case included
        /// Left out, also where they are required: such an example is not complete.
        case leftOut
    }

    /// The catalog name.
    public let type: String
    /// A stream that may hold it.
    public let stream: String
    /// Its data.
    public let data: JSON
}

extension Catalog {
    /// An example of a type; `nil` for a name that the catalog does not hold.
    public func example(
        of type: String, _ extent: EventExample.Extent, personal: EventExample.PersonalPart = .included
    ) -> EventExample? {
        self[type].map { ExampleMaker(extent: extent, personal: personal).example(of: $0) }
    }
}

/// Makes examples from definitions.
struct ExampleMaker {
    let extent: EventExample.Extent
    let personal: EventExample.PersonalPart

    func example(of type: EventTypeDefinition) -> EventExample {
        var members = object(of: fields(of: type))
        for rule in type.rules { satisfy(rule, &members) }
        return EventExample(type: type.name, stream: stream(type.stream, members), data: .object(members))
    }

    /// The fields that the example holds: of a choice the first one, and the rest as far as the extent says.
    private func fields(of type: EventTypeDefinition) -> [Field] {
        (extent == .full ? type.allFields : type.fields).filter { field in
            if let place = type.exactlyOneOf.firstIndex(of: field.name) { return place == 0 }
            return isHeld(field)
        }
    }

    private func isHeld(_ field: Field) -> Bool {
        if personal == .leftOut && field.personal == .always { return false }
        return field.isRequired || extent == .full
    }

    private func object(of fields: [Field]) -> JSON.Members {
        JSON.Members(fields.map { ($0.name, value(of: $0.kind, $0.name)) })
    }

    /// A value of a kind. Equal kinds get equal values, so that dates and numbers are in order.
    private func value(of kind: FieldKind, _ name: String) -> JSON {
        switch kind {
        case .id: .text(Self.id(name))
        case .party: "account-42"
        case .event: "01HRE463QTVFF5QPCWWWCW7MBA"
        case .text: .text("example_\(name)")
        case .code: .text(name.hasSuffix("_type") || name == "entity" ? "account" : "example")
        case .url: "https://example.com/page"
        case .sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  // of no bytes
        case .boolean: .boolean(personal == .included || name != "natural_person")
        case .integer: name.hasSuffix("_milli") ? 1000 : 1  // one whole unit
        case .basisPoints: 500
        case .money: 1000
        case .currency: "CNY"
        case .instant: 1_767_225_600_000  // 2026-01-01T00:00:00Z
        case .civilDay: "2026-01-01"
        case .seconds: 3600
        case .enumeration(let words): .text(words.first ?? "")
        case .list(let element): [value(of: element, name)]
        case .object(let fields): .object(object(of: fields.filter(isHeld)))
        case .line: .object(object(of: Field.line.filter(isHeld)))
        case .anyObject: ["example": 1]
        case .map(_, let element): ["example": value(of: element, name)]
        case .changes(let fields): changes(of: fields)
        case .anyChanges: [["field": "industry", "old": nil, "new": "retail"]]
        }
    }

    /// An example of an id: the word before `_id` and a number.
    private static func id(_ name: String) -> String {
        for ending in ["_ids", "_id"] where name.hasSuffix(ending) { return name.dropLast(ending.count) + "1" }
        return name + "1"
    }

    /// One change in the least; in the full example one of every field.
    private func changes(of fields: [Field]) -> JSON {
        let changeable = fields.filter { personal == .included || $0.personal != .always }
        let changes = changeable.prefix(extent == .full ? changeable.count : 1).map { field -> JSON in
            ["field": .text(field.name), "old": nil, "new": value(of: field.kind, field.name)]
        }
        return .array(Array(changes))
    }
}
