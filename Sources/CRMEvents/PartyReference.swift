import CanonicalJSON
import EventModel

/// Whose event it is; the ids are bare, without the category.
///
/// An account beats a lead, since a conversion hands the lead's whole history to its account, and a lead beats a
/// contact, whose account depends on the time (READ_MODELS.md section 0, "Whose event is it"). Somebody not yet
/// identified comes last: only a merge says who that is.
public enum PartyReference: Hashable, Sendable {
    case account(String)
    case lead(String)
    case contact(String)
    /// Somebody not yet identified, `party-x`.
    case anonymous(String)

    /// Reads a party's stream name; `nil` for anything else.
    public init?(party: String) { self.init(partyNamed: party.utf8.span) }

    /// Reads a party's stream name in UTF-8.
    init?(partyNamed name: Span<UInt8>) {
        // Most streams are no party's, and the first letter says so.
        switch name.isEmpty ? 0 : name[0] {
        case UInt8(ascii: "a"):
            guard let id = name.after("account-"), !id.isEmpty else { return nil }
            self = .account(String(copyingUTF8: id))
        case UInt8(ascii: "l"):
            guard let id = name.after("lead-"), !id.isEmpty else { return nil }
            self = .lead(String(copyingUTF8: id))
        case UInt8(ascii: "c"):
            guard let id = name.after("contact-"), !id.isEmpty else { return nil }
            self = .contact(String(copyingUTF8: id))
        case UInt8(ascii: "p"):
            guard let id = name.after("party-"), !id.isEmpty else { return nil }
            self = .anonymous(String(copyingUTF8: id))
        default: return nil
        }
    }

    /// The one that an event belongs to, of two that it could belong to: of the same kind, the first.
    public static func closer(_ first: PartyReference?, _ second: PartyReference?) -> PartyReference? {
        guard let first else { return second }
        guard let second else { return first }
        return second.distance < first.distance ? second : first
    }

    /// Whether the id has the length of one; the fields of a type that this build does not know were never checked.
    fileprivate var isName: Bool {
        switch self {
        case .account(let id), .lead(let id), .contact(let id), .anonymous(let id):
            id.utf8.count <= Limits.nameByteCountMax
        }
    }

    /// Whether nothing goes before it.
    var isAccount: Bool { if case .account = self { true } else { false } }

    private var distance: Int {
        switch self {
        case .account: 0
        case .lead: 1
        case .contact: 2
        case .anonymous: 3
        }
    }
}

extension PartyReference {
    /// What the fields of an event with a Swift value name: `account_id`, `party_id`, `party_ids`, `target_type`
    /// account with `target_id`, `contact_id`, or `anonymous_id`.
    init?(_ places: PartyFields, _ fields: DataFields) {
        var found: PartyReference?
        if places.account >= 0 { found = fields.optionalText(places.account).map { .account($0) } }
        if places.party >= 0, let party = fields.optionalText(places.party) { found = PartyReference(party: party) }
        if places.parties >= 0 {
            for party in fields.texts(places.parties) { found = .closer(found, PartyReference(party: party)) }
        }
        if places.targetType >= 0, places.target >= 0, fields.optionalText(places.targetType) == "account",
            let target = fields.optionalText(places.target)
        {
            found = .closer(found, .account(target))
        }
        if places.contact >= 0, let contact = fields.optionalText(places.contact) {
            found = .closer(found, .contact(contact))
        }
        if places.anonymous >= 0, let id = fields.optionalText(places.anonymous) {
            found = .closer(found, .anonymous(id))
        }
        guard let found, found.isName else { return nil }
        self = found
    }

    /// What the data of an event without a Swift value names, by the same conventions.
    init?(namedIn data: JSONNode) {
        var found = data["account_id"]?.text.map { PartyReference.account($0) }
        if let party = data["party_id"]?.text { found = .closer(found, PartyReference(party: party)) }
        for party in data["party_ids"]?.elements.compactMap(\.text) ?? [] {
            found = .closer(found, PartyReference(party: party))
        }
        if data["target_type"]?.hasText("account") == true, let target = data["target_id"]?.text {
            found = .closer(found, .account(target))
        }
        if let contact = data["contact_id"]?.text { found = .closer(found, .contact(contact)) }
        if let id = data["anonymous_id"]?.text { found = .closer(found, .anonymous(id)) }
        guard let found, found.isName else { return nil }
        self = found
    }
}
