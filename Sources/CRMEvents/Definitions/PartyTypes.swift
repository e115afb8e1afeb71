extension EventTypeDefinition {
    /// CATALOG.md 5.1, parties: accounts, contacts and who is the same as whom.
    static let partyTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "account.created", "A customer became known.", in: .account,
            stream: .entity("account", field: "account_id"),
            fields: accountFields,
            terms: ["owner_id"],
            subject: .named("account_id", for: .identity),
            rules: [.amountsNeedCurrency]),
        EventTypeDefinition(
            "account.updated", "A customer's record was corrected or enriched.", in: .account,
            stream: .category("account"),
            fields: [
                .required("changes", .changes(of: changeableAccountFields)),
                .optional("reason", .enumeration(["edit", "enrich", "cleanse", "sync"])),
            ],
            subject: .stream(for: .identity)),
        EventTypeDefinition(
            "account.classified", "A customer was put into a class, tier, grade or lifecycle phase.", in: .account,
            stream: .category("account"),
            fields: [
                // class, tier, grade, key_account, lifecycle, relationship_level
                .required("scheme", .text),
                .required("value", .text),
                .optional("previous", .text),
                .optional("rule_version", .integer),
            ]),
        EventTypeDefinition(
            "account.owner_assigned", "Somebody became responsible for a customer.", in: .account,
            stream: .category("account"),
            fields: ownerFields,
            terms: ["owner_id", "previous_owner_id"]),
        EventTypeDefinition(
            "contact.created", "A person at a customer became known.", in: .contact,
            stream: .entity("contact", field: "contact_id"),
            fields: contactFields,
            subject: .named("contact_id", for: .identity)),
        EventTypeDefinition(
            "contact.updated", "A person's record was corrected or enriched.", in: .contact,
            stream: .category("contact"),
            fields: [
                .required("changes", .changes(of: changeableContactFields)),
                .optional("reason", .enumeration(["edit", "enrich", "cleanse", "sync"])),
            ],
            subject: .stream(for: .identity)),
        EventTypeDefinition(
            "contact.linked", "A person took a role at an account, in a deal or at a partner, or left it.",
            in: .contact,
            stream: .entity("contact", field: "contact_id"),
            fields: [
                .required("contact_id", .id),
                .required("target_type", .enumeration(["account", "opportunity", "partner"])),
                .required("target_id", .id),
                // decision_maker, influencer, user, …
                .optional("role", .text),
                .optional("primary", .boolean),
                .required("active", .boolean),
            ],
            terms: [.pair("target")]),
        EventTypeDefinition(
            "contact.point_verified", "Somebody found out whether an address or a number reaches a person.",
            in: .contact,
            stream: .entity("contact", field: "contact_id"),
            fields: [
                .required("contact_id", .id),
                .required("kind", .enumeration(["email", "phone", "address"])),
                .required("result", .enumeration(["valid", "invalid", "unreachable", "bounced"])),
                .required("method", .text),
                .required("value", .text, personal: .always),
            ],
            subject: .named("contact_id", for: .identity)),
        EventTypeDefinition(
            "tag.changed", "Tags were put on a record or taken off it.", in: .party,
            stream: .own(type: "target_type", id: "target_id"),
            fields: [
                .required("target_type", .code),
                .required("target_id", .id),
                .optional("added", .list(of: .text)),
                .optional("removed", .list(of: .text)),
            ],
            terms: [.pair("target")]),
        EventTypeDefinition(
            "identity.linked", "A party turned out to be known under another identifier.", in: .party,
            stream: .named(field: "party_id"),
            fields: [
                .required("party_id", .party),
                .required("kind", .enumeration(["anonymous_id", "user_id", "email", "phone", "device", "open_id"])),
                .required("value", .text, personal: .always),
                .required("confidence", .basisPoints),
                .required("source", .text),
            ],
            terms: ["party_id"],
            subject: .named("party_id", for: .identity)),
        EventTypeDefinition(
            "behavior.tracked", "A visitor did something on a site or in an app.", in: .behavior,
            stream: .party("behavior", field: "party_id", anonymous: "anonymous_id"),
            fields: [
                .optional("party_id", .party),
                .optional("anonymous_id", .id),
                .required("name", .text),
                .optional("properties", .anyObject),
                .optional("session_id", .id),
                .optional("page_url", .url, personal: .always),
            ],
            exactlyOneOf: ["party_id", "anonymous_id"],
            terms: [.anchor("party_id")],
            subject: .named("party_id", for: .marketing)),
        EventTypeDefinition(
            "usage.reported", "A product measured how much a customer used it in a period.", in: .behavior,
            stream: .entity("usage", field: "account_id"),
            fields: [
                .required("account_id", .id),
                .required("metric", .text),
                .required("quantity_milli", .integer),
                .required("period_start", .instant),
                .required("period_end", .instant),
                .required("unit", .text),
            ],
            terms: [.anchor("account_id")],
            rules: [.ordered("period_start", notAfter: "period_end")]),
        EventTypeDefinition(
            "party.duplicate_detected", "Several parties look like one and the same.", in: .party,
            stream: .category("duplicate"),
            fields: [
                .required("candidate_ids", .list(of: .party)),
                .required("score", .basisPoints),
                .required("rule_id", .id),
                .required("rule_version", .integer),
                .required(
                    "evidence", .list(of: .object([.optional("field", .text), .optional("similarity", .basisPoints)]))),
            ],
            terms: ["candidate_ids", "rule_id"]),
        EventTypeDefinition(
            "party.duplicate_reviewed", "Somebody decided whether several parties are one and the same.", in: .party,
            stream: .category("duplicate"),
            fields: [
                .required("candidate_ids", .list(of: .party)),
                .required("decision", .enumeration(["merge", "distinct", "defer"])),
                .required("reviewer_id", .id),
            ],
            terms: ["candidate_ids", "reviewer_id"]),
        EventTypeDefinition(
            "party.merged", "Several parties became one.", in: .party,
            stream: .named(field: "surviving_id"),
            fields: [
                .required("surviving_id", .party),
                .required("merged_ids", .list(of: .party)),
                .optional("field_choices", .map("field→source_id", of: .id)),
                .required("method", .enumeration(["manual", "rule"])),
                .optional("rule_version", .integer),
            ],
            terms: ["surviving_id", "merged_ids"]),
        EventTypeDefinition(
            "party.unmerged", "Parties that were merged by mistake stand alone again.", in: .party,
            stream: .named(field: "surviving_id"),
            fields: [
                .required("surviving_id", .party),
                .required("restored_ids", .list(of: .party)),
                .required("reason", .code),
            ],
            terms: ["surviving_id", "restored_ids"]),
    ]

    private static let accountFields: [Field] =
        [
            .required("account_id", .id),
            .optional("natural_person", .boolean),
            .required("name", .text, personal: .ifNaturalPerson),
            .optional("legal_name", .text, personal: .ifNaturalPerson),
            // CN USCC, 18 characters
            .optional("unified_credit_code", .text, personal: .ifNaturalPerson),
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

    /// A change corrects the record; which account it is, and whether it is a person it cannot change.
    private static let changeableAccountFields = accountFields.filter {
        !["account_id", "natural_person"].contains($0.name)
    }

    /// Whom a customer or a deal was given to, and how.
    static let ownerFields: [Field] = [
        .required("owner_id", .id),
        .optional("previous_owner_id", .id),
        .optional("team_id", .id),
        .required("mode", .enumeration(["manual", "rule", "pool", "transfer"])),
        .optional("rule_version", .integer),
    ]

    private static let contactFields: [Field] =
        [
            .required("contact_id", .id),
            .optional("given_name", .text, personal: .always),
            .required("family_name", .text, personal: .always),
            .optional("email", .text, personal: .always),
            // E.164
            .optional("phone", .text, personal: .always),
            .optional("wechat_id", .text, personal: .always),
            .optional("job_title", .text),
            // BCP 47
            .optional("locale", .text),
            .optional("birth_date", .civilDay, personal: .always),
        ]

    /// A change corrects the record; which contact it is it cannot change.
    private static let changeableContactFields = contactFields.filter { !["contact_id"].contains($0.name) }
}
