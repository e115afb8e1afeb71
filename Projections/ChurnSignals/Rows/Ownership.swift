import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// Whose event is it (READ_MODELS.md section 0), before merges and conversions, which are applied by who reads.
///
/// 1. The account that the event names.
/// 2. The account that the first event of its stream named; for a promise on a ticket, the ticket's.
/// 3. The lead, else the contact, that the event or its stream names.
extension ChurnSignals {
    /// The party of an event; `nil` when neither the event nor its stream names one.
    func owner(of event: CRMEvent) -> PartyKey? {
        let named = event.party.map { PartyKey($0) } ?? event.contact.map { PartyKey(.contact, $0) }
        if named?.kind == .account { return named }
        if let own = PartyKey(ownStream: event.stream.text) { return own.kind == .account ? own : named ?? own }
        if event.revision == .first, event.type != "sla.concluded" { return named }
        let anchor = anchors[event.ticketStream ?? event.stream.text]?.party
        return anchor?.kind == .account ? anchor : named ?? anchor
    }

    /// Remembers whose stream the first event begins, where later events of the stream do not repeat it.
    func anchor(_ event: CRMEvent) {
        guard event.revision == .first, let owner = owner(of: event) else { return }
        anchors[event.stream.text] = AnchorRow(party: owner)
    }
}

/// The party that the first event of a stream named.
struct AnchorRow: Hashable, Sendable, RowValue {
    let party: PartyKey

    init(party: PartyKey) { self.party = party }
    init(from decoder: inout RowDecoder) throws(RowError) { party = try decoder.party() }
    func encode(to encoder: inout RowEncoder) { encoder.party(party) }
}

extension CRMEvent {
    /// The contact that the event names, by its bare id.
    fileprivate var contact: String? {
        switch body {
        case .interaction(.recorded(let event)): event.partyIDs.lazy.compactMap(contactID).first
        case .interaction(.emailEngaged(let event)): contactID(event.partyID)
        case .behavior(.tracked(let event)): event.partyID.flatMap(contactID)
        case .survey(.responded(let event)): contactID(event.partyID)
        case .other(let event):
            event.data["contact_id"]?.text ?? event.data["party_id"]?.text.flatMap(contactID)
                ?? event.data["party_ids"]?.elements.lazy.compactMap { $0.text.flatMap(contactID) }.first
        default: nil
        }
    }

    /// The stream of the ticket that a promise is about.
    fileprivate var ticketStream: String? {
        guard stream.text.hasPrefix("sla-") else { return nil }
        return "ticket-" + stream.id
    }
}

/// The bare id of a contact's stream name.
private func contactID(_ party: String) -> String? {
    party.hasPrefix("contact-") ? String(party.dropFirst(8)) : nil
}
