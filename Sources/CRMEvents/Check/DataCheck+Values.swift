import CanonicalJSON
import EventModel

extension DataCheck {
    /// Checks one value against its kind.
    mutating func check(_ value: borrowing JSONCursor, _ shape: ValueShape) {
        switch shape {
        case .list(let element): checkList(value, of: element)
        case .object(let shape):
            guard value.kind == .object else { return refuse(value, "an object") }
            check(value, shape)
        case .changes(let shape): checkChanges(value, of: shape)
        default: if !Self.accepts(value, shape) { refuse(value, shape.kind) }
        }
    }

    private mutating func refuse(_ value: borrowing JSONCursor, _ kind: FieldKind) {
        let isIdentity = kind == .id || kind == .party || kind == .event
        if isIdentity, let text = value.text, looksPersonal(text) {
            refuse(
                "looks like an e-mail address or a telephone number, allowed is \(kind.allowed)", at: value.place)
        } else {
            refuse(value, kind.allowed)
        }
    }

    private mutating func refuse(_ value: borrowing JSONCursor, _ allowed: String) {
        refuse("is \(value.found), allowed is \(allowed)", at: value.place)
    }

    /// Whether a value without parts of its own is of its kind.
    private static func accepts(_ value: borrowing JSONCursor, _ shape: ValueShape) -> Bool {
        switch shape {
        case .boolean: value.boolean != nil
        case .integer, .basisPoints, .money: value.kind == .integer
        case .seconds: value.integer.map { $0 >= 0 } ?? false
        case .instant: value.integer.map(instants.contains) ?? false
        case .enumeration(let words): words.index(of: value) != nil
        case .anyObject: value.kind == .object
        case .text: value.kind == .text
        case .id: value.withText { Surrogate.isID($0) } ?? false
        case .party: value.withText { Surrogate.isParty($0) } ?? false
        case .event: value.withText { Surrogate.isEventReference($0) } ?? false
        case .code: value.withText { Surrogate.isCode($0) } ?? false
        case .url: value.withText { !hasQuery($0) } ?? false
        case .currency: value.withText { $0.count == 3 && Surrogate.capitals.containsAll(of: $0) } ?? false
        case .civilDay: value.withText { Surrogate.isCivilDay($0) } ?? false
        case .list, .object, .changes: preconditionFailure("what has parts is checked part by part")
        }
    }

    /// The years 0000 to 9999, which RFC 3339 can print.
    private static var instants: ClosedRange<Int64> { -62_167_219_200_000...253_402_300_799_999 }

    private static func hasQuery(_ url: Span<UInt8>) -> Bool {
        for index in url.indices where url[index] == UInt8(ascii: "?") { return true }
        return false
    }

    private mutating func checkList(_ list: borrowing JSONCursor, of element: ValueShape) {
        guard list.kind == .array else { return refuse(list, "a list") }
        var walk = list.inside
        while let value = walk.next() { check(value, element) }
    }

    /// CHANGES: each names one field; old and new are of that field's kind, or null for none.
    private mutating func checkChanges(_ list: borrowing JSONCursor, of shape: ObjectShape) {
        guard list.kind == .array else { return refuse(list, "a list") }
        var walk = list.inside
        while let change = walk.next() { checkChange(change, of: shape) }
    }

    private mutating func checkChange(_ change: borrowing JSONCursor, of shape: ObjectShape) {
        guard change.kind == .object else { return refuse(change, "{field, old, new}") }
        var field: Int?
        if let name = change["field"] {
            field = shape.names.index(of: name)
        } else {
            refuse("is missing, required is the name of the field that changed", missing: "field", in: change.place)
        }
        var walk = change.inside
        while let name = walk.next(), let value = walk.next() {
            if name.hasText("field") {
                checkChanged(field.map { shape.fields[$0] }, named: value, among: shape.fields)
            } else if name.hasText("old") || name.hasText("new") {
                if let field, !value.isNull { check(value, shape.shapes[field]) }
            } else {
                refuseUnknown(name, value, in: change, among: Self.changeFields)
            }
        }
    }

    private mutating func checkChanged(_ field: Field?, named name: borrowing JSONCursor, among fields: [Field]) {
        if field?.personal == .always || name.hasText("note") {
            refuse("names \(field?.name ?? "note"), which \(Self.personalRefusal)", at: name.place)
        } else if field == nil {
            let names = fields.filter { $0.personal != .always }.map(\.name)
            refuse(name, FieldKind.enumeration(names).allowed)
        }
    }

    /// The members of one change, for the error that refuses another.
    private static let changeFields: [Field] = [
        .required("field", .text), .optional("old", .text), .optional("new", .text),
    ]
}
