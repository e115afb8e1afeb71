extension EventTypeDefinition {
    /// CATALOG.md 5.12, service 服务.
    ///
    /// An SLA has a stream apart from its ticket, so that the breach clock never collides with an agent.
    static let serviceTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "ticket.opened", "A customer asked for help or complained.", in: .ticket,
            stream: .entity("ticket", field: "ticket_id"),
            fields: [
                .required("ticket_id", .id),
                .required("number", .text),
                .optional("account_id", .id),
                .optional("contact_id", .id),
                .required("channel", .text),
                .required("kind", .enumeration(["question", "incident", "problem", "complaint", "return"])),
                .required("priority", .enumeration(["low", "normal", "high", "urgent"])),
                .optional("class", .text),
                .required("subject", .text, personal: .always),
                .optional("product_id", .id),
                .optional("order_id", .id),
            ],
            terms: [.anchor("contact_id"), .anchor("account_id"), "product_id", "order_id"],
            subject: SubjectRule(
                "contact_id, else account_id, else self", .field("contact_id"), .field("account_id"), .itself,
                for: .service)),
        EventTypeDefinition(
            "ticket.classified", "A ticket's kind, class, priority or severity was set.", in: .ticket,
            stream: .category("ticket"),
            fields: [
                .optional("kind", .enumeration(["question", "incident", "problem", "complaint", "return"])),
                .optional("class", .text),
                .optional("priority", .enumeration(["low", "normal", "high", "urgent"])),
                .optional("severity", .text),
                .optional("previous", .anyObject),
            ]),
        EventTypeDefinition(
            "ticket.assigned", "An agent or a team became responsible for a ticket.", in: .ticket,
            stream: .category("ticket"),
            fields: [
                .optional("assignee_id", .id),
                .optional("team_id", .id),
                .optional("previous_assignee_id", .id),
            ],
            terms: ["assignee_id", "previous_assignee_id"]),
        EventTypeDefinition(
            "ticket.responded", "Somebody answered on a ticket.", in: .ticket,
            stream: .category("ticket"),
            fields: [
                .required("interaction_id", .id),
                .required("author_kind", .enumeration(["agent", "bot", "customer"])),
                .required("public", .boolean),
                .optional("article_ids", .list(of: .id)),
            ],
            terms: ["interaction_id", "article_ids"]),
        EventTypeDefinition(
            "ticket.status_changed", "A ticket waits for somebody else, or no longer.", in: .ticket,
            stream: .category("ticket"),
            fields: [
                .required("from", .text),
                .required("to", .enumeration(["new", "open", "pending", "on_hold", "solved", "closed"])),
                .optional("reason", .code),
            ]),
        EventTypeDefinition(
            "ticket.escalated", "A ticket went to a higher level of support.", in: .ticket,
            stream: .category("ticket"),
            fields: [
                .required("level", .integer),
                .required("to_team_id", .id),
                .required("reason", .code),
            ]),
        EventTypeDefinition(
            "ticket.resolved", "A ticket's question was answered or its problem solved.", in: .ticket,
            stream: .category("ticket"),
            fields: [
                .required("resolution_code", .code),
                .optional("root_cause", .text),
                .required("resolver_id", .id),
            ],
            terms: ["resolver_id"]),
        EventTypeDefinition(
            "ticket.reopened", "A solved ticket came back.", in: .ticket,
            stream: .category("ticket"),
            fields: [
                .required("reason", .code),
                .required("reopen_no", .integer),
            ]),
        EventTypeDefinition(
            "sla.applied", "A ticket has a promise to keep, and a clock runs.", in: .ticket,
            stream: .entity("sla", field: "ticket_id"),
            fields: [
                .required("ticket_id", .id),
                .required("policy_id", .id),
                .required("policy_version", .integer),
                .required("metric", .slaMetric),
                .required("target", .seconds),
                .required("calendar_id", .id),
                .required("calendar_version", .integer),
                .required("due_at", .instant),
            ],
            terms: [.anchor("ticket_id")]),
        EventTypeDefinition(
            "sla.concluded", "A promise on a ticket was kept, broken or dropped.", in: .ticket,
            stream: .entity("sla", field: "ticket_id"),
            fields: [
                .required("ticket_id", .id),
                .required("metric", .slaMetric),
                .required("outcome", .enumeration(["fulfilled", "breached", "cancelled"])),
                .required("elapsed", .seconds),
                .required("at", .instant),
            ],
            terms: [.anchor("ticket_id")]),
        EventTypeDefinition(
            "kb.article_published", "An article of the knowledge base was published or revised.", in: .knowledge,
            stream: .entity("kb", field: "article_id"),
            fields: [
                .required("article_id", .id),
                .required("revision", .integer),
                .required("title", .text),
                .required("body_ref", .text),
                .required("language", .text),
                .required("visibility", .text),
            ]),
    ]
}
