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
        var root = party
        var row = try snapshot.row(Customer360.mergeTable, root.name)
        while let above = row?.survivor, let survivor = PartyKey(ownStream: above.name) {
            root = survivor
            row = try snapshot.row(Customer360.mergeTable, root.name)
        }
        survivor = root
        members = [root]
        if let row { merges[root.name] = row }
        try gather(below: row, in: snapshot)
        for account in members where account.kind == .account { try link(account.id, in: snapshot) }
        sources = members
        for member in members where merges[member.name] != nil {
            sources.append(PartyKey(kind: member.kind, id: member.id, facet: PartyKey.mergesFacet))
        }
        sources += leads.map(\.key) + conversions
        sources += contacts.map { .contact($0.id, at: $0.account) }
    }

    private mutating func gather(below row: MergeRow?, in snapshot: ViewSnapshot) throws(ViewError) {
        for name in row?.merged ?? [] {
            guard let party = PartyKey(ownStream: name) else { continue }
            members.append(party)
            let row = try snapshot.row(Customer360.mergeTable, name)
            merges[name] = row
            try gather(below: row, in: snapshot)
        }
    }

    private mutating func link(_ account: String, in snapshot: ViewSnapshot) throws(ViewError) {
        try snapshot.forEach(Customer360.leadLinkTable, of: account) { key, row throws(ViewError) in
            conversions.append(PartyKey(kind: .lead, id: key.lead, facet: account))
            guard row.isCurrent else { return }
            let lead = Lead(key: .lead(key.lead), origin: row.origin)
            leads.append(lead)
            try gather(below: snapshot.row(Customer360.mergeTable, lead.key.name), in: snapshot)
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
        switch survivor.kind {
        case .account, .contact:
            members["kind"] = "account"
            members["leads"] = .array(Set(leads.map(\.key.id)).sorted().map { .text($0) })
        case .lead:
            members["kind"] = "lead"
            members["account"] = .from(account)
        }
        return .object(members)
    }
}
