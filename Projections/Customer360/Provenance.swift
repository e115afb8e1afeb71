import CRMEvents
import CanonicalJSON
import CivilTime
import EventModel

/// Which events a value of the page is made of.
struct Provenance {
    /// The types among which they are; `nil` for all.
    let types: Set<String>?
    private let isNamed: @Sendable (CRMEvent, CustomerPage) -> Bool

    /// Paths for an error's advice.
    static let examples = ["profile.name", "commerce.revenue", "pipeline.amount", "owner", "lifecycle"]

    /// The events behind the value at a path; `nil` for a path that leads to none.
    init?(path: [String]) {
        guard let block = path.first, let types = Self.types(block, path.dropFirst().first) else { return nil }
        self.types = types.isEmpty ? nil : types
        isNamed = Self.test(path)
    }

    func isMeant(_ event: CRMEvent, _ page: CustomerPage) -> Bool { isNamed(event, page) }

    private static let blocks: [String: Set<String>] = [
        "identity": [
            "party.merged", "party.unmerged", "lead.converted", "identity.linked", "account.created", "account.updated",
        ],
        "profile": [
            "account.created", "account.updated", "lead.captured", "lead.updated", "lead.qualified",
            "lead.disqualified",
        ],
        "person": ["account.created", "account.updated", "lead.captured", "lead.updated"],
        "classification": ["account.classified"],
        "owner": [
            "account.created", "account.owner_assigned", "lead.assigned", "pool.released", "pool.reclaimed",
        ],
        "tags": ["tag.changed"], "parent_account": ["account.updated"],
        "lifecycle": [
            "account.classified", "lead.captured", "lead.qualified", "opportunity.opened", "opportunity.won",
            "opportunity.lost", "opportunity.reopened", "order.placed", "consent.granted",
        ],
        "consent": ["consent.granted", "consent.withdrawn"],
        "contacts": ["contact.linked", "contact.created", "contact.updated", "contact.point_verified"],
        "pipeline": [
            "opportunity.opened", "opportunity.stage_changed", "opportunity.amount_changed",
            "opportunity.forecast_changed", "opportunity.won", "opportunity.lost", "opportunity.reopened",
        ],
        "won": ["opportunity.won", "opportunity.lost", "opportunity.reopened"],
        "commerce": [
            "order.placed", "order.cancelled", "order.returned", "invoice.issued", "invoice.adjusted",
            "payment.received", "payment.allocated", "payment.refunded", "payment_plan.scheduled",
        ],
        "contracts": [
            "contract.drafted", "contract.activated", "contract.amended", "contract.renewed", "contract.ended",
        ],
        "subscriptions": ["subscription.started", "subscription.changed", "subscription.status_changed"],
        "service": [
            "ticket.opened", "ticket.classified", "ticket.status_changed", "ticket.resolved", "ticket.reopened",
            "sla.concluded", "survey.responded",
        ],
        "scores": ["survey.responded"], "first_touch_ms": touches, "last_touch_ms": touches, "marketing": touches,
        "loyalty": [
            "loyalty.enrolled", "loyalty.points_earned", "loyalty.points_redeemed", "loyalty.points_expired",
            "loyalty.tier_changed",
        ],
        "quality": [
            "account.created", "account.updated", "account.owner_assigned", "lead.captured", "lead.updated",
            "pool.released", "pool.reclaimed",
        ],
        "events": [], "counts": [], "last_event_ms": [],
    ]

    private static let touches: Set = ["interaction.recorded", "email.engaged", "behavior.tracked"]
    private static let orders: Set = ["order.placed", "order.cancelled"]
    private static let tickets: Set = [
        "ticket.opened", "ticket.status_changed", "ticket.resolved", "ticket.reopened",
    ]

    /// What a member of a block needs of the block's types.
    private static let members: [String: Set<String>] = [
        "commerce.orders": orders, "commerce.revenue": orders, "commerce.first_order_date": ["order.placed"],
        "commerce.net_revenue": orders.union(["order.returned"]),
        "commerce.average_order_value": orders.union(["order.returned"]),
        "commerce.margin": orders.union(["order.returned"]), "commerce.paid": ["payment.received"],
        "commerce.receivables": ["invoice.issued", "invoice.adjusted", "payment.allocated"],
        "commerce.unapplied": ["payment.received", "payment.allocated", "payment.refunded"],
        "commerce.unapplied_prepayment": ["payment.received", "payment.allocated", "payment.refunded"],
        "commerce.next_instalment": ["payment_plan.scheduled", "payment.allocated"],
        "identity.merged": ["party.merged", "party.unmerged"], "identity.leads": ["lead.converted"],
        "identity.account": ["lead.converted"], "identity.links": ["identity.linked"],
        "identity.external_ids": ["account.created", "account.updated"],
        "service.open_tickets": tickets, "service.complaints_90d": ["ticket.opened", "ticket.classified"],
        "service.sla_breaches_90d": ["sla.concluded"], "service.last_csat": ["survey.responded"],
        "service.last_nps": ["survey.responded"],
    ]

