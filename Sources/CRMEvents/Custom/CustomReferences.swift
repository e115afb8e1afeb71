/// The references of companies' own types, by the names of their fields alone (CATALOG.md section 4).
///
/// The index must give the same terms whenever it is rebuilt, and a rebuild knows the events but not the definitions.
/// So a field of a company's own type is a reference if, and only if, it has one of these names; a definition that
/// would give such a name to something else than a public id is refused. What a company adds to a type of the catalog
/// is never a reference. Whoever changes this list raises ``Catalog/termsVersion``.
enum CustomReferences {
    /// All of them, in the order of their terms.
    static let terms: [TermField] =
        names.map { TermField(stringLiteral: $0) } + pairs.map { .pair($0) }

    /// A type that has every reference: what the index is rebuilt by.
    static let table = CheckTable([
        EventTypeDefinition(
            "x_references", "All references that a company's own type can have.", in: .custom, stream: .any,
            fields: fields, terms: terms)
    ])

    /// What a field of this name must hold; `nil` for a name that is no reference.
    static func kind(ofFieldNamed name: String) -> FieldKind? { fields.first { $0.name == name }?.kind }

    /// Whether a field names a party or a user, under whose key personal fields can be sealed.
    static func isSubject(_ name: String) -> Bool { subjects.contains(name) }

    /// The references of a type with these fields.
    static func terms(of fields: [Field]) -> [TermField] {
        let present = Set(fields.map(\.name))
        return terms.filter { term in
            if case .named(let type) = term.namespace, !present.contains(type) { return false }
            return present.contains(term.field)
        }
    }

    private static let fields: [Field] =
        names.map { .optional($0, kind(ofName: $0)) }
        + pairs.flatMap { [.optional("\($0)_type", .code), .optional("\($0)_id", .id)] }

    private static func kind(ofName name: String) -> FieldKind {
        let isParty = TermNamespace(ofField: name) == .party
        let element = isParty ? FieldKind.party : .id
        return name.hasSuffix("_ids") ? .list(of: element) : element
    }

    private static let names = [
        "account_id", "contact_id", "lead_id", "opportunity_id", "campaign_id", "product_id", "quote_id",
        "contract_id", "order_id", "invoice_id", "payment_id", "subscription_id", "ticket_id", "article_id",
        "article_ids", "survey_id", "member_id", "partner_id", "goal_id", "rule_id", "approval_id", "segment_id",
        "journey_id", "pool_id", "import_id", "interaction_id", "message_id", "party_id", "party_ids",
        "candidate_ids", "surviving_id", "merged_ids", "restored_ids", "owner_id", "assignee_id", "from_owner_id",
        "previous_owner_id", "approver_id", "resolver_id", "user_id", "to_contact_ids", "signer_contact_id",
    ]

    /// The stems of `X_type` and `X_id`.
    private static let pairs = ["target", "entity", "about", "subject"]

    private static let subjects: Set = [
        "account_id", "contact_id", "lead_id", "party_id", "owner_id", "assignee_id", "user_id",
    ]
}
