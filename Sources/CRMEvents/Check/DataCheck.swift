import CanonicalJSON
import EventModel

/// One pass over an event's data that collects what the catalog refuses.
///
/// Data without a fault costs no allocation: where a fault stands is noted as a place of the document, and
/// turned into words at the end. Invariant: `faults` holds the first ``InvalidEvent/problemCountMax`` of
/// `problemCount`.
struct DataCheck {
    /// Something refused, and where.
    struct Fault {
        enum Spot {
            case value(JSONPlace)
            /// A member that is not there.
            case missing(String, in: JSONPlace)
            case stream
        }

        let spot: Spot
        let problem: String
    }

    let type: TypeShape
    /// Where the fields of the type stand.
    private(set) var places = FieldPlaces()
    private(set) var problemCount = 0
    private var faults: [Fault] = []
    /// Where `data` stands: its document may hold more.
    private let root: JSONPlace
    /// Whether the account says that it is a person: then its `ᴾ?` fields are personal.
    private var isNaturalPerson = false

    /// The whole explanation of a refused personal field.
    static let personalRefusal = "is personal, and personal fields are not supported yet"

    init(_ type: TypeShape, data: borrowing JSONCursor) {
        self.type = type
        root = data.place
    }

    /// Checks fields, then what several fields say together, then the stream.
    mutating func run(_ data: borrowing JSONCursor, in stream: Span<UInt8>) {
        guard data.kind == .object else {
            return refuse("is \(data.found), allowed is an object", at: root)
        }
        if type.data.asksForNaturalPerson, let answer = data["natural_person"] {
            isNaturalPerson = answer.boolean == true
        }
        check(data, type.data)
        checkChoice()
        // A rule reads fields that must be well formed first.
        if problemCount == 0 { for rule in type.definition.rules { check(rule, data) } }
        checkStream(stream, data)
    }

    /// Checks an object: no other members, nothing required missing.
    mutating func check(_ object: borrowing JSONCursor, _ shape: ObjectShape) {
        let isRoot = object.place == root
        var seen: UInt64 = 0
        var walk = object.inside
        while let name = walk.next(), let value = walk.next() {
            guard let index = shape.names.index(of: name) else {
                refuseUnknown(name, value, in: object, among: shape.fields)
                continue
            }
            seen |= 1 << UInt64(index)
            if isRoot { places[index] = value.place }
            if shape.personal & 1 << UInt64(index) != 0, isPersonal(shape.fields[index]) {
                refuse(Self.personalRefusal, at: value.place)
            } else {
                check(value, shape.shapes[index])
            }
        }
        if shape.required & ~seen != 0 { refuseMissing(shape, seen: seen, in: object.place) }
    }

    private mutating func refuseMissing(_ shape: ObjectShape, seen: UInt64, in object: JSONPlace) {
        for (index, field) in shape.fields.enumerated() where field.isRequired && seen & 1 << UInt64(index) == 0 {
            let why = isPersonal(field) ? Self.personalRefusal : "is missing, required is \(field.kind.allowed)"
            refuse(why, missing: field.name, in: object)
        }
    }

    private func isPersonal(_ field: Field) -> Bool {
        switch field.personal {
        case .always: true
        case .ifNaturalPerson: isNaturalPerson
        case nil: false
        }
    }

    /// Prose goes into `note`, which every type would accept as a personal field.
    mutating func refuseUnknown(
        _ name: borrowing JSONCursor, _ value: borrowing JSONCursor, in object: borrowing JSONCursor,
        among fields: [Field]
    ) {
        let name = name.text ?? ""
        if object.place == root && name == "note" { return refuse(Self.personalRefusal, at: value.place) }
        let allowed = fields.filter { $0.personal != .always }.map(\.name).joined(separator: ", ")
        if isPlainName(name) {
            refuse("is not a field here, allowed are \(allowed)", at: value.place)
        } else {
            refuse("has a field with a name of \(name.utf8.count) bytes, allowed are \(allowed)", at: object.place)
        }
    }

    private mutating func checkChoice() {
        guard !type.exactlyOneOf.isEmpty else { return }
        var count = 0
        for index in type.exactlyOneOf where places[index] != .root { count += 1 }
        if count != 1 {
            let names = type.definition.exactlyOneOf.joined(separator: " and ")
            refuse("has \(count) of \(names), allowed is exactly one of them", at: root)
        }
    }
}

extension DataCheck {
    /// Notes a problem with a value.
    mutating func refuse(_ problem: String, at place: JSONPlace) { refuse(problem, .value(place)) }

    /// Notes that a member is missing.
    mutating func refuse(_ problem: String, missing name: String, in object: JSONPlace) {
        refuse(problem, .missing(name, in: object))
    }

    /// Notes a problem.
    mutating func refuse(_ problem: String, _ spot: Fault.Spot) {
        problemCount += 1
        if faults.count < InvalidEvent.problemCountMax { faults.append(Fault(spot: spot, problem: problem)) }
    }

    /// The first problems, each with its way from `data`, for example `lines[2].unit_price`.
    func problems(in data: borrowing JSONCursor) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        for fault in faults {
            var path: [JSONCursor.Step] = []
            switch fault.spot {
            case .value(let place): path = data.path(to: place)
            case .missing(let name, let object): path = data.path(to: object) + [.member(name)]
            case .stream:
                problems.append(FieldProblem(path: "stream", problem: fault.problem))
                continue
            }
            problems.append(FieldProblem(path: Self.words(path), problem: fault.problem))
        }
        return problems
    }

    private static func words(_ path: [JSONCursor.Step]) -> String {
        var text = ""
        for step in path {
            switch step {
            case .member(let name): text += text.isEmpty ? name : ".\(name)"
            case .element(let index): text += "[\(index)]"
            }
        }
        return text.isEmpty ? "data" : text
    }
}

extension JSONCursor {
    /// What stands here, without what it says.
    var found: String {
        switch kind {
        case .object: "an object"
        case .array: "a list of \(count)"
        case .text: textByteCount == 1 ? "text of 1 byte" : "text of \(textByteCount) bytes"
        case .integer: "an integer"
        case .boolean: "a Boolean"
        case .null: "null"
        }
    }
}
