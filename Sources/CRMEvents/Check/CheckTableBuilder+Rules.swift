extension CheckTableBuilder {
    mutating func term(_ term: TermField, _ place: (String) -> UInt8) -> TermShape {
        let field = place(term.field)
        let member = term.member.map { symbol($0) } ?? -1
        switch term.namespace {
        case .fixed(let word):
            return TermShape(
                namespace: .fixed, field: field, type: CheckTable.nowhere, member: member, text: text(word))
        case .party:
            return TermShape(namespace: .party, field: field, type: CheckTable.nowhere, member: member, text: 0..<0)
        case .named(let type):
            return TermShape(namespace: .named, field: field, type: place(type), member: member, text: 0..<0)
        }
    }

    mutating func stream(_ rule: StreamRule, _ place: (String) -> UInt8) -> StreamShape {
        let kind: StreamShape.Kind =
            switch rule {
            case .entity: .entity
            case .category: .category
            case .party: .party
            case .pair: .pair
            case .either: .either
            case .member: .member
            case .named: .named
            case .own: .own
            case .fixed: .fixed
            case .namespace: .namespace
            case .any: .any
            }
        var start = ""
        switch rule {
        case .fixed(let word), .namespace(let word): start = word
        default: if let category = rule.category { start = category + "-" }
        }
        let fields = rule.identity.map(place)
        return StreamShape(
            kind: kind, text: text(start), first: fields.first ?? CheckTable.nowhere,
            second: fields.count == 2 ? fields[1] : CheckTable.nowhere)
    }

    func rule(_ rule: DataRule, _ fields: [Field], _ place: (String) -> UInt8) -> RuleShape {
        switch rule {
        case .amountsNeedCurrency:
            var amounts: UInt64 = 0
            for (index, field) in fields.enumerated() where field.kind == .money || field.kind == .list(of: .line) {
                amounts |= 1 << UInt64(index)
            }
            return RuleShape(kind: .amountsNeedCurrency, first: place("currency"), amounts: amounts)
        case .totalOfLines: return RuleShape(kind: .totalOfLines, first: place("lines"), second: place("total"))
        case .fieldDefinition: return RuleShape(kind: .fieldDefinition)
        case .ruleBody: return RuleShape(kind: .ruleBody, first: place("kind"), second: place("body"))
        case .ordered(let first, let last, let object?):
            return RuleShape(kind: .orderedInside, first: place(object), members: (symbol(first), symbol(last)))
        case .ordered(let first, let last, nil):
            return RuleShape(kind: .ordered, first: place(first), second: place(last))
        case .negativeOnly(let number, let other):
            return RuleShape(kind: .negativeOnly, first: place(number), second: place(other))
        case .only(let field, let other):
            return RuleShape(kind: .only, first: place(field), second: place(other))
        case .sameCount(let first, let second):
            return RuleShape(kind: .sameCount, first: place(first), second: place(second))
        case .eachHasOne(let list, let first, let second):
            return RuleShape(kind: .eachHasOne, first: place(list), members: (symbol(first), symbol(second)))
        case .eachHasBoth(let list, let first, let second):
            return RuleShape(kind: .eachHasBoth, first: place(list), members: (symbol(first), symbol(second)))
        }
    }
}

extension FieldKind {
    /// The shape of a kind without parts.
    var plainShape: ValueShape.Kind {
        switch self {
        case .id: .id
        case .party: .party
        case .event: .event
        case .text: .text
        case .code: .code
        case .url: .url
        case .sha256: .sha256
        case .boolean: .boolean
        case .integer: .integer
        case .basisPoints: .basisPoints
        case .money: .money
        case .currency: .currency
        case .instant: .instant
        case .civilDay: .civilDay
        case .seconds: .seconds
        case .anyObject: .anyObject
        case .anyChanges: .anyChanges
        case .enumeration, .list, .object, .map, .line, .changes: preconditionFailure("what has parts is built of them")
        }
    }
}
