extension EventTypeDefinition {
    /// CATALOG.md 5.3, leads 线索: somebody who may become a customer.
    static let leadTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "lead.captured", "Somebody showed interest for the first time.", in: .lead,
            stream: .entity("lead", field: "lead_id"),
            fields: leadFields,
            terms: ["campaign_id", "partner_id", "captured_by"],
            subject: .named("lead_id", for: .sales)),
        EventTypeDefinition(
            "lead.updated", "A lead's record was corrected or enriched.", in: .lead,
            stream: .category("lead"),
            fields: [
                .required("changes", .changes(of: changeableLeadFields)),
                .optional("reason", .code),
            ],
            subject: .stream(for: .sales)),
        EventTypeDefinition(
            "lead.assigned", "Somebody became responsible for a lead.", in: .lead,
            stream: .category("lead"),
            fields: [
                .required("owner_id", .id),
                .optional("previous_owner_id", .id),
                .optional("rule_id", .id),
                .optional("rule_version", .integer),
                .optional("sla_due_at", .instant),
            ],
            terms: ["owner_id", "previous_owner_id", "rule_id"]),
        EventTypeDefinition(
            "lead.scored", "A model judged how promising a lead is.", in: .lead,
            stream: .category("lead"),
            fields: [
                .required("score", .integer),
                .required("model_id", .id),
                .required("model_version", .integer),
                .optional("factors", .list(of: .object([.optional("name", .text), .optional("points", .integer)]))),
            ]),
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
            "lead.disqualified", "A lead was given up.", in: .lead,
            stream: .category("lead"),
            fields: [
                .required(
                    "reason",
                    .enumeration(["no_budget", "no_need", "unreachable", "competitor", "duplicate", "spam", "other"])),
                .optional("note", .text, personal: .always),
            ],
            subject: .stream(for: .sales)),
        EventTypeDefinition(
            "lead.recycled", "A lead that was given up is worth another try.", in: .lead,
            stream: .category("lead"),
            fields: [
                .required("reason", .code),
                .optional("revisit_at", .instant),
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

    private static let leadFields: [Field] =
        [
            .required("lead_id", .id),
            .required("source", .text),
            .required(
                "channel",
                .enumeration(["web", "social", "event", "call", "import", "tender", "partner", "referral", "other"])),
            .optional(
                "person",
                .object([
                    .optional("given_name", .text), .optional("family_name", .text), .optional("email", .text),
                    .optional("phone", .text),
                ]), personal: .always),
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
        ] + Field.utm

    /// A change corrects the record; which lead it is it cannot change.
    private static let changeableLeadFields = leadFields.filter { !["lead_id"].contains($0.name) }
}
