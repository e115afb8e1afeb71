extension Lifecycle {
    /// Campaign 活动: planned → active ⇄ paused → completed; aborted before that. Costs may come in at any time.
    static let campaign = Lifecycle(
        "campaign",
        [
            .move("campaign.created", from: ["none"], to: "planned"),
            .change("campaign.status_changed", from: "planned", to: "active"),
            .change("campaign.status_changed", from: "active", to: "paused"),
            .change("campaign.status_changed", from: "paused", to: "active"),
            .change("campaign.status_changed", from: "active", to: "completed"),
            .change("campaign.status_changed", from: "paused", to: "completed"),
            .change("campaign.status_changed", from: "planned", to: "aborted"),
            .change("campaign.status_changed", from: "active", to: "aborted"),
            .change("campaign.status_changed", from: "paused", to: "aborted"),
        ])

    /// Consent 同意, for each channel and purpose of a party: granted ⇄ withdrawn.
    ///
    /// A withdrawal needs no grant before it, since an objection does not. A hard bounce or a complaint withdraws too:
    /// whoever sees one appends the withdrawal. That a consent has expired follows from the day: read models tell.
    static let consent = Lifecycle(
        "consent", partFields: ["channel", "purpose"],
        [
            .move("consent.granted", from: ["none", "withdrawn"], to: "granted"),
            .move("consent.withdrawn", from: ["none", "granted"], to: "withdrawn"),
        ])
}
