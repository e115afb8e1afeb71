import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

extension Customer360 {
    /// Takes over what an account event says about the account.
    func describe(_ party: PartyKey, _ change: AccountEvent, _ event: CRMEvent) {
        profiles.update(party, orInsert: ProfileRow()) { profile in
            switch change {
            case .created(let created):
                for (name, value) in created.profileFields { profile.set(name, value, by: event.id) }
                if let owner = created.ownerID { profile.assign(owner, since: event) }
            case .updated(let updated):
                for change in updated.changes { profile.set(change.field, change.new, by: event.id) }
            case .classified(let classified):
                profile.classify(classified.scheme, classified.value, by: event.id)
            case .ownerAssigned(let assigned):
                profile.assign(assigned.ownerID, team: assigned.teamID, since: event)
            }
        }
    }

    /// Takes over what a lead event says about the lead whose stream it is in.
    func follow(_ change: LeadEvent, _ event: CRMEvent) {
        guard let lead = PartyKey(ownStream: event.stream.text), lead.kind == .lead else { return }
        switch change {
        case .captured(let captured):
            profiles.update(lead, orInsert: ProfileRow()) { profile in
                for (name, value) in captured.profileFields { profile.set(name, value, by: event.id) }
            }
        case .assigned(let assigned):
            profiles.update(lead, orInsert: ProfileRow()) { $0.assign(assigned.ownerID, since: event) }
        case .qualified(let qualified):
            profiles.update(lead, orInsert: ProfileRow()) { profile in
                profile.set("stage", .text(qualified.stage), by: event.id)
            }
        case .disqualified(let disqualified):
            profiles.update(lead, orInsert: ProfileRow()) { profile in
                profile.set("disqualified_reason", .text(disqualified.reason), by: event.id)
            }
        case .converted(let converted): convert(lead, to: converted.accountID)
        default: break
        }
    }

    /// Links a lead to its account. Of several conversions the last one in the log holds.
    private func convert(_ lead: PartyKey, to account: String) {
        var former: String?
        var tally = EventTally()
        parties.update(lead, orInsert: PartyRow()) { row in
            former = row.account
            row.account = account
            if former == nil { tally = row.tally }
        }
        if former == nil {
            totals.update(OnlyRow(), orInsert: TotalsRow()) { totals in
                totals.convertedLeadCount &+= 1
                if tally.total > 0 { totals.openLeadCount &-= 1 }
                totals.openLeads.subtract(tally)
            }
        } else if let former, former != account {
            parties.update(.account(former), orInsert: PartyRow()) { $0.unlink(lead: lead.id) }
        }
        parties.update(.account(account), orInsert: PartyRow()) { $0.link(lead: lead.id) }
    }
}

extension ProfileRow {
    fileprivate mutating func assign(_ owner: String, team: String? = nil, since event: CRMEvent) {
        self.owner = Owner(id: owner, team: team, since: event.time.milliseconds, event: event.id)
    }
}

extension AccountEvent.Created {
    fileprivate var profileFields: [(String, JSON)] {
        [
            ("natural_person", .boolean(naturalPerson)), ("name", .from(name)), ("legal_name", .from(legalName)),
            ("domain", .from(domain)), ("industry", .from(industry)), ("employee_count", .from(employeeCount)),
            ("annual_revenue", .from(annualRevenue)), ("currency", .from(currency)), ("source", .from(source)),
        ]
    }
}

extension LeadEvent.Captured {
    fileprivate var profileFields: [(String, JSON)] {
        [
            ("source", .text(source)), ("channel", .text(channel)), ("campaign_id", .from(campaignID)),
            ("company_name", .from(companyName)),
        ]
    }
}
