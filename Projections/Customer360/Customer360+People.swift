import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// Who the people are: what is public about them, and which events say the rest.
extension Customer360 {
    /// Takes over what an event says about persons, whoever's event it is.
    func know(_ event: CRMEvent) {
        switch event.body {
        case .contact(.linked): data(of: event).map { link(event, $0) }
        case .contact: data(of: event).map { describeContact(event, $0) }
        case .lead(.updated): data(of: event).map { describeLead(event, $0) }
        default: break
        }
        guard event.personal.exists, PersonRow.types.contains(event.type) else { return }
        people.update(event.stream.text, orInsert: PersonRow()) { $0.add(event.position.index) }
    }

    private func data(of event: CRMEvent) -> JSONNode? { try? JSONDocument(parsing: event.data).root }

    private func describeContact(_ event: CRMEvent, _ data: JSONNode) {
        guard let contact = data["contact_id"]?.text ?? Self.contact(ownStream: event.stream.text) else { return }
        contacts.update(contact, orInsert: ProfileRow()) { profile in
            for name in ["job_title", "locale"] {
                if let value = data[name] { profile.set(name, JSON(value), by: event.id) }
            }
            profile.take(changes: data, by: event.id)
            if event.type == "contact.point_verified", let kind = data["kind"]?.text, let result = data["result"] {
                profile.set("\(kind)_status", JSON(result), by: event.id)
            }
        }
    }

    /// Of several links to one account the last one in the log holds.
    private func link(_ event: CRMEvent, _ data: JSONNode) {
        guard data["target_type"]?.hasText("account") == true, let account = data["target_id"]?.text,
            let contact = data["contact_id"]?.text
        else { return }
        contactLinks[ContactLinkKey(account: account, contact: contact)] = ContactLinkRow(
            role: data["role"]?.text, isPrimary: data["primary"]?.boolean ?? false,
            isActive: data["active"]?.boolean ?? false, event: event.id)
    }

    private func describeLead(_ event: CRMEvent, _ data: JSONNode) {
        guard let lead = PartyKey(ownStream: event.stream.text), lead.kind == .lead else { return }
        profiles.update(lead, orInsert: ProfileRow()) { $0.take(changes: data, by: event.id) }
    }

    private static func contact(ownStream name: String) -> String? {
        name.hasPrefix("contact-") ? String(name.dropFirst("contact-".count)) : nil
    }
}

extension ProfileRow {
    /// Takes over CHANGES. A personal field stands there by its name alone, which changes nothing here.
    fileprivate mutating func take(changes data: JSONNode, by event: String) {
        guard let changes = data["changes"] else { return }
        for change in changes.elements {
            guard let field = change["field"]?.text, let new = change["new"] else { continue }
            set(field, JSON(new), by: event)
        }
    }
}
