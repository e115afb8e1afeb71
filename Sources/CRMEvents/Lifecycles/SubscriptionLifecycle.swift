import EventModel

extension Lifecycle {
    /// Subscription 订阅, in Stripe's words (docs.stripe.com/billing/subscriptions/overview).
    ///
    /// `subscription.started` says whether there is a trial, and not whether the first payment is in: without a trial
    /// the state is *started*, which stands for incomplete or active until the first change says which it was.
    static let subscription = Lifecycle(
        "subscription",
        [
            .move("subscription.started", from: ["none"], to: "started", if: .trialIsNamed),
            .change("subscription.status_changed", from: "incomplete", or: "started", to: "active"),
            .change("subscription.status_changed", from: "incomplete", or: "started", to: "incomplete_expired"),
            .change("subscription.status_changed", from: "trialing", to: "active"),
            .change("subscription.status_changed", from: "trialing", to: "paused"),
            .change("subscription.status_changed", from: "trialing", to: "canceled"),
            .change("subscription.status_changed", from: "active", or: "started", to: "paused"),
            .change("subscription.status_changed", from: "paused", to: "active"),
            .change("subscription.status_changed", from: "active", or: "started", to: "past_due"),
            .change("subscription.status_changed", from: "past_due", to: "active"),
            .change("subscription.status_changed", from: "past_due", to: "unpaid"),
            .change("subscription.status_changed", from: "past_due", to: "canceled"),
            .change("subscription.status_changed", from: "active", or: "started", to: "canceled"),
            .change("subscription.status_changed", from: "unpaid", to: "canceled"),
            .change("subscription.status_changed", from: "unpaid", to: "active"),
            .stay("subscription.changed", in: ["started", "trialing", "active", "paused", "past_due", "unpaid"]),
        ])
}

extension Condition {
    fileprivate static let trialIsNamed = Condition("with trial_end where there is a trial") { state, event in
        if event.has("trial_end") { state.phase = "trialing" }
        return true
    }
}
