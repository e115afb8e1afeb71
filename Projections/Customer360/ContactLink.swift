import CanonicalJSON
import ProjectionRuntime

/// Which account a contact belongs to: rows of an account lie side by side, by the contact's id. The contact
/// writes them.
struct ContactLinkKey: RowKey {
    let account: String
    let contact: String

    init(account: String, contact: String) {
        self.account = account
        self.contact = contact
    }

    func hash(into hasher: inout Hasher) { hasher.combine(contact) }

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
    var origin: Origin

    init(role: String?, isPrimary: Bool, isActive: Bool, origin: Origin) {
        self.role = role
        self.isPrimary = isPrimary
        self.isActive = isActive
        self.origin = origin
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.optionalText(role)
        encoder.boolean(isPrimary)
        encoder.boolean(isActive)
        origin.encode(to: &encoder)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        role = try decoder.optionalText()
        isPrimary = try decoder.boolean()
        isActive = try decoder.boolean()
        origin = try Origin(from: &decoder)
    }
}
