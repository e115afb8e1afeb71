extension EventTypeDefinition {
    /// CATALOG.md 5.4, the customer pool 公海: customers and leads that anybody may claim.
    ///
    /// One stream for each entity, so that two claims race on one revision.
    static let poolTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "pool.released", "An owner gave a customer or a lead back to the pool.", in: .pool,
            stream: .pair("pool", first: "entity_type", second: "entity_id"),
            fields: [
                .required("pool_id", .id),
                .required("entity_type", .enumeration(["account", "lead"])),
                .required("entity_id", .id),
                .required("from_owner_id", .id),
                .required("reason_code", .code),
                .optional("note", .text, personal: .always),
            ],
            terms: [.anchorPair("entity"), "pool_id", "from_owner_id"],
            subject: SubjectRule("entity", .pair("entity"), for: .sales)),
        EventTypeDefinition(
            "pool.reclaimed", "A rule took a customer or a lead back into the pool.", in: .pool,
            stream: .pair("pool", first: "entity_type", second: "entity_id"),
            fields: [
                .required("pool_id", .id),
                .required("entity_type", .enumeration(["account", "lead"])),
                .required("entity_id", .id),
                .required("from_owner_id", .id),
                .required(
                    "trigger", .enumeration(["no_follow_up", "no_opportunity", "no_deal", "protection_expired"])),
                .required("idle", .seconds),
                .required("rule_version", .integer),
            ],
            terms: [.anchorPair("entity"), "pool_id", "from_owner_id"]),
        EventTypeDefinition(
            "pool.claimed", "Somebody took a customer or a lead out of the pool.", in: .pool,
            stream: .pair("pool", first: "entity_type", second: "entity_id"),
            fields: [
                .required("pool_id", .id),
                .required("entity_type", .enumeration(["account", "lead"])),
                .required("entity_id", .id),
                .required("owner_id", .id),
                .required("mode", .enumeration(["claimed", "assigned", "removed_from_pool"])),
                .required("holdings_after", .integer),
                .required("claims_today", .integer),
                .optional("protected_until", .instant),
            ],
            terms: [.anchorPair("entity"), "pool_id", "owner_id"]),
    ]
}
