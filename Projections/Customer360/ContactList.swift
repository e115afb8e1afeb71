import CanonicalJSON
import ProjectionRuntime

/// The contacts of an account: who they are, and what they are there (the buying centre).
struct ContactList {
    /// Contacts on a customer's page, at most; a company with more is asked for them one by one.
    static let countMax = 50

    private var entries: [JSON] = []
    private let isCut: Bool

    /// Reads contacts: those who have their role still before the others, the primary one first, then by id. A few
    /// point reads each, and the few events that say who they are.
    init(_ contacts: [CustomerIdentity.Contact], at moment: Int64, in snapshot: ViewSnapshot) throws(ViewError) {
        let people = try LinkedPerson.all(contacts, atMost: Self.countMax + 1, in: snapshot)
        isCut = people.count > Self.countMax
        for person in people.prefix(Self.countMax) { try add(person, at: moment, in: snapshot) }
    }

    private mutating func add(_ person: LinkedPerson, at moment: Int64, in snapshot: ViewSnapshot) throws(ViewError) {
        let link = person.link
        var profile: JSON.Members = [:]
        var consents = ConsentRow()
        var people: [PersonRow] = []
        var links: [JSON] = []
        for party in person.parties {
            // What the survivor says goes before what was said of the others.
            if case .object(let fields)? = try snapshot.row(Customer360.profileTable, party)?.fieldsJSON() {
                profile.merge(fields) { known, _ in known }
            }
            if let row = try snapshot.row(Customer360.consentTable, party) { consents.add(row) }
            guard let row = try snapshot.row(Customer360.personTable, party.name) else { continue }
            people.append(row)
            links += try row.links(of: party, in: snapshot)
        }
        entries.append([
            "contact_id": .text(person.parties[0].id),
            "merged": .array(person.parties.dropFirst().map { .text($0.name) }),
            "role": .from(link.role), "primary": .boolean(link.isPrimary), "active": .boolean(link.isActive),
            "event": .text(link.origin.event), "profile": .object(profile), "consent": consents.json(at: moment),
            "person": try PersonRow.seen(people, in: snapshot)?.json() ?? .null, "links": .array(links),
        ])
    }

    var json: JSON { ["entries": .array(entries), "more": .boolean(isCut)] }
}
