extension Lifecycle {
    /// Ticket 工单: new → open ⇄ pending or on_hold → solved → closed; solved → open when it is reopened.
    ///
    /// A ticket is solved by `ticket.resolved` and reopened by `ticket.reopened`; `ticket.status_changed` carries the
    /// other moves and names the status that it leaves. How many days pass before a solved ticket is closed is a
    /// rule's business. Closed is final: a reply opens another ticket.
    static let ticket = Lifecycle(
        "ticket",
        [
            .move("ticket.opened", from: ["none"], to: "new"),
            .change("ticket.status_changed", from: "new", to: "open"),
            .change("ticket.status_changed", from: "open", to: "pending"),
            .change("ticket.status_changed", from: "pending", to: "open"),
            .change("ticket.status_changed", from: "open", to: "on_hold"),
            .change("ticket.status_changed", from: "on_hold", to: "open"),
            .change("ticket.status_changed", from: "solved", to: "closed"),
            .move("ticket.resolved", from: ["open", "pending", "on_hold"], to: "solved"),
            .move("ticket.reopened", from: ["solved"], to: "open"),
            .stay("ticket.classified", in: unclosed),
            .stay("ticket.assigned", in: unclosed),
            .stay("ticket.responded", in: unclosed),
            .stay("ticket.escalated", in: unclosed),
        ])

    private static let unclosed = ["new", "open", "pending", "on_hold", "solved"]
}
