extension EventTypeDefinition {
    /// CATALOG.md 5.11, subscriptions 订阅, in Stripe's words.
    static let subscriptionTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "subscription.started", "A customer subscribed.", in: .subscription,
            stream: .entity("subscription", field: "subscription_id"),
            fields: [
                .required("subscription_id", .id),
                .required("account_id", .id),
                .required("plan_id", .id),
                .required("mrr", .money),
                .required("currency", .currency),
                .optional("term_months", .integer),
                .optional("trial_end", .instant),
                .required("current_period_end", .instant),
            ],
            terms: [.anchor("account_id")]),
        EventTypeDefinition(
            "subscription.changed", "A subscription is worth more or less every month than before.", in: .subscription,
            stream: .category("subscription"),
            fields: [
                .required("old_mrr", .money),
                .required("new_mrr", .money),
                .required("kind", .enumeration(["upgrade", "downgrade", "quantity", "price", "renewal"])),
                .required("effective_at", .instant),
            ]),
        EventTypeDefinition(
            "subscription.status_changed",
            "A subscription became active, paused, past due, canceled or something else.", in: .subscription,
            stream: .category("subscription"),
            fields: [
                .required("from", .text),
                .required("to", .text),
                .optional("reason", .code),
                .optional("churn_type", .enumeration(["voluntary", "involuntary"])),
            ]),
    ]
}
