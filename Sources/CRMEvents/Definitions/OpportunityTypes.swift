extension EventTypeDefinition {
    /// CATALOG.md 5.5, opportunities 商机: a deal on its way through a pipeline's stages.
    ///
    /// Only the opening names the account; the rest of the stream inherits it.
    static let opportunityTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "opportunity.opened", "A deal came into sight.", in: .opportunity,
            stream: .entity("opportunity", field: "opportunity_id"),
            fields: [
                .required("opportunity_id", .id),
                .required("account_id", .id),
                .required("name", .text, personal: .ifNaturalPerson),
                .required("pipeline_id", .id),
                .required("pipeline_version", .integer),
                .required("stage_id", .id),
                .optional("amount", .money),
                .optional("currency", .currency),
                .optional("probability", .basisPoints),
                .optional("expected_close_date", .civilDay),
                .required("owner_id", .id),
                .optional("type", .enumeration(["new", "expansion", "renewal"])),
                .optional("source", .text),
                .optional("campaign_id", .id),
                .optional("lead_id", .id),
                .optional("lines", .list(of: .line)),
            ],
            terms: [.anchor("account_id"), "owner_id", "campaign_id", "lead_id"],
            subject: .named("account_id", for: .sales),
            rules: [.amountsNeedCurrency]),
        EventTypeDefinition(
            "opportunity.stage_changed", "A deal moved to another stage.", in: .opportunity,
            stream: .category("opportunity"),
            fields: [
                .required("from_stage_id", .id),
                .required("to_stage_id", .id),
                .required("direction", .enumeration(["forward", "backward", "lateral", "pipeline_move"])),
                .optional("skipped", .list(of: .id)),
                .optional("probability", .basisPoints),
                .optional("reason", .code),
                .optional("to_pipeline_id", .id),
            ]),
        EventTypeDefinition(
            "opportunity.amount_changed", "A deal is worth more or less than before.", in: .opportunity,
            stream: .category("opportunity"),
            fields: [
                .required("old_amount", .money),
                .required("new_amount", .money),
                .required("currency", .currency),
                .optional("lines", .list(of: .line)),
            ]),
        EventTypeDefinition(
            "opportunity.close_date_changed", "A deal is expected to close earlier or later.", in: .opportunity,
            stream: .category("opportunity"),
            fields: [
                .required("old_date", .civilDay),
                .required("new_date", .civilDay),
                .optional("reason", .code),
            ]),
        EventTypeDefinition(
            "opportunity.forecast_changed", "A deal counts in another category of the forecast.", in: .opportunity,
            stream: .category("opportunity"),
            fields: [
                .required(
                    "category", .enumeration(["omitted", "pipeline", "best_case", "most_likely", "commit", "closed"])),
                .optional("probability", .basisPoints),
                .required("overridden", .boolean),
            ]),
        EventTypeDefinition(
            "opportunity.owner_assigned", "Somebody became responsible for a deal.", in: .opportunity,
            stream: .category("opportunity"),
            fields: ownerFields,
            terms: ["owner_id", "previous_owner_id"]),
        EventTypeDefinition(
            "opportunity.won", "The customer said yes.", in: .opportunity,
            stream: .category("opportunity"),
            fields: [
                .required("amount", .money),
                .required("currency", .currency),
                .required("won_at", .instant),
                .optional("order_id", .id),
                .optional("contract_id", .id),
            ],
            terms: ["order_id", "contract_id"]),
        EventTypeDefinition(
            "opportunity.lost", "The customer said no, or nothing.", in: .opportunity,
            stream: .category("opportunity"),
            fields: [
                .required("reason_code", .code),
                .optional("competitor", .text),
                .optional("note", .text, personal: .always),
                .required("lost_at", .instant),
                .required("stage_id", .id),
            ],
            subject: .anchor(for: .sales)),
        EventTypeDefinition(
            "opportunity.reopened", "A closed deal came back.", in: .opportunity,
            stream: .category("opportunity"),
            fields: [
                .required("to_stage_id", .id),
                .required("reason", .code),
                // the closing event
                .required("reverses", .event),
            ]),
    ]
}
