import CRMEvents
import CanonicalJSON

/// Values of types that the catalog does not give in Swift yet, under the names that it will give them.
struct Fields {
    let node: JSONNode
    func text(_ name: String) -> String { node[name]?.text ?? "" }
    func optionalText(_ name: String) -> String? { node[name]?.text }
    func integer(_ name: String) -> Int64 { node[name]?.integer ?? 0 }
    func optionalInteger(_ name: String) -> Int64? { node[name]?.integer }
    func boolean(_ name: String) -> Bool { node[name]?.boolean ?? false }
    func texts(_ name: String) -> [String] { node[name]?.elements.compactMap(\.text) ?? [] }
    func objects(_ name: String) -> [Fields] { node[name]?.elements.map { Fields(node: $0) } ?? [] }
    var changes: [(field: String, new: JSON)] {
        objects("changes").map { ($0.text("field"), $0.node["new"].map { JSON($0) } ?? .null) }
    }
}

enum ContactEvent {
    case created(Created), updated(Updated), linked(Linked), pointVerified(PointVerified)
    struct Created { let contactID: String, jobTitle: String?, locale: String? }
    struct Updated { let changes: [(field: String, new: JSON)] }
    struct Linked {
        let contactID: String, targetType: String, targetID: String, role: String?, primary: Bool, active: Bool
    }
    struct PointVerified { let contactID: String, kind: String, result: String }
    init?(_ type: String, _ f: Fields) {
        switch type {
        case "contact.created":
            self = .created(.init(contactID: f.text("contact_id"), jobTitle: f.optionalText("job_title"), locale: f.optionalText("locale")))
        case "contact.updated": self = .updated(.init(changes: f.changes))
        case "contact.linked":
            self = .linked(
                .init(contactID: f.text("contact_id"), targetType: f.text("target_type"), targetID: f.text("target_id"),
                    role: f.optionalText("role"), primary: f.boolean("primary"), active: f.boolean("active")))
        case "contact.point_verified":
            self = .pointVerified(.init(contactID: f.text("contact_id"), kind: f.text("kind"), result: f.text("result")))
        default: return nil
        }
    }
}

enum PartyEvent {
    case tagChanged(TagChanged), duplicateDetected(DuplicateDetected), duplicateReviewed(DuplicateReviewed)
    case merged(Merged), unmerged(Unmerged)
    struct TagChanged { let targetType: String, targetID: String, added: [String], removed: [String] }
    struct DuplicateDetected { let candidateIDs: [String] }
    struct DuplicateReviewed { let candidateIDs: [String], decision: String }
    struct Merged { let survivingID: String, mergedIDs: [String], fieldChoices: JSON }
    struct Unmerged { let survivingID: String, restoredIDs: [String] }
    init?(_ type: String, _ f: Fields) {
        switch type {
        case "tag.changed":
            self = .tagChanged(
                .init(targetType: f.text("target_type"), targetID: f.text("target_id"), added: f.texts("added"), removed: f.texts("removed")))
        case "party.duplicate_detected": self = .duplicateDetected(.init(candidateIDs: f.texts("candidate_ids")))
        case "party.duplicate_reviewed":
            self = .duplicateReviewed(.init(candidateIDs: f.texts("candidate_ids"), decision: f.text("decision")))
        case "party.merged":
            self = .merged(
                .init(survivingID: f.text("surviving_id"), mergedIDs: f.texts("merged_ids"),
                    fieldChoices: f.node["field_choices"].map { JSON($0) } ?? .null))
        case "party.unmerged":
            self = .unmerged(.init(survivingID: f.text("surviving_id"), restoredIDs: f.texts("restored_ids")))
        default: return nil
        }
    }
}

