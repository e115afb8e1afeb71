extension EventTypeDefinition {
    /// CATALOG.md 5.3, leads 线索: somebody who may become a customer. Everything lives in `lead-{lead_id}`.
    static let leadTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "lead.captured", "Somebody showed interest for the first time.", in: .lead,
            stream: .entity("lead", field: "lead_id"),
            fields: leadFields + Field.utm,
            terms: ["campaign_id", "partner_id", "captured_by"]),
        EventTypeDefinition(
            "lead.assigned", "Somebody became responsible for a lead.", in: .lead, stream: .category("lead"),
            fields: [
                .required("owner_id", .id),
                .optional("previous_owner_id", .id),
                .optional("rule_id", .id),
                .optional("rule_version", .integer),
                .optional("sla_due_at", .instant),
            ],
            terms: ["owner_id", "previous_owner_id", "rule_id"]),
        EventTypeDefinition(
            "lead.qualified", "A lead met the criteria of marketing or sales.", in: .lead,
            stream: .category("lead"),
            fields: [
                .required("stage", .enumeration(["mql", "sal", "sql"])),
                .required("criteria_version", .integer),
                .required("by", .id),
            ],
            terms: ["by"]),
        EventTypeDefinition(
            "lead.disqualified", "A lead was given up.", in: .lead, stream: .category("lead"),
            fields: [
                .required(
                    "reason",
                    .enumeration([
                        "no_budget", "no_need", "unreachable", "competitor", "duplicate", "spam", "other",
                    ])),
                .optional("note", .text, personal: .always),
            ]),
        EventTypeDefinition(
            "lead.converted", "A lead became an account, and its history the account's.", in: .lead,
            stream: .category("lead"),
            fields: [
                .required("account_id", .id),
                .required("contact_id", .id),
                .optional("opportunity_id", .id),
                .required("created", .list(of: .enumeration(["account", "contact", "opportunity"]))),
            ],
            terms: ["account_id", "contact_id", "opportunity_id"]),
    ]

    private static let leadFields: [Field] = [
        .required("lead_id", .id),
        .required("source", .text),
        .required(
            "channel",
            .enumeration([
                "web", "social", "event", "call", "import", "tender", "partner", "referral", "other",
            ])),
        .optional(
            "person",
            .object([
                .optional("given_name", .text), .optional("family_name", .text), .optional("email", .text),
                .optional("phone", .text),
            ]),
            personal: .always),
        .optional("company_name", .text),
        .optional("title", .text),
        .optional("message", .text, personal: .always),
        .optional("campaign_id", .id),
        .optional("referrer_url", .url),
        .optional("landing_url", .url),
        .optional("form_id", .id),
        .optional("partner_id", .id),
        .optional("external_ref", .text),
        .optional("captured_by", .id),
    ]
}
