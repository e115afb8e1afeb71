import CRMEvents
import EventModel
import ProjectionRuntime

/// Everything that is counted over all customers, in one place.
extension Customer360 {
    /// Counts an event that belongs to nobody.
    func countNobodys(_ kind: EventKind?, _ event: CRMEvent) {
        totals.add(to: OnlyRow()) { totals in
            totals.eventCount &+= 1
            totals.nobodys.add(kind, type: event.type)
        }
        strays.update(stream, orInsert: StrayRow()) { $0.add(kind, event) }
    }

    /// Counts an event of a party; `isOpen` tells of a lead that it was never converted.
    func count(_ kind: EventKind?, _ event: CRMEvent, _ party: PartyKey, isFirst: Bool, isOpen: Bool) {
        totals.add(to: OnlyRow()) { totals in
            totals.eventCount &+= 1
            guard party.facet.isEmpty else {
                // The merges of a party without an account are nobody's, as all that it has.
                if party.kind != .account, party == party.ofMerges { totals.nobodys.add(kind, type: event.type) }
                return
            }
            switch party.kind {
            case .account: if isFirst { totals.accountCount &+= 1 }
            case .contact, .anonymous: totals.nobodys.add(kind, type: event.type)
            case .lead:
                guard isOpen else { return }
                if isFirst { totals.openLeadCount &+= 1 }
                totals.openLeads.add(kind, type: event.type)
            }
        }
    }

    /// Counts a lead's first conversion, with what it had done until then.
    func countConversion(_ tally: EventTally) {
        totals.add(to: OnlyRow()) { totals in
            totals.convertedLeadCount &+= 1
            if tally.total > 0 { totals.openLeadCount &-= 1 }
            totals.openLeads.subtract(tally)
        }
    }
}