enum PrivacyEvent {
    case consentGranted(ConsentGranted), consentWithdrawn(ConsentWithdrawn), subjectErased(SubjectErased)
    struct ConsentGranted { let partyID: String, purpose: String, channel: String, legalBasis: String, expiresAt: Int64? }
    struct ConsentWithdrawn { let partyID: String, purpose: String, channel: String, trigger: String }
    struct SubjectErased { let partyIDs: [String] }
    init?(_ type: String, _ f: Fields) {
        switch type {
        case "consent.granted":
            self = .consentGranted(
                .init(partyID: f.text("party_id"), purpose: f.text("purpose"), channel: f.text("channel"),
                    legalBasis: f.text("legal_basis"), expiresAt: f.optionalInteger("expires_at")))
        case "consent.withdrawn":
            self = .consentWithdrawn(
                .init(partyID: f.text("party_id"), purpose: f.text("purpose"), channel: f.text("channel"), trigger: f.text("trigger")))
        case "privacy.subject_erased": self = .subjectErased(.init(partyIDs: f.texts("party_ids")))
        default: return nil
        }
    }
}

enum ContractEvent {
    case drafted(Drafted), activated(Activated), amended(Amended), renewed(Renewed), ended(Ended)
    struct Drafted {
        let kind: String, amount: Int64?, currency: String?, startDate: String, endDate: String?, autoRenew: Bool
        let noticeDays: Int64?
    }
    struct Activated { let effectiveDate: String }
    struct Amended { let changes: [(field: String, new: JSON)] }
    struct Renewed { let newEndDate: String, newAmount: Int64? }
    struct Ended { let outcome: String, effectiveDate: String }
    init?(_ type: String, _ f: Fields) {
        switch type {
        case "contract.drafted":
            self = .drafted(
                .init(kind: f.text("kind"), amount: f.optionalInteger("amount"), currency: f.optionalText("currency"),
                    startDate: f.text("start_date"), endDate: f.optionalText("end_date"), autoRenew: f.boolean("auto_renew"),
                    noticeDays: f.optionalInteger("notice_days")))
        case "contract.activated": self = .activated(.init(effectiveDate: f.text("effective_date")))
        case "contract.amended": self = .amended(.init(changes: f.changes))
        case "contract.renewed":
            self = .renewed(.init(newEndDate: f.text("new_end_date"), newAmount: f.optionalInteger("new_amount")))
        case "contract.ended":
            self = .ended(.init(outcome: f.text("outcome"), effectiveDate: f.text("effective_date")))
        default: return nil
        }
    }
}

enum SubscriptionEvent {
    case started(Started), changed(Changed), statusChanged(StatusChanged)
    struct Started { let mrr: Int64, currency: String, trialEnd: Int64? }
    struct Changed { let newMRR: Int64, effectiveAt: Int64 }
    struct StatusChanged { let to: String }
    init?(_ type: String, _ f: Fields) {
        switch type {
        case "subscription.started":
            self = .started(.init(mrr: f.integer("mrr"), currency: f.text("currency"), trialEnd: f.optionalInteger("trial_end")))
        case "subscription.changed":
            self = .changed(.init(newMRR: f.integer("new_mrr"), effectiveAt: f.integer("effective_at")))
        case "subscription.status_changed": self = .statusChanged(.init(to: f.text("to")))
        default: return nil
        }
    }
}

enum TicketEvent {
    case opened(Opened), classified(Classified), statusChanged(StatusChanged), resolved, reopened
    case slaConcluded(SLAConcluded)
    struct Opened { let kind: String, channel: String, contactID: String?, accountID: String? }
    struct Classified { let kind: String? }
    struct StatusChanged { let to: String }
    struct SLAConcluded { let ticketID: String, outcome: String, at: Int64 }
    init?(_ type: String, _ f: Fields) {
        switch type {
        case "ticket.opened":
            self = .opened(
                .init(kind: f.text("kind"), channel: f.text("channel"), contactID: f.optionalText("contact_id"),
                    accountID: f.optionalText("account_id")))
        case "ticket.classified": self = .classified(.init(kind: f.optionalText("kind")))
        case "ticket.status_changed": self = .statusChanged(.init(to: f.text("to")))
        case "ticket.resolved": self = .resolved
        case "ticket.reopened": self = .reopened
        case "sla.concluded":
            self = .slaConcluded(.init(ticketID: f.text("ticket_id"), outcome: f.text("outcome"), at: f.integer("at")))
        default: return nil
        }
    }
}

