import CanonicalJSON
import ProjectionRuntime

/// The contacts of an account: who they are, and what they are there (the buying centre).
struct ContactList {
    /// Contacts on a customer's page, at most; a company with more is asked for them one by one.
    static let countMax = 50

    private var entries: [JSON] = []
    private var isCut = false

    /// Reads contacts: those who have their role still before the others, the primary one first, then by id. A few
    /// point reads each, and the few events that say who they are. Of a person's doublets that were merged the one
    /// that survived stands for all.
    init(_ contacts: [CustomerIdentity.Contact], at moment: Int64, in snapshot: ViewSnapshot) throws(ViewError) {
        let ids = Set(contacts.map(\.id))
        for contact in contacts.sorted(by: Self.isBefore) {
            let key = PartyKey.contact(contact.id)
            let survivor = try CustomerIdentity.survivor(of: key, in: snapshot)
            guard survivor == key || survivor.kind != .contact || !ids.contains(survivor.id) else { continue }
            guard entries.count < Self.countMax else {
                isCut = true
                return
            }
            try add(contact, at: moment, in: snapshot)
        }
    }

    private mutating func add(
        _ contact: CustomerIdentity.Contact, at moment: Int64, in snapshot: ViewSnapshot
    ) throws(ViewError) {
        let key = PartyKey.contact(contact.id)
        let merges = try snapshot.row(Customer360.mergeTable, key.name)
        let merged = try CustomerIdentity.parts(below: merges, in: snapshot).map(\.party)
        let profile = try snapshot.row(Customer360.profileTable, key) ?? ProfileRow()
        let consents = try snapshot.row(Customer360.consentTable, key)
        var people: [PersonRow] = []
        var links: [JSON] = []
        for party in [key] + merged {
            guard let person = try snapshot.row(Customer360.personTable, party.name) else { continue }
            people.append(person)
            links += try person.links(of: party, in: snapshot)
        }
        entries.append([
            "contact_id": .text(contact.id), "merged": .array(merged.map { .text($0.name) }),
            "role": .from(contact.link.role), "primary": .boolean(contact.link.isPrimary),
            "active": .boolean(contact.link.isActive), "event": .text(contact.link.origin.event),
            "profile": try profile.fieldsJSON(), "consent": consents?.json(at: moment) ?? [:],
            "person": try PersonRow.seen(people, in: snapshot)?.json() ?? .null, "links": .array(links),
        ])
    }

    private static func isBefore(_ left: CustomerIdentity.Contact, _ right: CustomerIdentity.Contact) -> Bool {
        if left.link.isActive != right.link.isActive { return left.link.isActive }
        if left.link.isPrimary != right.link.isPrimary { return left.link.isPrimary }
        return (left.id, left.account) < (right.id, right.account)
    }

    var json: JSON { ["entries": .array(entries), "more": .boolean(isCut)] }
}
