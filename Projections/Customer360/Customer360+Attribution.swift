import CRMEvents
import EventModel
import ProjectionRuntime

/// Whose event is it (READ_MODELS.md section 0).
///
/// 1. The account that the event names.
/// 2. The account that the first event of its stream named, the stream's anchor; the runtime knows it.
/// 3. The lead that the event names, else the one of the anchor. What a lead's events count for is decided when
///    somebody reads: for its account, if it was ever converted.
/// 4. The contact, likewise: its rows are kept apart by the account that it was linked to at the event's time.
/// 5. Somebody not yet identified, `party-x`, until a merge into an account or a lead says who that is.
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
        switch Self.bearer(of: event) {
        case nil: return nil
        case .account(let id): return .account(id)
        case .lead(let id): return .lead(id)
        case .anonymous(let id): return .anonymous(id)
        case .contact(let id):
            return .contact(id, at: contactHomes[.contact(id)]?.account(at: event.time.milliseconds) ?? "")
        }
    }

    /// Whose figures the thing changes that the event is about. A contact's ticket, points or contract stay with the
    /// account where they began: what began there ends there, also if the contact has left. Of one that was linked
    /// nowhere then, they are the account's of the moment.
    func keeper(of event: CRMEvent, _ party: PartyKey) -> PartyKey {
        guard party.kind == .contact, event.isAboutThing else { return party }
        let key = OwnedKey(party.bare, stream)
        guard let began = keepers[key] else {
            if !party.facet.isEmpty { keepers[key] = KeeperRow(account: party.facet) }
            return party
        }
        return .contact(party.id, at: began.account)
    }

    /// Whose rows an event changes: its owner's; but a consent is that of the party it names, and what happens to a
    /// lead is the lead's, also in a stream that began with its conversion.
    static func bearer(of event: CRMEvent) -> PartyReference? {
        switch event.body {
        case .privacy(.consentGranted(let consent)): PartyReference(party: consent.partyID) ?? event.owner
        case .privacy(.consentWithdrawn(let consent)): PartyReference(party: consent.partyID) ?? event.owner
        case .lead: event.ownParty ?? event.owner
        default: event.owner
        }
    }

    private func merges(of survivor: String) -> PartyKey? {
        PartyKey(ownStream: survivor)?.ofMerges
    }
}

extension CRMEvent {
    /// Whether the event is a step of something that has a state of its own.
    fileprivate var isAboutThing: Bool {
        switch body {
        case .opportunity, .order, .payment, .ticket, .invoice, .contract, .subscription, .loyalty: true
        default: false
        }
    }
}

/// Where something of a contact began: the account that the contact was linked to then. The contact writes it, by the
/// stream of the thing.
struct KeeperRow: RowValue, Equatable {
    let account: String

    init(account: String) { self.account = account }
    func encode(to encoder: inout RowEncoder) { encoder.text(account) }
    init(from decoder: inout RowDecoder) throws(RowError) { account = try decoder.text() }
}
