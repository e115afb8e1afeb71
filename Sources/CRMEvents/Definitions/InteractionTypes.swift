extension EventTypeDefinition {
    /// CATALOG.md 5.6, interactions and tasks 跟进: who spoke with whom, and who has what to do.
    static let interactionTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "interaction.recorded", "A call, meeting, message or visit took place.", in: .interaction,
            stream: .entity("interaction", field: "interaction_id"),
            fields: [
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
                    ]), personal: .always),
                .optional("thread_id", .id),
                .optional("external_ref", .text),
            ],
            terms: [.anchor("party_ids"), "opportunity_id", "ticket_id", "campaign_id", "lead_id"],
            subject: SubjectRule("first party", .firstParty, for: .sales)),
        EventTypeDefinition(
            "email.engaged", "A sent e-mail was delivered, opened, clicked, answered or bounced.", in: .interaction,
            stream: .entity("interaction", field: "message_id"),
            fields: [
                // the interaction of the sent mail
                .required("message_id", .id),
                .required("party_id", .party),
                .required(
                    "kind",
                    .enumeration([
                        "delivered", "opened", "clicked", "replied", "soft_bounced", "hard_bounced", "complained",
                        "unsubscribed",
                    ])),
                .optional("url", .url),
                .optional("campaign_id", .id),
                .optional("bot_suspected", .boolean),
            ],
            terms: ["party_id", "campaign_id"]),
        EventTypeDefinition(
            "task.created", "Somebody has something to do.", in: .task,
            stream: .entity("task", field: "task_id"),
            fields: [
                .required("task_id", .id),
                .required("assignee_id", .id),
                .required("due_at", .instant),
                .optional("about_type", .code),
                .optional("about_id", .id),
                .required("title", .text, personal: .always),
                .optional("priority", .enumeration(["low", "normal", "high"])),
                .optional("rule_id", .id),
            ],
            terms: [.anchorPair("about"), "assignee_id", "rule_id"],
            subject: SubjectRule("about's party, else self", .partyOf("about"), .itself, for: .sales)),
        EventTypeDefinition(
            "task.completed", "A task was done, dropped or closed after its time.", in: .task,
            stream: .entity("task", field: "task_id"),
            fields: [
                .required("task_id", .id),
                .required("result", .enumeration(["done", "cancelled", "overdue_closed"])),
                .required("completed_at", .instant),
            ]),
    ]
}
