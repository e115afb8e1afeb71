extension EventTypeDefinition {
    /// CATALOG.md 5.1, accounts: who our customers are. Everything lives in `account-{account_id}`.
    static let accountTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "account.created", "A customer became known.", in: .account,
            stream: .entity("account", field: "account_id"),
            fields: accountFields, terms: ["owner_id"], rules: [.amountsNeedCurrency]),
        EventTypeDefinition(
            "account.updated", "A customer's record was corrected or enriched.", in: .account,
            stream: .category("account"),
            fields: [
                .required("changes", .changes(of: changeableAccountFields)),
                .optional("reason", .enumeration(["edit", "enrich", "cleanse", "sync"])),
            ]),
        EventTypeDefinition(
            "account.classified", "A customer was put into a class, tier, grade or lifecycle phase.",
            in: .account, stream: .category("account"),
            fields: [
                .required("scheme", .text),
                .required("value", .text),
                .optional("previous", .text),
                .optional("rule_version", .integer),
            ]),
        EventTypeDefinition(
            "account.owner_assigned", "Somebody became responsible for a customer.", in: .account,
            stream: .category("account"),
            fields: ownerFields, terms: ["owner_id", "previous_owner_id"]),
    ]

    /// Whom a customer or a deal was given to, and how.
    static let ownerFields: [Field] = [
        .required("owner_id", .id),
        .optional("previous_owner_id", .id),
        .optional("team_id", .id),
        .required("mode", .enumeration(["manual", "rule", "pool", "transfer"])),
        .optional("rule_version", .integer),
    ]

    private static let accountFields: [Field] = [
        .required("account_id", .id),
        .optional("natural_person", .boolean),  // absent means false
        .required("name", .text, personal: .ifNaturalPerson),
        .optional("legal_name", .text, personal: .ifNaturalPerson),
        .optional("unified_credit_code", .text, personal: .ifNaturalPerson),  // CN USCC, 18 characters
        .optional("domain", .text),
        .optional("industry", .text),
        .optional("employee_count", .integer),
        .optional("annual_revenue", .money),
        .optional("currency", .currency),
        .optional("billing_address", .anyObject, personal: .always),
        .optional("owner_id", .id),
        .optional("source", .text),
        .optional("external_ids", .list(of: .object([.optional("system", .text), .optional("id", .id)]))),
    ]

    /// An update corrects the record. Which account it is, and whether it is a person, it cannot change.
    private static let changeableAccountFields = accountFields.filter {
        $0.name != "account_id" && $0.name != "natural_person"
    }
}
