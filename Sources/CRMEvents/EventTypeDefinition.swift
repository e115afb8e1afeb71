/// One event type of the catalog: what it says, where it lives, whom it is about, and how it is found again.
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
    /// What the catalog lists for `data`, personal fields included.
    public let fields: [Field]
    /// Two optional fields of which exactly one must be present: the catalog's `x or y!`.
    public let exactlyOneOf: [String]
    /// What becomes an index term.
    public let terms: [TermField]
    /// Under whose key the personal fields are sealed, as the catalog says; `nil` where its column is empty.
    public let subject: SubjectRule?
    /// What no single field can be checked for.
    public let rules: [DataRule]
    /// Whether fields that the definition does not know are accepted and kept.
    public let isOpen: Bool
    /// Whether the type is for reading only: recorded events keep their meaning, new ones are refused.
    public let isRetired: Bool

    init(
        _ name: String, _ summary: String, in group: EventGroup, schema: UInt32 = 1, stream: StreamRule,
        fields: [Field], exactlyOneOf: [String] = [], terms: [TermField] = [], subject: SubjectRule? = nil,
        rules: [DataRule] = [], isOpen: Bool = false, isRetired: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.group = group
        self.schema = schema
        self.stream = stream
        self.fields = fields
        self.exactlyOneOf = exactlyOneOf
        self.terms = terms
        self.subject = subject
        self.rules = rules
        self.isOpen = isOpen
        self.isRetired = isRetired
    }

    /// Everything that may stand in `data`: the fields, and the note that every type accepts.
    public var allFields: [Field] { fields.contains { $0.name == Field.note.name } ? fields : fields + [.note] }
}

/// A field whose value finds the event again; its namespace follows from its name (CATALOG.md section 4).
public struct TermField: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The field; `list.member` for a member of a list's objects, the stem for a pair.
    public let name: String
    /// Whether it says, in a stream's first event, to whom the whole stream belongs (the catalog's `⚓`).
    public let isAnchor: Bool
    /// What stands before the colon of its term.
    public let namespace: TermNamespace

    /// A reference that says something about this event only.
    public init(stringLiteral name: String) {
        self.init(name, TermNamespace(ofField: name), isAnchor: false)
    }

    /// A reference that the rest of the stream inherits.
    static func anchor(_ name: String) -> TermField {
        TermField(name, TermNamespace(ofField: name), isAnchor: true)
    }

    /// A reference by `<stem>_type` and `<stem>_id`.
    static func pair(_ stem: String) -> TermField {
        TermField(stem, .named(by: "\(stem)_type"), isAnchor: false)
    }

    /// A reference by `<stem>_type` and `<stem>_id` that the rest of the stream inherits.
    static func anchorPair(_ stem: String) -> TermField {
        TermField(stem, .named(by: "\(stem)_type"), isAnchor: true)
    }

    /// A reference whose namespace the catalog states beside it.
    static func field(_ name: String, in namespace: TermNamespace) -> TermField {
        TermField(name, namespace, isAnchor: false)
    }

    private init(_ name: String, _ namespace: TermNamespace, isAnchor: Bool) {
        self.name = name
        self.namespace = namespace
        self.isAnchor = isAnchor
    }

    /// The field of `data` in which the id, or the list, stands.
    public var field: String {
        if case .named(let type) = namespace, type == "\(name)_type" { return "\(name)_id" }
        return name.split(separator: ".").first.map(String.init) ?? name
    }

    /// The member of the list's objects that holds the id; `nil` when the list, or the field, holds it itself.
    public var member: String? {
        let parts = name.split(separator: ".")
        return parts.count == 2 ? String(parts[1]) : nil
    }
}

/// What stands before the colon of a term.
public enum TermNamespace: Hashable, Sendable {
    /// This word.
    case fixed(String)
    /// What stands before the hyphen of a party's name.
    case party
    /// The word that another field holds.
    case named(by: String)
}
