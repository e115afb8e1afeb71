extension EventTypeDefinition {
    /// CATALOG.md 5.7, marketing 营销: where interest comes from. Lives in `campaign-{campaign_id}`.
    static let campaignTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "campaign.created", "A campaign was planned.", in: .campaign,
            stream: .entity("campaign", field: "campaign_id"),
            fields: [
                .required("campaign_id", .id),
                .required("name", .text),
                .required(
                    "type",
                    .enumeration([
                        "email", "event", "social", "search", "content", "referral", "tender", "other",
                    ])),
                .optional("budget", .money),
                .optional("currency", .currency),
                .optional("start_date", .civilDay),
                .optional("end_date", .civilDay),
                .optional("parent_id", .id),
                .optional("goal_metric", .text),
            ],
            terms: ["parent_id"], rules: [.amountsNeedCurrency])
    ]

    /// CATALOG.md 5.10, orders 订单. Everything lives in `order-{order_id}`.
    static let orderTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "order.placed", "A customer ordered.", in: .order, stream: .entity("order", field: "order_id"),
            fields: [
                .required("order_id", .id),
                .required("number", .text),
                .required("account_id", .id),
                .optional("opportunity_id", .id),
                .optional("contract_id", .id),
                .optional("quote_id", .id),
                .required("lines", .list(of: .line)),
                .required("total", .money),
                .required("currency", .currency),
                .optional("channel", .text),
                .required("placed_at", .instant),
            ],
            terms: [.anchor("account_id"), "opportunity_id", "contract_id", "quote_id"],
            rules: [.totalOfLines]),
        EventTypeDefinition(
            "order.cancelled", "An order, or the named lines of it, will not be fulfilled.", in: .order,
            stream: .category("order"),
            fields: [
                .required("reason", .code),
                .optional(
                    "lines",
                    .list(of: .object([.optional("line_id", .id), .optional("quantity_milli", .integer)]))),
            ]),
    ]

    /// CATALOG.md 5.10, payments 回款. Lives in `payment-{payment_id}`.
    static let paymentTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "payment.received", "Money came in.", in: .payment,
            stream: .entity("payment", field: "payment_id"),
            fields: [
                .required("payment_id", .id),
                .required("account_id", .id),
                .required("amount", .money),
                .required("currency", .currency),
                .required("method", .text),
                .required("value_date", .civilDay),
                .required("kind", .enumeration(["receipt", "prepayment", "deposit"])),
                .optional("bank_ref", .text, personal: .always),
            ],
            terms: [.anchor("account_id")])
    ]

    /// CATALOG.md 5.14, rules: versioned definitions that events are judged by. Lives in `rule-{rule_id}`.
    static let ruleTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "rule.published", "A versioned rule, here a pipeline with its stages, came into force.", in: .rule,
            stream: .entity("rule", field: "rule_id"),
            fields: [
                .required("rule_id", .id),
                .required(
                    "kind",
                    .enumeration([
                        "pipeline", "segment", "scoring", "assignment", "sla", "calendar", "pool", "loyalty",
                        "journey", "survey", "attribution", "fx", "dedupe", "churn", "retention",
                    ])),
                .required("version", .integer),
                .required("body", .anyObject),
                .required("effective_from", .instant),
                .optional("supersedes", .integer),
            ],
            rules: [.pipelineBody])
    ]
}
