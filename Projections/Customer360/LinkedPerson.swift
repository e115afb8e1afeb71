import ProjectionRuntime

/// A person who was ever linked to a customer: contacts that were merged are one.
struct LinkedPerson {
    /// The best link of all that the person has.
    let link: ContactLinkRow
    /// The contact that survived the merges, then what was merged into it; at most ``partCountMax`` of them.
    let parties: [PartyKey]

    private static let partCountMax = 16

    /// The people behind contacts, by their best links.
    static func all(
        _ contacts: [CustomerIdentity.Contact], atMost count: Int, in snapshot: ViewSnapshot
    ) throws(ViewError) -> [LinkedPerson] {
        var people: [LinkedPerson] = []
        var survivors: [PartyKey: PartyKey] = [:]
        var seen: Set<PartyKey> = []
        for contact in contacts.sorted(by: isBefore) {
            // Each contact on a way up is looked at once, however many lie below it.
            var (current, way): (PartyKey, [PartyKey]) = (.contact(contact.id), [])
            while survivors[current] == nil {
                let row = try snapshot.row(Customer360.mergeTable, current.name)
                guard let above = try CustomerIdentity.parent(of: current, row, in: snapshot), above.kind == .contact
                else { break }
                way.append(current)
                current = above
            }
            let survivor = survivors[current] ?? current
            for party in way + [current] { survivors[party] = survivor }
            guard seen.insert(survivor).inserted else { continue }
            guard people.count < count else { break }
            let row = try snapshot.row(Customer360.mergeTable, survivor.name)
            let parts = try CustomerIdentity.parts(below: row, atMost: partCountMax, in: snapshot).map(\.party)
            people.append(LinkedPerson(link: contact.link, parties: [survivor] + parts))
        }
        return people
    }

    private static func isBefore(_ left: CustomerIdentity.Contact, _ right: CustomerIdentity.Contact) -> Bool {
        if left.link.isActive != right.link.isActive { return left.link.isActive }
        if left.link.isPrimary != right.link.isPrimary { return left.link.isPrimary }
        return (left.id, left.account) < (right.id, right.account)
    }
}
