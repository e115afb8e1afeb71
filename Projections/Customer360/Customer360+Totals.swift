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
    }

    /// Counts an event of a party; `isOpen` tells of a lead that it was never converted.
    func count(_ kind: EventKind?, _ event: CRMEvent, _ party: PartyKey, isFirst: Bool, isOpen: Bool) {
        totals.add(to: OnlyRow()) { totals in
            totals.eventCount &+= 1
            guard party.facet.isEmpty else { return }
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

    /// What belongs to no account, by type: a merge may have said since who somebody unidentified is.
    static func unattributed(_ totals: TotalsRow, in snapshot: ViewSnapshot) throws(ViewError) -> EventTally {
        var tally = totals.unattributed
        try snapshot.forEach(mergeTable, from: PartyKey.anonymous("").name) { (name, _) throws(ViewError) -> Bool in
            guard let party = PartyKey(ownStream: name), party.kind == .anonymous else { return false }
            if try CustomerIdentity.hasAccount(party, in: snapshot) {
                if let row = try snapshot.row(partyTable, party) { tally.subtract(row.tally) }
            }
            return true
        }
        return tally
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
