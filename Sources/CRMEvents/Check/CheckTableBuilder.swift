import CanonicalJSON

/// Turns definitions into the numbers of a ``CheckTable``.
struct CheckTableBuilder {
    let symbols: JSONNames
    private(set) var alwaysPersonal: [Bool]
    private(set) var objects: [ObjectShape] = []
    private(set) var values: [ValueShape] = []
    private(set) var terms: [TermShape] = []
    private(set) var rules: [RuleShape] = []
    private(set) var texts: [UInt8] = []
    private(set) var fields: [[Field]] = []
    private(set) var kinds: [FieldKind] = []
    private(set) var rows: [UInt8] = []
    /// Objects and rows that are there already: many types share a line, an address or a list of words.
    private var objectPlaces: [ObjectKey: Int32] = [:]
    private var rowPlaces: [[String]: Int32] = [:]
    private let hasRuleBodies: Bool

    private struct ObjectKey: Hashable {
        let fields: [Field]
        let isOpen: Bool
    }

    init(_ definitions: [EventTypeDefinition], _ personalNames: Set<String>) {
        var words = Words()
        for definition in definitions { words.add(definition.allFields) }
        hasRuleBodies = definitions.contains { $0.rules.contains(.ruleBody) }
        if hasRuleBodies { for body in RuleBody.all { words.add(body.fields) } }
        words.add(personalNames.sorted().map { .optional($0, .text, personal: .always) })
        words.add([.optional("field", .text), .optional("old", .text), .optional("new", .text)])
        symbols = JSONNames(words.list)
        alwaysPersonal = words.list.map(words.personal.contains)
    }

    /// The type, its object and all that hangs on it.
    mutating func type(_ definition: EventTypeDefinition) -> TypeShape {
        let all = definition.allFields
        func place(_ name: String) -> UInt8 {
            guard let place = all.firstIndex(where: { $0.name == name }) else {
                preconditionFailure("\(definition.name) has no \(name)")
            }
            return UInt8(place)
        }
        let object = object(all, isOpen: definition.isOpen)
        let firstTerm = Int32(terms.count)
        for term in definition.terms { terms.append(self.term(term, place)) }
        let firstRule = Int32(rules.count)
        for rule in definition.rules { rules.append(self.rule(rule, all, place)) }
        let choice = definition.exactlyOneOf.map(place)
        return TypeShape(
            schema: definition.schema, isRetired: definition.isRetired,
            needsCatalog: definition.rules.contains(where: \.needsCatalog), object: object,
            terms: firstTerm..<Int32(terms.count), rules: firstRule..<Int32(rules.count),
            choice: choice.count == 2 ? (choice[0], choice[1]) : (CheckTable.nowhere, CheckTable.nowhere),
            naturalPerson: all.contains { $0.name == "natural_person" } ? place("natural_person") : CheckTable.nowhere,
            stream: stream(definition.stream, place))
    }

    /// The bodies of `rule.published`, by the places of their kinds among its words.
    mutating func ruleBodies() -> [Int32] {
        RuleBody.kinds.map { kind in
            guard hasRuleBodies, let body = RuleBody.all.first(where: { $0.kind == kind }) else { return -1 }
            return object(body.fields)
        }
    }

    private mutating func object(_ fields: [Field], isOpen: Bool = false) -> Int32 {
        let key = ObjectKey(fields: fields, isOpen: isOpen)
        if let place = objectPlaces[key] { return place }
        precondition(fields.count <= ObjectShape.fieldCountMax, "one bit for each field")
        func bits(_ isSet: (Field) -> Bool) -> UInt64 {
            fields.enumerated().reduce(0) { isSet($1.element) ? $0 | 1 << UInt64($1.offset) : $0 }
        }
        // Values of nested kinds are appended while these are made, so the run of this object comes last.
        let shapes = fields.map { shape($0.kind) }
        let first = Int32(values.count)
        values += shapes
        kinds += fields.map(\.kind)
        let place = Int32(objects.count)
        objects.append(
            ObjectShape(
                row: row(fields.map(\.name)), firstValue: first, fieldCount: Int32(fields.count), isOpen: isOpen,
                required: bits(\.isRequired), personal: bits { $0.personal == .always },
                personalIfNatural: bits { $0.personal == .ifNaturalPerson }))
        self.fields.append(fields)
        objectPlaces[key] = place
        return place
    }

    private mutating func shape(_ kind: FieldKind) -> ValueShape {
        switch kind {
        case .enumeration(let words): ValueShape(kind: .enumeration, operand: row(words))
        case .list(let element): ValueShape(kind: .list, operand: value(element))
        case .map(_, let element): ValueShape(kind: .map, operand: value(element))
        case .object(let fields): ValueShape(kind: .object, operand: object(fields))
        case .line: ValueShape(kind: .object, operand: object(Field.line))
        case .changes(let fields): ValueShape(kind: .changes, operand: object(fields))
        default: ValueShape(kind: kind.plainShape, operand: -1)
        }
    }

    private mutating func value(_ kind: FieldKind) -> Int32 {
        let shape = shape(kind)
        values.append(shape)
        kinds.append(kind)
        return Int32(values.count - 1)
    }

    private mutating func row(_ names: [String]) -> Int32 {
        if let row = rowPlaces[names] { return row }
        precondition(names.count < CheckTable.nowhere, "a place is one byte")
        let row = rows.count / max(symbols.names.count, 1)
        rows += [UInt8](repeating: CheckTable.nowhere, count: symbols.names.count)
        for (place, name) in names.enumerated() {
            rows[row * symbols.names.count + Int(symbol(name))] = UInt8(place)
        }
        rowPlaces[names] = Int32(row)
        return Int32(row)
    }

    /// The symbol of a name that some definition holds.
    func symbol(_ name: String) -> Int32 {
        guard let symbol = symbols.index(of: name) else { preconditionFailure("no definition holds \(name)") }
        return Int32(symbol)
    }

    /// Keeps a text and says where.
    mutating func text(_ text: String) -> Range<Int32> {
        let start = Int32(texts.count)
        texts += text.utf8
        return start..<Int32(texts.count)
    }
}

/// All names and words of the definitions, each once, and which of them always name something personal.
private struct Words {
    var list: [String] = []
    var personal: Set<String> = []
    private var known: Set<String> = []

    mutating func add(_ fields: [Field]) {
        for field in fields {
            add(field.name)
            if field.personal == .always { personal.insert(field.name) }
            add(field.kind)
        }
    }

    private mutating func add(_ kind: FieldKind) {
        switch kind {
        case .enumeration(let words): for word in words { add(word) }
        case .list(let element), .map(_, let element): add(element)
        case .object(let fields), .changes(let fields): add(fields)
        case .line: add(Field.line)
        default: break
        }
    }

    private mutating func add(_ word: String) { if known.insert(word).inserted { list.append(word) } }
}