enum InvoiceEvent {
    case issued(Issued), adjusted(Adjusted)
    struct Issued { let total: Int64, currency: String, dueDate: String }
    struct Adjusted { let amount: Int64 }
    init?(_ type: String, _ f: Fields) {
        switch type {
        case "invoice.issued":
            self = .issued(.init(total: f.integer("total"), currency: f.text("currency"), dueDate: f.text("due_date")))
        case "invoice.adjusted": self = .adjusted(.init(amount: f.integer("amount")))
        default: return nil
        }
    }
}

enum MoneyEvent {
    case planScheduled(PlanScheduled), allocated(Allocated), refunded(Refunded)
    struct PlanScheduled {
        let orderID: String?, contractID: String?, instalments: [Instalment], currency: String
    }
    struct Instalment { let no: Int64, dueDate: String, amount: Int64 }
    struct Allocated { let allocations: [Allocation], fxRateE9: Int64? }
    struct Allocation { let invoiceID: String?, planID: String?, instalmentNo: Int64?, amount: Int64 }
    struct Refunded { let amount: Int64 }
    init?(_ type: String, _ f: Fields) {
        switch type {
        case "payment_plan.scheduled":
            self = .planScheduled(
                .init(orderID: f.optionalText("order_id"), contractID: f.optionalText("contract_id"),
                    instalments: f.objects("instalments").map {
                        .init(no: $0.integer("no"), dueDate: $0.text("due_date"), amount: $0.integer("amount"))
                    }, currency: f.text("currency")))
        case "payment.allocated":
            self = .allocated(
                .init(
                    allocations: f.objects("allocations").map {
                        .init(invoiceID: $0.optionalText("invoice_id"), planID: $0.optionalText("plan_id"),
                            instalmentNo: $0.optionalInteger("instalment_no"), amount: $0.integer("amount"))
                    }, fxRateE9: f.optionalInteger("fx_rate_e9")))
        case "payment.refunded": self = .refunded(.init(amount: f.integer("amount")))
        default: return nil
        }
    }
}

enum LoyaltyEvent {
    case enrolled(Enrolled), pointsEarned(PointsEarned), pointsRedeemed(PointsRedeemed), pointsExpired(PointsExpired)
    case tierChanged(TierChanged)
    struct Enrolled { let tier: String? }
    struct PointsEarned { let entryID: String, points: Int64, expiresOn: String?, reversesEntryID: String? }
    struct PointsRedeemed { let points: Int64, lots: [Lot] }
    struct PointsExpired { let lots: [Lot] }
    struct Lot { let entryID: String, points: Int64 }
    struct TierChanged { let to: String }
    init?(_ type: String, _ f: Fields) {
        func lots() -> [Lot] { f.objects("lots").map { Lot(entryID: $0.text("entry_id"), points: $0.integer("points")) } }
        switch type {
        case "loyalty.enrolled": self = .enrolled(.init(tier: f.optionalText("tier")))
        case "loyalty.points_earned":
            self = .pointsEarned(
                .init(entryID: f.text("entry_id"), points: f.integer("points"), expiresOn: f.optionalText("expires_on"),
                    reversesEntryID: f.optionalText("reverses_entry_id")))
        case "loyalty.points_redeemed": self = .pointsRedeemed(.init(points: f.integer("points"), lots: lots()))
        case "loyalty.points_expired": self = .pointsExpired(.init(lots: lots()))
        case "loyalty.tier_changed": self = .tierChanged(.init(to: f.text("to")))
        default: return nil
        }
    }
}
