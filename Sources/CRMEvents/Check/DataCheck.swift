import CanonicalJSON
import EventModel

/// One pass over an event's data that collects what the catalog refuses.
///
/// Invariants: `path` is the way from `data` to the node in hand; `problems` holds the first
/// ``InvalidEvent/problemCountMax`` of `problemCount`.
struct DataCheck {
    let definition: EventTypeDefinition
    let stream: StreamName
    let data: JSONNode
    /// Whether the account says that it is a person: then its `ᴾ?` fields are personal.
    let isNaturalPerson: Bool

    private(set) var problems: [FieldProblem] = []
    private(set) var problemCount = 0
    private var path: [Step] = []

    /// One step from a node to a node within it.
    enum Step {
        case member(String)
        case element(Int)
    }

    /// The whole explanation of a refused personal field.
    static let personalRefusal = "is personal, and personal fields are not supported yet"

    init(_ definition: EventTypeDefinition, stream: StreamName, data: JSONNode) {
        self.definition = definition
        self.stream = stream
        self.data = data
        isNaturalPerson = data.kind == .object && data["natural_person"]?.boolean == true
    }

    /// Checks fields, then what several fields say together, then the stream.
    mutating func run() {
        guard data.kind == .object else {
            return refuse("is \(found(data)), allowed is an object")
        }
        check(data, fields: definition.fields)
        checkChoice()
        // A rule reads fields that must be well formed first.
        if problemCount == 0 { definition.rules.forEach { check($0) } }
        checkStream()
    }

    /// Checks an object: no other members, nothing required missing.
    mutating func check(_ object: JSONNode, fields: [Field]) {
        var seen: UInt64 = 0
        for (name, value) in object.members {
            guard let index = fields.firstIndex(where: { $0.name == name }) else {
                refuseUnknown(name, among: fields)
                continue
            }
            seen |= 1 << UInt64(index)
            at(.member(name)) { $0.check(value, fields[index]) }
        }
        for (index, field) in fields.enumerated() where field.isRequired && seen & 1 << UInt64(index) == 0 {
            let why = isPersonal(field) ? Self.personalRefusal : "is missing, required is \(field.kind.allowed)"
            at(.member(field.name)) { $0.refuse(why) }
        }
    }

    private mutating func check(_ value: JSONNode, _ field: Field) {
        if isPersonal(field) { refuse(Self.personalRefusal) } else { check(value, field.kind) }
    }

    private func isPersonal(_ field: Field) -> Bool {
        switch field.personal {
        case .always: true
        case .ifNaturalPerson: isNaturalPerson
        case nil: false
        }
    }

    /// Prose goes into `note`, which every type would accept as a personal field.
    mutating func refuseUnknown(_ name: String, among fields: [Field]) {
        if path.isEmpty && name == "note" {
            return at(.member(name)) { $0.refuse(Self.personalRefusal) }
        }
        let allowed = fields.filter { $0.personal != .always }.map(\.name).joined(separator: ", ")
        if isPlainName(name) {
            at(.member(name)) { $0.refuse("is not a field here, allowed are \(allowed)") }
        } else {
            refuse("has a field with a name of \(name.utf8.count) bytes, allowed are \(allowed)")
        }
    }

    private mutating func checkChoice() {
        let names = definition.exactlyOneOf
        guard !names.isEmpty else { return }
        let count = names.count { data[$0] != nil }
        if count != 1 {
            refuse("has \(count) of \(names.joined(separator: " and ")), allowed is exactly one of them")
        }
    }
}

extension DataCheck {
    /// Runs a check one step further in.
    mutating func at(_ step: Step, _ check: (inout DataCheck) -> Void) {
        path.append(step)
        check(&self)
        path.removeLast()
    }

    /// Notes a problem with the node in hand.
    mutating func refuse(_ problem: String) { refuse(problem, at: place) }

    /// Notes a problem with something else than the node in hand.
    mutating func refuse(_ problem: String, at place: String) {
        problemCount += 1
        if problems.count < InvalidEvent.problemCountMax {
            problems.append(FieldProblem(path: place, problem: problem))
        }
    }

    /// The way from `data` to the node in hand, for example `lines[2].unit_price`.
    private var place: String {
        var text = ""
        for step in path {
            switch step {
            case .member(let name): text += text.isEmpty ? name : ".\(name)"
            case .element(let index): text += "[\(index)]"
            }
        }
        return text.isEmpty ? "data" : text
    }

    /// What a node is, without what it says.
    func found(_ node: JSONNode) -> String {
        switch node.kind {
        case .object: "an object"
        case .array: "a list of \(node.count)"
        case .text: "text of \(byteCount(node.text?.utf8.count ?? 0))"
        case .integer: "an integer"
        case .boolean: "a Boolean"
        case .null: "null"
        }
    }

    private func byteCount(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
}
