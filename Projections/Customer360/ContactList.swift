import CanonicalJSON
import ProjectionRuntime

/// The contacts of an account: who they are, and what they are there (the buying centre).
struct ContactList {
    /// Contacts on a customer's page, at most; a company with more is asked for them one by one.
    static let countMax = 50

    private var entries: [JSON] = []
    private let isCut: Bool

    /// Reads contacts: those who have their role still before the others, the primary one first, then by id. A few
    /// point reads each, and the few events that say who they are. Of a person's doublets that were merged the one
    /// that survived stands for all.
    init(_ contacts: [CustomerIdentity.Contact], at moment: Int64, in snapshot: ViewSnapshot) throws(ViewError) {
        var doublets: [String: [PartyKey]] = [:]
        var standing: [CustomerIdentity.Contact] = []
        let ids = Set(contacts.map(\.id))
        for contact in contacts {
            let survivor = try CustomerIdentity.survivor(of: .contact(contact.id), in: snapshot)
            if survivor.kind == .contact, survivor.id != contact.id, ids.contains(survivor.id) {
                doublets[survivor.id, default: []].append(.contact(contact.id))
            } else {
                standing.append(contact)
            }
        }
        isCut = standing.count > Self.countMax
        for contact in standing.sorted(by: Self.isBefore).prefix(Self.countMax) {
            try add(contact, doublets[contact.id] ?? [], at: moment, in: snapshot)
        }
    }

    private mutating func add(
        _ contact: CustomerIdentity.Contact, _ doublets: [PartyKey], at moment: Int64, in snapshot: ViewSnapshot
    ) throws(ViewError) {
        let key = PartyKey.contact(contact.id)
        let profile = try snapshot.row(Customer360.profileTable, key) ?? ProfileRow()
        let consents = try snapshot.row(Customer360.consentTable, key)
        var people: [PersonRow] = []
        var links: [JSON] = []
        for party in [key] + doublets {
            guard let person = try snapshot.row(Customer360.personTable, party.name) else { continue }
            people.append(person)
            links += try person.links(of: party, in: snapshot)
        }
        entries.append([
            "contact_id": .text(contact.id), "merged": .array(Set(doublets.map(\.id)).sorted().map { .text($0) }),
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
