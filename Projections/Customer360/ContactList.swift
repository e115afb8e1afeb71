import CanonicalJSON
import ProjectionRuntime

/// The contacts of an account: who they are, and what they are there (the buying centre).
struct ContactList {
    /// Contacts on a customer's page, at most; a company with more is asked for them one by one.
    static let countMax = 50

    private var entries: [JSON] = []
    private let isCut: Bool

    /// Reads contacts: those who have their role still before the others, the primary one first, then by id. Two point
    /// reads each, and the few events that say who they are.
    init(_ contacts: [CustomerIdentity.Contact], at moment: Int64, in snapshot: ViewSnapshot) throws(ViewError) {
        isCut = contacts.count > Self.countMax
        for contact in contacts.sorted(by: Self.isBefore).prefix(Self.countMax) {
            let key = PartyKey.contact(contact.id)
            let profile = try snapshot.row(Customer360.profileTable, key) ?? ProfileRow()
            let person = try snapshot.row(Customer360.personTable, key.name)
            let consents = try snapshot.row(Customer360.consentTable, key)
            entries.append([
                "contact_id": .text(contact.id), "role": .from(contact.link.role),
                "primary": .boolean(contact.link.isPrimary), "active": .boolean(contact.link.isActive),
                "event": .text(contact.link.origin.event), "profile": try profile.fieldsJSON(),
                "consent": consents?.json(at: moment) ?? [:], "person": try person?.json(in: snapshot) ?? .null,
                "links": .array(try person?.links(of: key, in: snapshot) ?? []),
            ])
        }
    }

    private static func isBefore(_ left: CustomerIdentity.Contact, _ right: CustomerIdentity.Contact) -> Bool {
        if left.link.isActive != right.link.isActive { return left.link.isActive }
        if left.link.isPrimary != right.link.isPrimary { return left.link.isPrimary }
        return (left.id, left.account) < (right.id, right.account)
    }

    var json: JSON { ["entries": .array(entries), "more": .boolean(isCut)] }
}
