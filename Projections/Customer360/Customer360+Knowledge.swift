import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// What events say about who somebody is.
extension Customer360 {
    /// Takes over what an event says, beside what it does to the figures of the party that it belongs to.
    func know(_ event: CRMEvent, _ party: PartyKey?) {
        switch event.body {
        case .account(let change): if let party { describe(party, change, event) }
        case .lead(let change): follow(change, event)
        case .pool(.released), .pool(.reclaimed):
            guard let party else { break }
            profiles.update(party, orInsert: ProfileRow()) { $0.own(nil, by: Origin(event)) }
        case .rule(.published(let rule)):
            guard rule.kind == "pipeline" else { break }
            pipelines[PipelineKey(rule.ruleID, rule.version)] = PipelineRow(
                rule.stages, from: rule.effectiveFrom, position: event.position.index)
        case .contact(let change): if let party { describe(party.bare, change, event) }
        case .privacy(let change): consent(change, event)
        case .party(let change): relate(party?.bare, change, event)
        case .product(.priceSet(let price)):
            guard price.kind == "cost", let day = civilDay(price.effectiveFrom) else { break }
            let cost = CostRow.Cost(
                day: day, amount: price.amount, currency: price.currency, position: event.position.index)
            costs.update(price.productID, orInsert: CostRow()) { $0.set(cost) }
        default: break
        }
    }

    /// What an account event says about the account.
    private func describe(_ party: PartyKey, _ change: AccountEvent, _ event: CRMEvent) {
        let origin = Origin(event)
        profiles.update(party, orInsert: ProfileRow()) { profile in
            switch change {
            case .created(let created):
                profile.take(created, by: origin)
                if let owner = created.ownerID { profile.own(owner, by: origin) }
            case .updated(let updated): profile.take(updated.changes, by: origin)
            case .classified(let classified): profile.classify(classified.scheme, classified.value, by: origin)
            case .ownerAssigned(let assigned):
                profile.own(assigned.ownerID, assigned.teamID, by: origin)
            }
        }
        if case .classified(let classified) = change, classified.scheme == "lifecycle" {
            note(.byHand, event, of: party, stage: classified.value)
        }
    }

    /// What a lead event says about the lead whose stream it is in.
    private func follow(_ change: LeadEvent, _ event: CRMEvent) {
        guard let lead = leadOfStream else { return }
        let origin = Origin(event)
        switch change {
        case .captured(let captured):
            profiles.update(lead, orInsert: ProfileRow()) { $0.take(captured, by: origin) }
            note(.captured, event, of: lead)
        case .assigned(let assigned):
            profiles.update(lead, orInsert: ProfileRow()) { $0.own(assigned.ownerID, by: origin) }
        case .qualified(let qualified):
            profiles.update(lead, orInsert: ProfileRow()) { $0.set("stage", .text(qualified.stage), by: origin) }
            if qualified.stage == "mql" { note(.mql, event, of: lead) }
            if qualified.stage == "sql" { note(.sql, event, of: lead) }
        case .disqualified(let disqualified):
            profiles.update(lead, orInsert: ProfileRow()) {
                $0.set("disqualified_reason", .text(disqualified.reason), by: origin)
            }
        case .updated(let updated):
            profiles.update(lead, orInsert: ProfileRow()) { $0.take(updated.changes, by: origin) }
        case .scored, .recycled, .converted: break
        }
    }

    private var leadOfStream: PartyKey? {
        guard let lead = PartyKey(ownStream: stream), lead.kind == .lead else { return nil }
        return lead
    }

    private func describe(_ party: PartyKey, _ change: ContactEvent, _ event: CRMEvent) {
        guard party.kind == .contact else { return }
        let origin = Origin(event)
        if case .linked(let link) = change { return self.link(link, origin) }
        profiles.update(party, orInsert: ProfileRow()) { profile in
            switch change {
            case .created(let created):
                profile.set("job_title", FieldValue(created.jobTitle), by: origin)
                profile.set("locale", FieldValue(created.locale), by: origin)
            case .updated(let updated): profile.take(updated.changes, by: origin)
            case .pointVerified(let verified):
                profile.set("\(verified.kind)_status", .text(verified.result), by: origin)
            case .linked: break
            }
        }
    }

    /// Of several links to one account the last one in the log holds.
    private func link(_ link: ContactEvent.Linked, _ origin: Origin) {
        guard link.targetType == "account" else { return }
        contactLinks[ContactLinkKey(account: link.targetID, contact: link.contactID)] = ContactLinkRow(
            role: link.role, isPrimary: link.primary, isActive: link.active, origin: origin)
        contactHomes.update(.contact(link.contactID), orInsert: ContactHomes()) {
            $0.add(.init(time: origin.time, account: link.targetID, isActive: link.active))
        }
    }

    private func consent(_ change: PrivacyEvent, _ event: CRMEvent) {
        let origin = Origin(event)
        func set(_ party: String, _ entry: ConsentRow.Entry) {
            guard let party = PartyKey(ownStream: party) else { return }
            consents.update(party, orInsert: ConsentRow()) { $0.set(entry) }
            if entry.isGranted { note(.subscribed, event, of: party) }
        }
        switch change {
        case .consentGranted(let grant):
            set(
                grant.partyID,
                .init(
                    purpose: grant.purpose, channel: grant.channel, isGranted: true, why: grant.legalBasis,
                    since: origin.time, expiresAt: grant.expiresAt, position: origin.position, event: origin.event))
        case .consentWithdrawn(let withdrawal):
            set(
                withdrawal.partyID,
                .init(
                    purpose: withdrawal.purpose, channel: withdrawal.channel, isGranted: false,
                    why: withdrawal.trigger, since: origin.time, expiresAt: nil, position: origin.position,
                    event: origin.event))
        default: break
        }
    }
}

extension ProfileRow {
    /// Takes over CHANGES. A personal field stands there by its name alone, which changes nothing here.
    fileprivate mutating func take(_ changes: [FieldChange], by origin: Origin) {
        for change in changes { set(change.field, FieldValue(change.new), by: origin) }
    }

    fileprivate mutating func take(_ created: AccountEvent.Created, by origin: Origin) {
        set("natural_person", .boolean(created.naturalPerson), by: origin)
        set("name", FieldValue(created.name), by: origin)
        set("legal_name", FieldValue(created.legalName), by: origin)
        set("domain", FieldValue(created.domain), by: origin)
        set("industry", FieldValue(created.industry), by: origin)
        set("employee_count", FieldValue(created.employeeCount), by: origin)
        set("annual_revenue", FieldValue(created.annualRevenue), by: origin)
        set("currency", FieldValue(created.currency), by: origin)
        set("source", FieldValue(created.source), by: origin)
        set("unified_credit_code", FieldValue(created.unifiedCreditCode), by: origin)
        let externalIDs = created.externalIDs.map { ["system": .from($0.system), "id": .from($0.id)] as JSON }
        if !externalIDs.isEmpty { set("external_ids", FieldValue(.array(externalIDs)), by: origin) }
    }

    fileprivate mutating func take(_ captured: LeadEvent.Captured, by origin: Origin) {
        set("source", .text(captured.source), by: origin)
        set("channel", .text(captured.channel), by: origin)
        set("campaign_id", FieldValue(captured.campaignID), by: origin)
        set("company_name", FieldValue(captured.companyName), by: origin)
        set("title", FieldValue(captured.title), by: origin)
    }
}
