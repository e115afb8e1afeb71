/// Which streams may hold a type.
public enum StreamRule: Hashable, Sendable {
    /// `<category>-{field}`: the stream is the entity that the data names.
    case entity(String, field: String)
    /// Any stream of the category, because the data does not repeat the entity.
    case category(String)
    /// `<category>-{party}` by one field, or `<category>-party-{anonymous}` by the other.
    case party(String, field: String, anonymous: String)
    /// `<category>-{first}-{second}`: one stream for each pair.
    case pair(String, first: String, second: String)
    /// `<category>-{field}`, or without that field `<category>-{other}`.
    case either(String, field: String, other: String)
    /// `<category>-{one of the list}`.
    case member(String, list: String)
    /// The stream that the field names, category included.
    case named(field: String)
    /// `{type}-{id}`: the own stream of what a pair of fields names.
    case own(type: String, id: String)
    /// This stream and no other.
    case fixed(String)
    /// Any stream of a category that is this word, or begins with it and `_`: a tenant's own.
    case namespace(String)
    /// Any stream at all.
    case any

    /// What stands before the first hyphen of the stream's name; `nil` where the data decides.
    public var category: String? {
        switch self {
        case .entity(let category, _), .category(let category), .party(let category, _, _),
            .pair(let category, _, _), .either(let category, _, _), .member(let category, _):
            category
        case .fixed(let name): name.split(separator: "-").first.map(String.init)
        case .named, .own, .namespace, .any: nil
        }
    }

    /// The fields that the stream's name is made of, in the order of the case.
    var identity: [String] {
        switch self {
        case .entity(_, let field), .member(_, let field), .named(let field): [field]
        case .party(_, let first, let second), .pair(_, let first, let second), .either(_, let first, let second),
            .own(let first, let second):
            [first, second]
        case .category, .fixed, .namespace, .any: []
        }
    }

    /// The rule as the catalog writes it, for example `survey-{survey_id}-{party_id}`.
    public var words: String {
        switch self {
        case .entity(let category, let field): "\(category)-{\(field)}"
        case .category(let category): "\(category)-{id}"
        case .party(let category, let field, let anonymous):
            "\(category)-{\(field)} or \(category)-party-{\(anonymous)}"
        case .pair(let category, let first, let second): "\(category)-{\(first)}-{\(second)}"
        case .either(let category, let field, let other): "\(category)-{\(field)} or \(category)-{\(other)}"
        case .member(let category, let list): "\(category)-{one of \(list)}"
        case .named(let field): "{\(field)}"
        case .own(let type, let id): "{\(type)}-{\(id)}"
        case .fixed(let name): name
        case .namespace(let word): "\(word)-{id} or \(word)_…-{id}"
        case .any: "any stream"
        }
    }
}
