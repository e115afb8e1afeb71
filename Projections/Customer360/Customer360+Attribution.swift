import CRMEvents
import CanonicalJSON
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
        case .lead(.converted): if let lead = PartyKey(ownStream: event.stream.text), lead.kind == .lead { return lead }
        case .other(let other):
            let fields = Fields(node: other.data)
            if case .linked(let link)? = ContactEvent(event.type, fields), link.targetType == "account" {
                return .contact(link.contactID, at: link.targetID)
            }
            switch PartyEvent(event.type, fields) {
            case .merged(let merge): return merges(of: merge.survivingID)
            case .unmerged(let unmerge): return merges(of: unmerge.survivingID)
            default: break
            }
        default: break
        }
        guard let owner = owner(of: event) else { return nil }
        return owner.kind == .contact ? .contact(owner.id, at: home(of: owner, at: event.time.milliseconds)) : owner
    }

    private func merges(of survivor: String) -> PartyKey? {
        guard let party = PartyKey(ownStream: survivor), party.kind != .contact else { return nil }
        return PartyKey(kind: party.kind, id: party.id, facet: PartyKey.mergesFacet)
    }

    /// The account that a contact was linked to at a time; empty for none.
    func home(of contact: PartyKey, at time: Int64) -> String { contactHomes[contact.bare]?.account(at: time) ?? "" }

    private func owner(of event: CRMEvent) -> PartyKey? {
        let stream = event.stream.text
        let own = PartyKey(ownStream: stream)
        switch event.party {
        case .account(let id):
            let party = PartyKey.account(id)
            if event.revision == .first, own == nil { anchors[stream] = AnchorRow(party) }
            return party
        case .lead(let id):
            let party = PartyKey.lead(id)
            if own == party { return party }
            if let own, own.kind == .account { return own }
            if event.revision == .first {
                if own == nil { anchors[stream] = AnchorRow(party) }
                return party
            }
            if let anchor = anchors[stream]?.party, anchor.kind == .account { return anchor }
            return party
        case nil:
            if let own { return own }
            if event.revision != .first, let anchor = anchors[stream]?.party, anchor.kind != .contact { return anchor }
            let party = partyThroughStream(event) ?? contact(namedBy: event)
            if event.revision == .first, let party { anchors[stream] = AnchorRow(party) }
            return party ?? (event.revision == .first ? nil : anchors[stream]?.party)
        }
    }

    private func partyThroughStream(_ event: CRMEvent) -> PartyKey? {
        guard event.revision == .first, case .other(let other) = event.body else { return nil }
        for category in ["ticket", "order", "contract"] {
            guard let id = other.data["\(category)_id"]?.text else { continue }
            if let anchor = anchors["\(category)-\(id)"] { return anchor.party }
        }
        guard let type = other.data["about_type"]?.text, let id = other.data["about_id"]?.text else { return nil }
        return PartyKey(ownStream: "\(type)-\(id)") ?? anchors["\(type)-\(id)"]?.party
    }

    private func contact(namedBy event: CRMEvent) -> PartyKey? {
        func contact(_ parties: [String]) -> PartyKey? {
            parties.lazy.compactMap { PartyKey(ownStream: $0) }.first { $0.kind == .contact }
        }
        switch event.body {
        case .interaction(.recorded(let recorded)): return contact(recorded.partyIDs)
        case .interaction(.emailEngaged(let engaged)): return contact([engaged.partyID])
        case .behavior(.tracked(let tracked)): return contact([tracked.partyID ?? ""])
        case .survey(.responded(let answer)): return contact([answer.partyID])
        case .other(let other):
            if let id = other.data["contact_id"]?.text { return .contact(id) }
            if let id = other.data["party_id"]?.text { return contact([id]) }
            return contact(other.data["party_ids"]?.elements.compactMap(\.text) ?? [])
        default: return nil
        }
    }
}

/// The party that the first event of a stream named; later events of the stream need not repeat it.
struct AnchorRow: RowValue {
    let party: PartyKey

    init(_ party: PartyKey) { self.party = party }

    func encode(to encoder: inout RowEncoder) { encoder.text(party.name) }

    init(from decoder: inout RowDecoder) throws(RowError) { self.init(try decoder.party()) }
}
