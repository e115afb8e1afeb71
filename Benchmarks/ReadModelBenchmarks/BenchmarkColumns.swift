import CRMEvents

/// The columns of the per-account answer.
enum BenchmarkColumns {
    /// The types that are counted, in the order of the columns.
    static let types = [
        "account.created", "behavior.tracked", "contact.linked", "email.engaged", "interaction.recorded",
        "lead.assigned",
        "lead.captured", "lead.converted", "lead.disqualified", "lead.qualified", "opportunity.amount_changed",
        "opportunity.lost", "opportunity.opened", "opportunity.reopened", "opportunity.stage_changed",
        "opportunity.won",
        "order.placed", "payment.received", "survey.responded", "ticket.assigned", "ticket.opened", "ticket.reopened",
        "ticket.resolved", "ticket.responded", "ticket.status_changed",
    ]

    /// The column of each type of the catalog; −1 for one that has none.
    static let ofType = Catalog.standard.types.map { types.firstIndex(of: $0.name) ?? -1 }
    /// Whether a column counts touches.
    static let isTouch = types.map { ["behavior.tracked", "email.engaged", "interaction.recorded"].contains($0) }

    static let names =
        ["account_id"] + types.map { "n_" + $0.replacing(".", with: "_") } + [
            "first_touch", "last_touch", "last_event", "open_opportunities", "open_pipeline", "won_opportunities",
            "won_revenue", "revenue", "paid", "open_tickets", "last_nps", "order_days", "x", "t_x_days", "t_days",
            "repeat_amount", "repeat_mean",
        ]
}
