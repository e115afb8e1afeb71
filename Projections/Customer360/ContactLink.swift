import CanonicalJSON
import ProjectionRuntime

/// Which account a contact belongs to: rows of an account lie side by side, by the contact's id.
struct ContactLinkKey: RowKey {
    let account: String
    let contact: String

    init(account: String, contact: String) {
        self.account = account
        self.contact = contact
    }

    func encode(to encoder: inout KeyEncoder) {
        encoder.text(account)
        encoder.text(contact)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        account = try decoder.text()
        contact = try decoder.text()
    }
}

/// The contact's role at the account, as the last `contact.linked` says.
struct ContactLinkRow: RowValue, Equatable {
    /// For example `decision_maker`.
    var role: String?
    var isPrimary: Bool
    /// Whether the contact still has it.
    var isActive: Bool
    /// Id of the event.
    var event: String

    init(role: String?, isPrimary: Bool, isActive: Bool, event: String) {
        self.role = role
        self.isPrimary = isPrimary
        self.isActive = isActive
        self.event = event
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.optionalText(role)
        encoder.boolean(isPrimary)
        encoder.boolean(isActive)
        encoder.text(event)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        role = try decoder.optionalText()
        isPrimary = try decoder.boolean()
        isActive = try decoder.boolean()
        event = try decoder.text()
    }
}

/// The contacts of an account: who they are, and what they are there.
struct ContactList {
    /// Contacts on a customer's page, at most; a company with more is asked for them one by one.
    static let countMax = 50

    private var entries: [JSON] = []
    private var isCut = false

    /// Reads the contacts of an account in the order of their ids: a bounded range, two point reads each,
    /// and the few events that say who they are.
    init(of account: String, in snapshot: ViewSnapshot) throws(ViewError) {
        var links: [(contact: String, row: ContactLinkRow)] = []
        let first = ContactLinkKey(account: account, contact: "")
        try snapshot.forEach(Customer360.contactLinkTable, from: first) { (key, row) throws(ViewError) -> Bool in
            guard key.account == account else { return false }
            guard links.count < Self.countMax else {
                isCut = true
                return false
            }
            links.append((key.contact, row))
            return true
        }
        for (contact, link) in links {
            let profile = try snapshot.row(Customer360.contactTable, contact) ?? ProfileRow()
            let person = try snapshot.row(Customer360.personTable, "contact-" + contact)
            entries.append([
                "contact_id": .text(contact), "role": .from(link.role), "primary": .boolean(link.isPrimary),
                "active": .boolean(link.isActive), "event": .text(link.event),
                "profile": try profile.fieldsJSON(), "person": try person?.json(in: snapshot) ?? .null,
            ])
        }
    }

    var json: JSON { ["entries": .array(entries), "more": .boolean(isCut)] }
}
