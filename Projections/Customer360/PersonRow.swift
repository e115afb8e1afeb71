import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// What is known of a person by name: a contact, a lead, or an account that is a natural person.
///
/// Lives in a personal table. One key of one purpose holds all these fields of a party, so an erasure leaves one mark
/// for all of them.
enum PersonRow: RowValue, Equatable {
    /// The fields, each with the id of the event that won.
    case known(ProfileRow)
    case withheld(Withheld)

    /// The types whose personal fields say who somebody is. What others say is text of the timeline.
    static let types: Set = [
        "account.created", "account.updated", "contact.created", "contact.updated", "lead.captured", "lead.updated",
    ]

    /// Takes over what an event of these types says; its prose stays with the event.
    mutating func take(_ part: PersonalPart, by event: String) {
        if let mark = part.withheld {
            self = .withheld(mark)
        } else if case .opened(let fields) = part {
            var profile = if case .known(let profile) = self { profile } else { ProfileRow() }
            for (name, value) in fields.members {
                switch name {
                case "note", "message": break
                case "changes":
                    for (field, change) in value.members {
                        if let new = change["new"] { profile.set(personal: field, new, by: event) }
                    }
                default: profile.set(personal: name, value, by: event)
                }
            }
            self = .known(profile)
        }
    }

    /// The fields, or the mark in their place.
    func json() throws(ViewError) -> JSON {
        switch self {
        case .known(let profile): try profile.fieldsJSON()
        case .withheld(let mark): mark.json
        }
    }

    func encode(to encoder: inout RowEncoder) {
        switch self {
        case .known(let profile):
            encoder.boolean(true)
            profile.encode(to: &encoder)
        case .withheld(let mark):
            encoder.boolean(false)
            mark.encode(to: &encoder)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        self =
            try decoder.boolean()
            ? .known(try ProfileRow(from: &decoder)) : .withheld(try Withheld(from: &decoder))
    }
}

extension ProfileRow {
    /// Sets a personal field; the members of a lead's `person` become fields of their own.
    fileprivate mutating func set(personal name: String, _ value: JSONNode, by event: String) {
        guard name == "person", value.kind == .object else { return set(name, JSON(value), by: event) }
        for (member, value) in value.members { set(member, JSON(value), by: event) }
    }
}
