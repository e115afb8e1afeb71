extension EventTypeDefinition {
    /// CATALOG.md 5.7, marketing 营销: where interest comes from.
    static let marketingTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "campaign.created", "A campaign was planned.", in: .campaign,
            stream: .entity("campaign", field: "campaign_id"),
            fields: [
                .required("campaign_id", .id),
                .required("name", .text),
                .required(
                    "type",
                    .enumeration(["email", "event", "social", "search", "content", "referral", "tender", "other"])),
                .optional("budget", .money),
                .optional("currency", .currency),
                .optional("start_date", .civilDay),
                .optional("end_date", .civilDay),
                .optional("parent_id", .id),
                .optional("goal_metric", .text),
            ],
            terms: ["parent_id"],
            rules: [.amountsNeedCurrency, .ordered("start_date", notAfter: "end_date")]),
        EventTypeDefinition(
            "campaign.status_changed", "A campaign began, paused, went on or ended.", in: .campaign,
            stream: .category("campaign"),
            fields: [
                .required("from", .text),
                .required("to", .enumeration(["planned", "active", "paused", "completed", "aborted"])),
            ]),
        EventTypeDefinition(
            "campaign.cost_recorded", "Money was spent on a campaign, on sales or on a programme.", in: .campaign,
            stream: .either("campaign", field: "campaign_id", other: "scope"),
            fields: [
                .optional("campaign_id", .id),
                .required("amount", .money),
                .required("currency", .currency),
                .required("cost_type", .text),
                .required("incurred_on", .civilDay),
                // without a campaign the id is the scope
                .required("scope", .enumeration(["campaign", "sales", "programme"])),
            ]),
        EventTypeDefinition(
            "segment.membership_changed", "A party entered or left a segment.", in: .marketing,
            stream: .entity("segment", field: "segment_id"),
            fields: [
                .required("segment_id", .id),
                .required("rule_version", .integer),
                .required("party_id", .party),
                .required("change", .enumeration(["entered", "exited"])),
                .required("cause_event_id", .event),
                .optional("reason", .enumeration(["behavior", "rule_version"])),
            ],
            terms: ["party_id"]),
        EventTypeDefinition(
            "journey.step_executed", "A journey took its next step with a party.", in: .marketing,
            stream: .pair("journey", first: "journey_id", second: "party_id"),
            fields: [
                .required("journey_id", .id),
                .required("version", .integer),
                .required("party_id", .party),
                .required("step", .text),
                .required("action", .enumeration(["send", "wait", "branch", "recommend", "task", "exit"])),
                .optional("outcome", .text),
                .optional("product_ids", .list(of: .id)),
            ],
            terms: [.anchor("party_id"), "journey_id"]),
        EventTypeDefinition(
            "content.published", "A piece of content went public on a platform.", in: .marketing,
            stream: .entity("content", field: "content_id"),
            fields: [
                .required("content_id", .id),
                .required("platform", .text),
                .optional("campaign_id", .id),
                .optional("url", .url),
                .optional("published_at", .instant),
            ],
            terms: ["campaign_id"]),
    ]
}
