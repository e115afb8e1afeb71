import CanonicalJSON
import EventModel

extension DataCheck {
    /// Checks one value against its kind.
    mutating func check(_ node: JSONNode, _ kind: FieldKind) {
        switch kind {
        case .list(let element): checkList(node, of: element)
        case .object(let fields): checkObject(node, fields)
        case .line: checkObject(node, Field.line)
        case .changes(let fields): checkChanges(node, of: fields)
        default:
            guard !Self.accepts(node, kind) else { return }
            if let text = node.text, looksPersonal(text), kind == .id || kind == .party || kind == .event {
                refuse("looks like an e-mail address or a telephone number, allowed is \(kind.allowed)")
            } else {
                refuse("is \(found(node)), allowed is \(kind.allowed)")
            }
        }
    }

    /// Whether a value without parts of its own is of its kind.
    private static func accepts(_ node: JSONNode, _ kind: FieldKind) -> Bool {
        switch kind {
        case .boolean: node.boolean != nil
        case .integer, .basisPoints, .money: node.integer != nil
        case .seconds: node.integer.map { $0 >= 0 } ?? false
        case .instant: node.integer.map(instants.contains) ?? false
        case .enumeration(let words): words.contains { node.hasText($0) }
        case .anyObject: node.kind == .object
        default: node.text.map { accepts($0, kind) } ?? false
        }
    }

    private static func accepts(_ text: String, _ kind: FieldKind) -> Bool {
        switch kind {
        case .id: isID(text)
        case .party: isID(text) && partyCategories.contains { text.idAfter($0) != nil }
        case .event: isEventReference(text)
        case .code:
            (1...FieldKind.codeByteCountMax).contains(text.utf8.count) && text.utf8.allSatisfy(isCodeByte)
        case .url: !text.utf8.contains(UInt8(ascii: "?"))
        case .currency: text.utf8.count == 3 && text.utf8.allSatisfy((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains)
        case .civilDay: CivilDay(text) != nil
        default: true
        }
    }

    /// The years 0000 to 9999, which RFC 3339 can print.
    private static let instants: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// The parties of CATALOG.md section 4.
    private static let partyCategories = ["account-", "contact-", "lead-", "party-"]

    private static func isID(_ text: String) -> Bool {
        do {
            try InvalidName.check(text, is: "id")
            return !looksPersonal(text)
        } catch {
            return false
        }
    }

    /// An event's id, or its source (any text of 1 to 128 bytes), one space and its id.
    private static func isEventReference(_ text: String) -> Bool {
        guard let space = text.utf8.lastIndex(of: UInt8(ascii: " ")) else { return isID(text) }
        let source = text[..<space]
        return (1...Limits.nameByteCountMax).contains(source.utf8.count)
            && isID(String(text[text.utf8.index(after: space)...])) && !looksPersonal(String(source))
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private mutating func checkList(_ node: JSONNode, of element: FieldKind) {
        guard node.kind == .array else { return refuse("is \(found(node)), allowed is a list") }
        for (index, value) in node.elements.enumerated() {
            at(.element(index)) { $0.check(value, element) }
        }
    }

    private mutating func checkObject(_ node: JSONNode, _ fields: [Field]) {
        guard node.kind == .object else { return refuse("is \(found(node)), allowed is an object") }
        check(node, fields: fields)
    }

    /// CHANGES: each names one field; old and new are of that field's kind, or null for none.
    private mutating func checkChanges(_ node: JSONNode, of fields: [Field]) {
        guard node.kind == .array else { return refuse("is \(found(node)), allowed is a list") }
        for (index, change) in node.elements.enumerated() {
            at(.element(index)) { $0.checkChange(change, of: fields) }
        }
    }

    private mutating func checkChange(_ change: JSONNode, of fields: [Field]) {
        guard change.kind == .object else { return refuse("is \(found(change)), allowed is {field, old, new}") }
        let field = change["field"].flatMap { name in fields.first { name.hasText($0.name) } }
        if change["field"] == nil {
            at(.member("field")) { $0.refuse("is missing, required is the name of the field that changed") }
        }
        for (name, value) in change.members {
            switch name {
            case "field": at(.member(name)) { $0.checkChanged(field, named: value, among: fields) }
            case "old", "new":
                if let field, !value.isNull { at(.member(name)) { $0.check(value, field.kind) } }
            default: refuseUnknown(name, among: Self.changeFields)
            }
        }
    }

    private mutating func checkChanged(_ field: Field?, named name: JSONNode, among fields: [Field]) {
        if field?.personal == .always || name.hasText("note") {
            refuse("names \(field?.name ?? "note"), which \(Self.personalRefusal)")
        } else if field == nil {
            let names = fields.filter { $0.personal != .always }.map(\.name)
            refuse("is \(found(name)), allowed is \(FieldKind.enumeration(names).allowed)")
        }
    }

    /// The members of one change, for the error that refuses another.
    private static let changeFields: [Field] = [
        .required("field", .text), .optional("old", .text), .optional("new", .text),
    ]
}
