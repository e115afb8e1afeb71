import CRMEvents
import EventModel
import ProjectionRuntime

/// Whose event is it (READ_MODELS.md section 0).
///
/// 1. The account that the event names.
/// 2. The account that the first event of its stream named, the stream's anchor; an anchor may go through another
///    stream, as an SLA names its ticket and the ticket its account.
/// 3. The lead that the event names, else the one of the anchor. What a lead's events count for is decided when
///    somebody reads: for its account, if it was ever converted.
/// 4. The contact, likewise: its rows are kept apart by the account that it was linked to at the event's time.
///
/// What changes the links themselves is written by one of their two ends, so that no row is written by two entities:
/// a conversion belongs to its lead, a contact's link to the contact, and merges to an entity of their own.
extension Customer360 {
    /// The party whose rows an event changes; `nil` when neither the event nor its stream names one.
    func party(of event: CRMEvent) -> PartyKey? {
        switch event.body {
        case .lead(.converted(let converted)):
            if let lead = PartyKey(ownStream: stream), lead.kind == .lead {
                return PartyKey(kind: .lead, id: lead.id, facet: converted.accountID)
            }
        case .contact(.linked(let link)):
            if link.targetType == "account" { return .contact(link.contactID, at: link.targetID) }
        case .party(.merged(let merge)): return merges(of: merge.survivingID)
        case .party(.unmerged(let unmerge)): return merges(of: unmerge.survivingID)
        default: break
        }
        switch owner(of: event) {
        case nil: return nil
        case .account(let id): return .account(id)
        case .lead(let id): return .lead(id)
        case .contact(let id):
            return .contact(id, at: contactHomes[.contact(id)]?.account(at: event.time.milliseconds) ?? "")
        }
    }

    private func merges(of survivor: String) -> PartyKey? {
        guard let party = PartyKey(ownStream: survivor), party.kind != .contact else { return nil }
        return PartyKey(kind: party.kind, id: party.id, facet: PartyKey.mergesFacet)
    }

    private func owner(of event: CRMEvent) -> PartyReference? {
        if PartyReference(party: stream) != nil { return event.party }
        guard event.revision == .first else { return .closer(event.party, anchors[stream]?.party) }
        let party = event.party ?? partyThroughStream(event)
        if let party { anchors[stream] = AnchorRow(party) }
        return party
    }

    private func partyThroughStream(_ event: CRMEvent) -> PartyReference? {
        func anchor(_ category: String, _ id: String?) -> PartyReference? {
            id.flatMap { PartyReference(party: "\(category)-\($0)") ?? anchors["\(category)-\($0)"]?.party }
        }
        switch event.body {
        case .ticket(.slaApplied(let sla)): return anchor("ticket", sla.ticketID)
        case .ticket(.slaConcluded(let sla)): return anchor("ticket", sla.ticketID)
        case .payment(.paymentPlanScheduled(let plan)):
            return anchor("order", plan.orderID) ?? anchor("contract", plan.contractID)
        case .task(.created(let task)): return task.aboutType.flatMap { anchor($0, task.aboutID) }
        default: return nil
        }
    }
}

/// The party that the first event of a stream named; later events of the stream need not repeat it.
struct AnchorRow: RowValue {
    let party: PartyReference

    init(_ party: PartyReference) { self.party = party }

    func encode(to encoder: inout RowEncoder) {
        switch party {
        case .account(let id): encoder.text("account-" + id)
        case .lead(let id): encoder.text("lead-" + id)
        case .contact(let id): encoder.text("contact-" + id)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        guard let party = PartyReference(party: try decoder.text()) else { throw damagedRow() }
        self.party = party
    }
}
