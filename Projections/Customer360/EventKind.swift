import CRMEvents

/// The types of the catalog as one byte each.
///
/// The numbers are stored in rows: a new type gets the next free one, and the projection a new version, since its rows
/// counted that type by name until then.
struct EventKind: Hashable, Sendable {
    let number: UInt8

    /// The catalog name.
    var name: String { Self.names[Int(number)] }

    /// The kind of an event; `nil` for a custom type.
    init?(_ event: CRMEvent) {
        guard let type = event.typeNumber, let number = Self.byType[type] else { return nil }
        self.number = number
    }

    /// The kind that a row calls by this number; `nil` for a number that this version never wrote.
    init?(code: UInt64) {
        guard code < Self.names.count else { return nil }
        number = UInt8(code)
    }

    /// Whether it is a touch: the customer and the company met, in person, by mail or on a page.
    var isTouch: Bool { (17...19).contains(number) }

    /// By the place of the type in the catalog.
    private static let byType = Catalog.standard.types.map { type in names.firstIndex(of: type.name).map { UInt8($0) } }

    /// By number.
    static let names = [
        "account.created", "account.updated", "account.classified", "account.owner_assigned", "lead.captured",
        "lead.assigned", "lead.qualified", "lead.disqualified", "lead.converted", "opportunity.opened",
        "opportunity.stage_changed", "opportunity.amount_changed", "opportunity.close_date_changed",
        "opportunity.owner_assigned", "opportunity.won", "opportunity.lost", "opportunity.reopened",
        "interaction.recorded", "email.engaged", "behavior.tracked", "campaign.created", "order.placed",
        "order.cancelled", "payment.received", "survey.responded", "rule.published", "contact.created",
        "contact.updated", "contact.linked", "contact.point_verified", "tag.changed", "identity.linked",
        "usage.reported", "party.duplicate_detected", "party.duplicate_reviewed", "party.merged", "party.unmerged",
        "consent.granted", "consent.withdrawn", "privacy.request_received", "privacy.subject_erased", "record.accessed",
        "lead.updated", "lead.scored", "lead.recycled", "pool.released", "pool.reclaimed", "pool.claimed",
        "opportunity.forecast_changed", "task.created", "task.completed", "campaign.status_changed",
        "campaign.cost_recorded", "segment.membership_changed", "journey.step_executed", "content.published",
        "product.defined", "price.set", "quote.created", "quote.revised", "quote.sent", "quote.accepted",
        "quote.closed", "contract.drafted", "contract.sent_for_signature", "contract.signed", "contract.activated",
        "contract.amended", "contract.renewed", "contract.ended", "order.approved", "order.fulfilled", "order.returned",
        "payment_plan.scheduled", "invoice.issued", "invoice.adjusted", "payment.allocated", "payment.refunded",
        "subscription.started", "subscription.changed", "subscription.status_changed", "ticket.opened",
        "ticket.classified", "ticket.assigned", "ticket.responded", "ticket.status_changed", "ticket.escalated",
        "ticket.resolved", "ticket.reopened", "sla.applied", "sla.concluded", "kb.article_published", "survey.sent",
        "feedback.received", "loyalty.enrolled", "loyalty.points_earned", "loyalty.points_redeemed",
        "loyalty.points_expired", "loyalty.tier_changed", "partner.onboarded", "partner.evaluated", "goal.set",
        "incentive.awarded", "approval.requested", "approval.step_decided", "approval.concluded", "workflow.advanced",
        "milestone.reached", "user.status_changed", "role.changed", "field.defined", "import.started",
        "import.row_rejected", "import.completed", "import.rolled_back", "sync.attempted", "sync.conflict_detected",
        "signal.raised", "signal.cleared", "prediction.recorded", "event.corrected", "checkpoint.anchored",
        "replay.performed", "clock.day_ended", "privacy.erasure_advanced", "privacy.hold_changed",
        "projection.promoted", "system.configured",
    ]
}