    private static func types(_ block: String, _ member: String?) -> Set<String>? {
        if block == "counts", let member { return [member] }
        return member.flatMap { members["\(block).\($0)"] } ?? blocks[block]
    }
}

extension Provenance {
    /// Whether an event of the right type says something about the very value.
    private static func test(_ path: [String]) -> @Sendable (CRMEvent, CustomerPage) -> Bool {
        let name = path.dropFirst().joined(separator: ".")
        let field = path.dropFirst().first ?? ""
        switch path.first {
        case "profile", "parent_account":
            let field = path[0] == "profile" ? field : "parent_account_id"
            return { event, _ in field.isEmpty || event.says(field) }
        case "identity":
            return { event, _ in
                guard case .account = event.body else { return field != "external_ids" }
                return event.says("external_ids")
            }
        case "person": return { event, _ in field.isEmpty || event.saysPersonally(field) }
        case "owner": return { event, _ in event.says("owner_id") }
        case "classification":
            return { event, _ in
                guard case .account(.classified(let classified)) = event.body else { return false }
                return field.isEmpty || classified.scheme == field
            }
        case "tags":
            return { event, _ in
                guard case .party(.tagChanged(let change)) = event.body else { return false }
                return field.isEmpty || (change.added + change.removed).contains(field)
            }
        case "consent": return { event, _ in event.concerns(consent: path) }
        case "contacts": return { event, _ in field.isEmpty || event.stream.text == "contact-" + field }
        case "lifecycle":
            return { event, _ in
                guard case .account(.classified(let classified)) = event.body else { return true }
                return classified.scheme == "lifecycle"
            }
        case "first_touch_ms": return { event, page in event.position.index == page.figures.firstTouch?.position }
        case "last_touch_ms": return { event, page in event.position.index == page.figures.lastTouch?.position }
        case "last_event_ms": return { event, page in event.time.milliseconds == page.figures.lastEvent }
        case "marketing": return { event, page in event.isBehind(marketing: field, page) }
        case "scores": return { event, _ in event.answers(field) }
        case "service": return { event, page in event.isBehind(service: name, page) }
        default: return { _, _ in true }
        }
    }
}

extension CRMEvent {
    /// Whether the event gave a field a value, or tried to.
    fileprivate func says(_ field: String) -> Bool {
        switch body {
        case .account(.updated(let updated)): updated.changes.contains { $0.field == field }
        case .lead(.updated(let updated)): updated.changes.contains { $0.field == field }
        case .lead(.qualified): field == "stage"
        case .lead(.disqualified): field == "disqualified_reason"
        case .account(.ownerAssigned), .lead(.assigned), .pool(.released), .pool(.reclaimed): field == "owner_id"
        default: (try? JSON(parsing: data))?[field] != nil
        }
    }

    fileprivate func saysPersonally(_ field: String) -> Bool {
        guard case .opened = personal else { return personal.exists }
        return personal[field] != nil || personal["person." + field] != nil
            || personal["changes." + field] != nil || personal["changes.person.new." + field] != nil
    }

    fileprivate func concerns(consent path: [String]) -> Bool {
        let said: (purpose: String, channel: String)
        switch body {
        case .privacy(.consentGranted(let grant)): said = (grant.purpose, grant.channel)
        case .privacy(.consentWithdrawn(let withdrawal)): said = (withdrawal.purpose, withdrawal.channel)
        default: return false
        }
        return (path.count < 2 || path[1] == said.purpose) && (path.count < 3 || path[2] == said.channel)
    }

    fileprivate func answers(_ kind: String) -> Bool {
        guard case .survey(.responded(let answer)) = body else { return false }
        return kind.isEmpty || answer.kind == kind
    }

    fileprivate func isBehind(marketing field: String, _ page: CustomerPage) -> Bool {
        switch field {
        case "first_touch": position.index == page.figures.firstTouch?.position
        case "last_touch": position.index == page.figures.lastTouch?.position
        case "engagement_30d":
            isOwnDoing && page.covers(time.milliseconds, window: PartyRow.engagementWindow)
        default: true
        }
    }

    fileprivate func isBehind(service field: String, _ page: CustomerPage) -> Bool {
        switch field {
        case "last_csat": return answers("csat")
        case "last_nps": return answers("nps")
        case "sla_breaches_90d":
            guard case .ticket(.slaConcluded(let sla)) = body, sla.outcome == "breached" else { return false }
            return page.covers(min(sla.at, time.milliseconds), window: PartyRow.serviceWindow)
        case "complaints_90d":
            guard page.covers(time.milliseconds, window: PartyRow.serviceWindow) else { return false }
            if case .ticket(.opened(let ticket)) = body { return ticket.kind == "complaint" }
            if case .ticket(.classified(let change)) = body { return change.kind != nil }
            return false
        default: return true
        }
    }
}

extension CustomerPage {
    /// Whether a time lies in the days that end with the page's own.
    fileprivate func covers(_ time: Int64, window: Int32) -> Bool {
        let day = zone.dayNumber(of: time)
        return day <= self.day && day > self.day &- window
    }
}
