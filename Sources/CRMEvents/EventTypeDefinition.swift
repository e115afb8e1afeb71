/// One event type of the catalog: what it says, where it lives, and how it is found again.
public struct EventTypeDefinition: Hashable, Sendable {
    /// `<prefix>.<past_tense>`, immortal once recorded.
    public let name: String
    /// What it says, in one line.
    public let summary: String
    /// The group that projections subscribe to.
    public let group: EventGroup
    /// The only schema that is accepted on append.
    public let schema: UInt32
    /// Which streams may hold it.
    public let stream: StreamRule
    /// Everything that may stand in `data`, personal fields included.
    public let fields: [Field]
    /// Two optional fields of which exactly one must be present: the catalog's `x or y!`.
    public let exactlyOneOf: [String]
    /// What becomes an index term.
    public let terms: [TermField]
    /// What no single field can be checked for.
    public let rules: [DataRule]

    init(
        _ name: String, _ summary: String, in group: EventGroup, schema: UInt32 = 1, stream: StreamRule,
        fields: [Field], exactlyOneOf: [String] = [], terms: [TermField] = [], rules: [DataRule] = []
    ) {
        self.name = name
        self.summary = summary
        self.group = group
        self.schema = schema
        self.stream = stream
        self.fields = fields
        self.exactlyOneOf = exactlyOneOf
        self.terms = terms
        self.rules = rules
    }
}

/// A field whose value finds the event again; its namespace follows from its name (CATALOG.md section 4).
public struct TermField: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The field.
    public let name: String
    /// Whether it says, in a stream's first event, to whom the whole stream belongs (the catalog's `⚓`).
    public let isAnchor: Bool
    /// What stands before the colon; `nil` for a party, whose value brings its own.
    let namespace: String?

    /// A reference that says something about this event only.
    public init(stringLiteral name: String) { self.init(name, isAnchor: false) }

    /// A reference that the rest of the stream inherits.
    static func anchor(_ name: String) -> TermField { TermField(name, isAnchor: true) }

    private init(_ name: String, isAnchor: Bool) {
        self.name = name
        self.isAnchor = isAnchor
        namespace = IndexTerms.namespace(of: name)
    }
}

/// Which streams may hold a type.
public enum StreamRule: Hashable, Sendable {
    /// `<category>-{field}`: the stream is the entity that the data names.
    case entity(String, field: String)
    /// Any stream of the category, because the data does not repeat the entity.
    case category(String)
    /// `<category>-{party}` by one field, or `<category>-party-{anonymous}` by the other.
    case party(String, field: String, anonymous: String)
    /// `<category>-{field}-{party}`: one stream for each pair.
    case pair(String, field: String, party: String)

    /// What stands before the first hyphen of the stream's name.
    public var category: String {
        switch self {
        case .entity(let category, _), .category(let category), .party(let category, _, _),
            .pair(let category, _, _):
            category
        }
    }

    /// The rule as the catalog writes it, for example `survey-{survey_id}-{party_id}`.
    public var words: String {
        switch self {
        case .entity(let category, let field): "\(category)-{\(field)}"
        case .category(let category): "\(category)-{id}"
        case .party(let category, let field, let anonymous):
            "\(category)-{\(field)} or \(category)-party-{\(anonymous)}"
        case .pair(let category, let field, let party): "\(category)-{\(field)}-{\(party)}"
        }
    }
}

/// A rule over several fields at once.
public enum DataRule: Hashable, Sendable {
    /// An amount in a stream's first event needs its `currency`: there is no earlier event to take it from.
    case amountsNeedCurrency
    /// `total` is the sum of the lines, each rounded half up (CATALOG.md section 2).
    case totalOfLines
    /// `body` is a pipeline (CATALOG.md section 6.1), the only kind of rule in this release.
    case pipelineBody
}
