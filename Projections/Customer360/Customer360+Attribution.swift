import CRMEvents
import EventModel
import ProjectionRuntime

/// Whose event is it.
///
/// 1. The account that the event names.
/// 2. The account that the first event of its stream named, the stream's anchor.
/// 3. The lead that the event names, else the one of the anchor. What a lead's events count for is decided when
///    somebody reads: for its account, if it was ever converted.
///
/// A party's own stream is anchored by its name, and deals and orders remember their party in rows of their own, so the
/// anchor table holds only what nothing else knows.
extension Customer360 {
    /// The party of an event; `nil` when neither the event nor its stream names one.
    func party(of event: CRMEvent) -> PartyKey? {
        let stream = event.stream.text
        switch event.party {
        case .account(let id):
            let party = PartyKey.account(id)
            if event.revision == .first { anchor(event, to: party) }
            return party
        case .lead(let id):
            let party = PartyKey.lead(id)
            let own = PartyKey(ownStream: stream)
            if own == party { return party }
            if let own, own.kind == .account { return own }
            if event.revision == .first {
                anchor(event, to: party)
                return party
            }
            if let anchor = anchor(of: event), anchor.kind == .account { return anchor }
            return party
        case .contact, nil:
            if let own = PartyKey(ownStream: stream) { return own }
            return event.revision == .first ? nil : anchor(of: event)
        }
    }

    private func anchor(_ event: CRMEvent, to party: PartyKey) {
        switch event.body {
        case .opportunity, .order: break
        default:
            if PartyKey(ownStream: event.stream.text) == nil { anchors[StreamKey(event)] = AnchorRow(party) }
        }
    }

    private func anchor(of event: CRMEvent) -> PartyKey? {
        let key = StreamKey(event)
        switch event.body {
        case .opportunity: if let deal = deals[key], deal.isAnchor { return deal.party }
        case .order: if let order = orders[key], order.isAnchor { return order.party }
        default: break
        }
        return anchors[key]?.party
    }
}
