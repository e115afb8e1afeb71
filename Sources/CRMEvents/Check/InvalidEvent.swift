public import EventModel

/// Why the catalog refuses an event. It names types and fields, never what a field holds.
public enum InvalidEvent: ExplainedError, Hashable {
    /// No such type, and the known name nearest to it.
    case unknownType(String, nearest: String?)
    /// The type exists, but not in this schema.
    case unknownSchema(type: String, found: UInt32, known: UInt32)
    /// The type is for reading only.
    case retiredType(String)
    /// What is wrong with the data, field by field. The count may exceed the list.
    case problems(type: String, [FieldProblem], count: Int)
    /// More references than an event may have.
    case tooManyTerms(type: String, count: Int)

    /// Problems that one error spells out at most.
    public static let problemCountMax = 8

    public var code: ErrorCode {
        switch self {
        case .unknownType: .unknownType
        case .unknownSchema, .retiredType, .problems: .invalidEvent
        case .tooManyTerms: .limit
        }
    }

    public var description: String {
        switch self {
        case .unknownType(let type, nil) where CustomName.isType(type):
            return "the catalog has no event type \(Self.quoted(type)), and its name is that of a company's own type. "
                + "Nothing was written. Record a field.defined for each of its fields first."
        case .retiredType(let type):
            return "\(type) is retired: recorded events stay readable, and new ones are refused. Nothing was written. "
                + "Send the type that took its place; the page Evolving events names it."
        case .unknownType(let type, let nearest):
            let hint = nearest.map { "Did you mean '\($0)'? If not, choose" } ?? "Choose"
            return "the catalog of this build has no event type \(Self.quoted(type)). Nothing was written. "
                + "\(hint) one of the \(Catalog.standard.types.count) types of the catalog."
        case .unknownSchema(let type, let found, let known):
            return "\(type) came in schema \(found), and this build knows schema \(known). Nothing was written. "
                + "Send the fields of schema \(known), or a server that knows the other one."
        case .problems(let type, let problems, let count):
            let listed = problems.map(\.description).joined(separator: "; ")
            let rest = count > problems.count ? "; and \(count - problems.count) more" : ""
            return "\(type) has \(count) problem\(count == 1 ? "" : "s"): \(listed)\(rest). Nothing was written. "
                + "Correct what is named and send the event again."
        case .tooManyTerms(let type, let count):
            return "\(type) refers to \(count) others, and the limit is \(Catalog.termCountMax). "
                + "Nothing was written. Split the references over several events."
        }
    }

    /// A type's name is no customer data, but only something that looks like a name is repeated.
    private static func quoted(_ type: String) -> String {
        isPlainName(type) ? "'\(type)'" : "by that name of \(type.utf8.count) bytes"
    }
}

/// One field that is in the way.
public struct FieldProblem: Hashable, Sendable, CustomStringConvertible {
    /// Where, for example `lines[2].unit_price`; `data` for the whole, `stream` for the stream's name.
    public let path: String
    /// What is wrong, without the value.
    public let problem: String

    /// A problem from its parts.
    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    public var description: String { "\(path) \(problem)" }
}

/// Whether a name may stand in an error: 1 to 64 bytes of letters, digits, `_` and `.`, not like a telephone number.
func isPlainName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && !looksPersonal(name)
        && name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
}
