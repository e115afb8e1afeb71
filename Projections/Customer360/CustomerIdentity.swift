import CanonicalJSON
import ProjectionRuntime

/// Who is one customer: the party that survived all merges, what was merged into it, the leads that became it, and the
/// contacts that were ever linked to it.
///
/// Everything is looked up in the snapshot's own merge map, so a question about a moment before a merge sees the
/// parties apart, and so does one after an unmerge.
struct CustomerIdentity {
    struct Lead {
        let key: PartyKey
        let origin: Origin
    }

    struct Contact {
        let account: String
        let id: String
        let link: ContactLinkRow
    }

    /// Whose page it is.
    let survivor: PartyKey
    /// The survivor, then what was merged into it, each before what had been merged into that.
    private(set) var members: [PartyKey]
    /// Where the members stand in the merge map.
    private(set) var merges: [String: MergeRow] = [:]
    private(set) var leads: [Lead] = []
    /// The conversions that name one of the accounts.
    private var conversions: [PartyKey] = []
    /// By account and id.
    private(set) var contacts: [Contact] = []
    /// The parties whose rows make up the customer.
    private(set) var sources: [PartyKey] = []

    /// Looks around from any party that belongs to the customer.
    init(of party: PartyKey, in snapshot: ViewSnapshot) throws(ViewError) {
        let (root, row) = try Self.root(of: party, in: snapshot)
        survivor = root
        members = [root]
        if let row { merges[root.name] = row }
        try gather(below: row, in: snapshot)
        for account in members where account.kind == .account { try link(account.id, in: snapshot) }
        sources = members
        for member in members + leads.map(\.key) where merges[member.name] != nil {
            sources.append(member.ofMerges)
        }
        sources += leads.map(\.key) + conversions
        sources += contacts.map { .contact($0.id, at: $0.account) }
    }

    /// The party that survived all merges, and where it stands in the merge map.
    private static func root(
        of party: PartyKey, in snapshot: ViewSnapshot
    ) throws(ViewError) -> (party: PartyKey, row: MergeRow?) {
        var root = party
        var row = try snapshot.row(Customer360.mergeTable, root.name)
        while let survivor = try parent(of: root, row, in: snapshot) {
            root = survivor
            row = try snapshot.row(Customer360.mergeTable, root.name)
        }
        return (root, row)
    }

    private mutating func gather(below row: MergeRow?, in snapshot: ViewSnapshot) throws(ViewError) {
        for (party, row) in try Self.parts(below: row, in: snapshot) {
            members.append(party)
            merges[party.name] = row
        }
    }

    /// The parties that became part of one, each before those that had become part of it. Histories decide how deep
    /// they lie, so nothing here may go deeper with them.
    static func parts(
        below row: MergeRow?, atMost count: Int = .max, in snapshot: ViewSnapshot
    ) throws(ViewError) -> [(party: PartyKey, row: MergeRow?)] {
        var found: [(party: PartyKey, row: MergeRow?)] = []
        var waiting = Array((row?.merged ?? []).reversed())
        while found.count < count, let name = waiting.popLast() {
            guard let party = PartyKey(ownStream: name) else { continue }
            let row = try snapshot.row(Customer360.mergeTable, name)
            guard try parent(of: party, row, in: snapshot) != nil else { continue }
            found.append((party, row))
            waiting += (row?.merged ?? []).reversed()
        }
        return found
    }

    /// The party that a party was merged into; `nil` if it stands alone, or is a lead that was converted since: its
    /// history counts for one customer, and what was said last decides for whom.
    static func parent(
        of party: PartyKey, _ row: MergeRow?, in snapshot: ViewSnapshot
    ) throws(ViewError) -> PartyKey? {
        guard let above = row?.survivor, let survivor = PartyKey(ownStream: above.name) else { return nil }
        guard party.kind == .lead, let account = try snapshot.row(Customer360.partyTable, party)?.account,
            let conversion = try snapshot.row(
                Customer360.leadLinkTable, LeadLinkKey(account: account, lead: party.id))
        else { return survivor }
        return conversion.origin.position > above.origin.position ? nil : survivor
    }

    private mutating func link(_ account: String, in snapshot: ViewSnapshot) throws(ViewError) {
        try snapshot.forEach(Customer360.leadLinkTable, of: account) { key, row throws(ViewError) in
            conversions.append(PartyKey(kind: .lead, id: key.lead, facet: account))
            let lead = Lead(key: .lead(key.lead), origin: row.origin)
            let merges = try snapshot.row(Customer360.mergeTable, lead.key.name)
            guard row.isCurrent, try Self.parent(of: lead.key, merges, in: snapshot) == nil else { return }
            leads.append(lead)
            self.merges[lead.key.name] = merges
            try gather(below: merges, in: snapshot)
        }
        try snapshot.forEach(Customer360.contactLinkTable, of: account) { key, row in
            contacts.append(Contact(account: account, id: key.contact, link: row))
        }
    }

    /// The parties that say who the customer is: the leads that became it are somebody's earlier view of it.
    var accounts: [PartyKey] { members.filter { $0.kind == survivor.kind } }

    /// Who it is: for an account the leads that became it, for a lead the account that it became.
    func json(account: String?) -> JSON {
        let merged: [JSON] = members.dropFirst().map { member in
            let survivor = merges[member.name]?.survivor
            return [
                "party": .text(member.name), "into": .from(survivor?.name), "event": .from(survivor?.origin.event),
                "position": .from(survivor.map { Int64(clamping: $0.origin.position) }),
            ]
        }
        var members: JSON.Members = ["id": .text(survivor.id), "merged": .array(merged)]
        members["kind"] = .text(survivor.kind.word)
        switch survivor.kind {
        case .account: members["leads"] = .array(Set(leads.map(\.key.id)).sorted().map { .text($0) })
        case .lead: members["account"] = .from(account)
        case .contact, .anonymous: break
        }
        return .object(members)
    }
}
