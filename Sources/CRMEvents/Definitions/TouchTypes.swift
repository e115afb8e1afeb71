extension EventTypeDefinition {
    /// CATALOG.md 5.6, interactions 跟进: who spoke with whom. Both types live in `interaction-{interaction_id}`.
    static let interactionTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "interaction.recorded", "A call, meeting, message or visit took place.", in: .interaction,
            stream: .entity("interaction", field: "interaction_id"),
            fields: interactionFields,
            terms: [.anchor("party_ids"), "opportunity_id", "ticket_id", "campaign_id", "lead_id"]),
        EventTypeDefinition(
            "email.engaged", "A sent e-mail was delivered, opened, clicked, answered or bounced.",
            in: .interaction, stream: .entity("interaction", field: "message_id"),
            fields: [
                .required("message_id", .id),  // the interaction of the sent mail
                .required("party_id", .party),
                .required(
                    "kind",
                    .enumeration([
                        "delivered", "opened", "clicked", "replied", "soft_bounced", "hard_bounced",
                        "complained", "unsubscribed",
                    ])),
                .optional("url", .url),
                .optional("campaign_id", .id),
                .optional("bot_suspected", .boolean),
            ],
            terms: ["party_id", "campaign_id"]),
    ]

    /// CATALOG.md 5.1, behaviour: what a party, known or not, did on a site or in an app.
    static let behaviorTypes: [EventTypeDefinition] = [
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
            terms: [.anchor("party_id")])
    ]

    /// CATALOG.md 5.13, satisfaction 满意度: one stream for each survey and party.
    static let surveyTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "survey.responded", "A customer answered a survey.", in: .survey,
            stream: .pair("survey", field: "survey_id", party: "party_id"),
            fields: [
                .required("survey_id", .id),
                .required("party_id", .party),
                .required("kind", .enumeration(["csat", "nps", "ces", "custom"])),
                .required("score", .integer),
                .required("scale_max", .integer),
                .optional("answers", .anyObject, personal: .always),
                .optional("comment", .text, personal: .always),
            ],
            terms: [.anchor("party_id"), "survey_id"])
    ]

    private static let interactionFields: [Field] = [
        .required("interaction_id", .id),
        .required(
            "channel",
            .enumeration([
                "email", "call", "meeting", "sms", "chat", "wechat", "social", "visit", "post", "note",
            ])),
        .required("direction", .enumeration(["in", "out", "internal"])),
        .required("party_ids", .list(of: .party)),
        .optional("opportunity_id", .id),
        .optional("ticket_id", .id),
        .optional("campaign_id", .id),
        .optional("lead_id", .id),
        .optional("subject", .text, personal: .always),
        .optional("body_ref", .text, personal: .always),
        .required("started_at", .instant),
        .optional("duration", .seconds),
        .optional(
            "outcome",
            .enumeration([
                "connected", "no_answer", "held", "cancelled", "no_show", "positive", "negative", "neutral",
            ])),
        .optional(
            "geo",
            .object([
                .optional("lat_e7", .integer), .optional("lon_e7", .integer), .optional("accuracy_m", .integer),
            ]),
            personal: .always),
        .optional("thread_id", .id),
        .optional("external_ref", .text),
    ]
}
