import CanonicalJSON

/// What an object may hold, prepared for checking: names found in one step, kinds without their words.
final class ObjectShape: Sendable {
    /// The fields, in the order of the definition.
    let fields: [Field]
    /// Their names.
    let names: JSONNames
    /// Their kinds.
    let shapes: [ValueShape]
    /// One bit for each field without which the object is refused.
    let required: UInt64
    /// One bit for each field that is personal, always or for natural persons.
    let personal: UInt64
    /// Whether what is personal here depends on who the account is.
    let asksForNaturalPerson: Bool

    init(_ fields: [Field]) {
        precondition(fields.count <= Self.fieldCountMax, "one bit for each field")
        func bits(_ isSet: (Field) -> Bool) -> UInt64 {
            fields.enumerated().reduce(0) { isSet($1.element) ? $0 | 1 << UInt64($1.offset) : $0 }
        }
        self.fields = fields
        names = JSONNames(fields.map(\.name))
        shapes = fields.map { ValueShape($0.kind) }
        required = bits(\.isRequired)
        personal = bits { $0.personal != nil }
        asksForNaturalPerson =
            fields.contains { $0.personal == .ifNaturalPerson } || shapes.contains(where: \.asksForNaturalPerson)
    }

    /// Fields of one object at most.
    static let fieldCountMax = 64

    /// LINE, which many types share.
    static let line = ObjectShape(Field.line)
    /// The body of a published pipeline.
    static let pipelineBody = ObjectShape(Field.pipelineBody)
}

/// A ``FieldKind`` prepared for checking. A kind without parts carries nothing, so that passing it on is free.
indirect enum ValueShape: Sendable {
    case id, party, event, text, code, url, boolean, integer, basisPoints, money, currency, instant, civilDay
    case seconds, anyObject
    case enumeration(JSONNames)
    case list(of: ValueShape)
    case object(ObjectShape)
    case changes(of: ObjectShape)

    init(_ kind: FieldKind) {
        switch kind {
        case .id: self = .id
        case .party: self = .party
        case .event: self = .event
        case .text: self = .text
        case .code: self = .code
        case .url: self = .url
        case .boolean: self = .boolean
        case .integer: self = .integer
        case .basisPoints: self = .basisPoints
        case .money: self = .money
        case .currency: self = .currency
        case .instant: self = .instant
        case .civilDay: self = .civilDay
        case .seconds: self = .seconds
        case .anyObject: self = .anyObject
        case .enumeration(let words): self = .enumeration(JSONNames(words))
        case .list(let element): self = .list(of: ValueShape(element))
        case .object(let fields): self = .object(ObjectShape(fields))
        case .line: self = .object(.line)
        case .changes(let fields): self = .changes(of: ObjectShape(fields))
        }
    }

    /// Whether what is personal inside depends on who the account is.
    var asksForNaturalPerson: Bool {
        switch self {
        case .list(let element): element.asksForNaturalPerson
        case .object(let shape), .changes(let shape): shape.asksForNaturalPerson
        default: false
        }
    }

    /// The kind, for the error that refuses something else.
    var kind: FieldKind {
        switch self {
        case .id: .id
        case .party: .party
        case .event: .event
        case .text: .text
        case .code: .code
        case .url: .url
        case .boolean: .boolean
        case .integer: .integer
        case .basisPoints: .basisPoints
        case .money: .money
        case .currency: .currency
        case .instant: .instant
        case .civilDay: .civilDay
        case .seconds: .seconds
        case .anyObject: .anyObject
        case .enumeration(let words): .enumeration(words.names)
        case .list(let element): .list(of: element.kind)
        case .object(let shape): .object(shape.fields)
        case .changes(let shape): .changes(of: shape.fields)
        }
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

    init() {}

    /// Finds the fields and checks nothing: for data that is recorded already.
    init(of shape: ObjectShape, in data: borrowing JSONCursor) {
        guard data.kind == .object else { return }
        var walk = data.inside
        while let name = walk.next(), let value = walk.next() {
            if let index = shape.names.index(of: name) { places[index] = value.place }
        }
    }
}
