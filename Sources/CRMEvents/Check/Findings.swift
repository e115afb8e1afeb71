import CanonicalJSON

/// What one pass over an event's data has found so far.
///
/// Data without a fault costs no allocation: where a fault stands is noted as a place of the document, and turned into
/// words at the end. Invariant: `faults` holds the first ``InvalidEvent/problemCountMax`` of `problemCount`.
struct Findings {
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

    /// Where the fields of the type stand.
    var places = FieldPlaces()
    private(set) var problemCount = 0
    private var faults: [Fault] = []
    /// Where the personal members stand, when they are welcome.
    var personal: PersonalPlaces
    /// Whether personal members are checked and noted instead of refused.
    let takesPersonal: Bool
    /// Where `data` stands: its document may hold more.
    let root: JSONPlace
    /// Whether the account is a natural person, as the event or the account itself says: then its `ᴾ?` fields are
    /// personal.
    var isNaturalPerson = false

    init(root: JSONPlace, personal: consuming PersonalPlaces? = nil) {
        self.root = root
        takesPersonal = personal != nil
        self.personal = personal ?? PersonalPlaces()
    }

    /// The whole explanation of a refused personal field.
    static let personalRefusal = "is personal, and personal fields are not supported yet"

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

    /// Notes that a value is something else than what is allowed there.
    mutating func refuse(_ value: borrowing JSONCursor, _ allowed: String) {
        refuse("is \(value.found), allowed is \(allowed)", at: value.place)
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

/// Where the fields of one event's data stand, by their places in the definition.
struct FieldPlaces {
    private var places = InlineArray<64, JSONPlace>(repeating: .root)

    /// Where a field stands; the root, where no field can be, for one that is absent.
    subscript(index: Int) -> JSONPlace {
        get { places[index] }
        set { places[index] = newValue }
    }

    /// Where a field stands.
    subscript(index: UInt8) -> JSONPlace { places[Int(index)] }
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
