/// A rule over several fields at once.
public enum DataRule: Hashable, Sendable {
    /// An amount needs its `currency` beside it: there is no earlier event of the stream to take it from.
    case amountsNeedCurrency
    /// `total` is the sum of the lines, each rounded half up (CATALOG.md section 2).
    case totalOfLines
    /// `body` is what its `kind` of rule says (CATALOG.md section 6.1).
    case ruleBody
    /// The definition of a field is sound by itself and contradicts no earlier one.
    case fieldDefinition
    /// Two dates, instants or numbers of which the first is not after the last. `in` names an object around both.
    case ordered(String, notAfter: String, in: String? = nil)
    /// The number is negative if, and only if, the other field is present.
    case negativeOnly(String, with: String)
    /// The field stands only beside the other one.
    case only(String, beside: String)
    /// Two lists of equal length.
    case sameCount(String, String)
    /// Each object of the list holds exactly one of two members.
    case eachHasOne(list: String, String, String)
    /// Each object of the list holds both members or neither.
    case eachHasBoth(list: String, String, String)

    /// The rule in words, for people.
    public var words: String {
        switch self {
        case .amountsNeedCurrency: "an amount needs its currency beside it"
        case .totalOfLines: "total is the sum of the lines, each net and tax rounded half up"
        case .ruleBody: "body is what the kind of rule says"
        case .fieldDefinition: "entity, field and type make a definition that contradicts no earlier one"
        case .ordered(let first, let last, let object):
            object.map { "\($0).\(first) is not after \($0).\(last)" } ?? "\(first) is not after \(last)"
        case .negativeOnly(let number, let other): "\(number) is negative with \(other), and only then"
        case .only(let field, let other): "\(field) stands only beside \(other)"
        case .sameCount(let first, let second): "\(first) and \(second) are equally long"
        case .eachHasOne(let list, let first, let second): "each of \(list) has either \(first) or \(second)"
        case .eachHasBoth(let list, let first, let second):
            "each of \(list) has both \(first) and \(second), or neither"
        }
    }

    /// Whether the rule speaks of other types, so that the whole catalog answers.
    var needsCatalog: Bool { self == .fieldDefinition || self == .ruleBody }
}
