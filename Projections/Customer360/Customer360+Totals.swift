import CRMEvents
import EventModel
import ProjectionRuntime

/// Everything that is counted over all customers, in one place.
extension Customer360 {
    /// Counts an event that belongs to nobody.
    func countNobodys(_ kind: EventKind?, _ event: CRMEvent) {
        totals.update(OnlyRow(), orInsert: TotalsRow()) { totals in
            totals.eventCount &+= 1
            totals.nobodys.add(kind, type: event.type)
        }
    }

    /// Counts an event of a party: `former` is the account that its lead was converted into before, `tally` what a lead
    /// that is converted for the first time had done until then.
    func count(
        _ kind: EventKind?, _ event: CRMEvent, _ party: PartyKey, isFirst: Bool, _ effect: PartyEffect,
        former: String?, _ tally: EventTally
    ) {
        totals.update(OnlyRow(), orInsert: TotalsRow()) { totals in
            totals.eventCount &+= 1
            switch party.kind {
            case .account: if isFirst, party.facet.isEmpty { totals.accountCount &+= 1 }
            case .contact: if party.facet.isEmpty { totals.nobodys.add(kind, type: event.type) }
            case .lead:
                guard former == nil else { break }
                if case .converted = effect {
                    totals.convertedLeadCount &+= 1
                    if !isFirst { totals.openLeadCount &-= 1 }
                    totals.openLeads.subtract(tally)
                } else {
                    if isFirst { totals.openLeadCount &+= 1 }
                    totals.openLeads.add(kind, type: event.type)
                }
            }
        }
    }
}
