import CanonicalJSON

/// The public fields of a type, or of an object inside one, in the canonical order of their names.
///
/// A generated value reads its fields by their places in this list, so the list and the value come from the same
/// definition (<doc:TypedValues>).
final class FieldTable: Sendable {
    /// One field as a walk through canonical data meets it.
    struct Entry: Sendable {
        let name: String
        let member: MemberName
        /// `nil` where any kind will do.
        let kind: JSONNode.Kind?
        let isRequired: Bool

        init(_ name: String, _ kind: JSONNode.Kind?, isRequired: Bool) {
            self.name = name
            member = MemberName(name)
            self.kind = kind
            self.isRequired = isRequired
        }
    }

    /// The fields; their places are what generated values ask for.
    let entries: [Entry]
    /// How many are required.
    let required: Int
    /// Where a type names the party it belongs to.
    let party: PartyFields
    /// Where it names streams through which it belongs to one.
    let ways: WayFields

    /// The fields of a definition that can stand in public data.
    ///
    /// - Parameter terms: those of the type; of them the anchors say through which streams it belongs to a party.
    convenience init(_ fields: [Field], terms: [TermField] = []) {
        let fields = Self.publicFields(fields)
        let entries = fields.map { field in
            Entry(field.name, field.kind.jsonKind, isRequired: field.isRequired && field.personal == nil)
        }
        self.init(entries, PartyFields(fields), WayFields(fields, terms))
    }

    /// The members of a change (``FieldChange``).
    static let change = FieldTable([
        Entry("field", .text, isRequired: true), Entry("new", nil, isRequired: false),
        Entry("old", nil, isRequired: false),
    ])

    /// The members of a line (``LineItem``).
    static let line = FieldTable(Field.line)

    /// The members of the objects that a field of a type holds.
    static func inside(_ type: String, _ field: String) -> FieldTable {
        let kind = Catalog.standard[type]?.fields.first { $0.name == field }?.kind
        return FieldTable(kind?.members ?? [])
    }

    private init(
        _ entries: [Entry], _ party: PartyFields = PartyFields([]), _ ways: WayFields = WayFields([], [])
    ) {
        self.entries = entries
        required = entries.count(where: \.isRequired)
        self.party = party
        self.ways = ways
    }

    /// The fields that can stand in public data, in canonical order; names of fields are ASCII.
    static func publicFields(_ fields: [Field]) -> [Field] {
        fields.filter { $0.personal != .always }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Those of every type of the build, by its place in the catalog.
    static let types = Catalog.standard.table.definitions.map { FieldTable($0.fields, terms: $0.terms) }
}

/// The places of the fields by which an event names a party (READ_MODELS.md section 0); −1 for none.
struct PartyFields: Sendable {
    let account: Int
    let party: Int
    let parties: Int
    let targetType: Int
    let target: Int
    let contact: Int
    let anonymous: Int

    init(_ fields: [Field]) {
        account = fields.place(of: "account_id")
        party = fields.place(of: "party_id")
        parties = fields.place(of: "party_ids")
        targetType = fields.place(of: "target_type")
        target = fields.place(of: "target_id")
        contact = fields.place(of: "contact_id")
        anonymous = fields.place(of: "anonymous_id")
    }
}

/// The places of the fields by which an event names streams that lead to its party.
struct WayFields: Sendable {
    /// Fields that name another stream whose party is the event's too, such as a promise's ticket, with what stands
    /// before the id in that stream's name.
    let fields: [(place: Int, prefix: String)]
    /// The same by two fields, such as what a task is about: the fields of category and id.
    let pairs: [(type: Int, id: Int)]

    init(_ fields: [Field], _ terms: [TermField]) {
        let place = { fields.place(of: $0) }
        self.fields = terms.compactMap { term in
            guard term.isAnchor, case .fixed(let category) = term.namespace, place(term.name) >= 0,
                !["account", "lead", "contact"].contains(category)
            else { return nil }
            return (place(term.name), category + "-")
        }
        pairs = terms.compactMap { term in
            guard term.isAnchor, case .named(let type) = term.namespace, place(type) >= 0, place(term.field) >= 0
            else { return nil }
            return (place(type), place(term.field))
        }
    }
}

extension [Field] {
    fileprivate func place(of name: String) -> Int { firstIndex { $0.name == name } ?? -1 }
}

extension FieldKind {
    /// The fields of the object, or of each object of the list.
    var members: [Field]? {
        switch self {
        case .object(let fields): fields
        case .list(let element): element.members
        case .line: Field.line
        default: nil
        }
    }

    /// What a value of this kind is in JSON.
    var jsonKind: JSONNode.Kind {
        switch self {
        case .id, .party, .event, .text, .code, .url, .sha256, .currency, .civilDay, .enumeration: .text
        case .boolean: .boolean
        case .integer, .basisPoints, .money, .instant, .seconds: .integer
        case .list, .changes, .anyChanges: .array
        case .object, .anyObject, .map, .line: .object
        }
    }
}
