import ProjectionRuntime

/// Whose row it is: an account, a lead, a contact or somebody not yet identified, by its bare id.
///
/// A contact's rows are kept apart by the account to which it was linked when the event happened, its facet: they are
/// added to that account's page and to no other. A lead's conversion names an account and is that account's event, but
/// the lead writes it: it has a facet likewise. A party that survived a merge has one for the merges alone, since those
/// are written by another entity than the party itself.
///
/// Encoded as the name of the party's own stream, `account-42` or `lead-9`, and the facet: bytes in this order are
/// accounts before contacts before leads before the others, each by id, and a dump of the table reads itself.
struct PartyKey: RowKey {
    enum Kind: UInt8, Sendable {
        case account, contact, lead, anonymous

        var word: String {
            switch self {
            case .account: "account"
            case .contact: "contact"
            case .lead: "lead"
            case .anonymous: "anonymous"
            }
        }
    }

    let kind: Kind
    let id: String
    /// For a contact the account that it was linked to, for a lead's conversion the account that it names,
    /// ``mergesFacet`` for the merges of a party; else empty.
    let facet: String

    /// The facet of a party's merges. No id has this letter.
    static let mergesFacet = "#"

    static func account(_ id: String) -> PartyKey { PartyKey(kind: .account, id: id) }
    static func contact(_ id: String, at account: String = "") -> PartyKey {
        PartyKey(kind: .contact, id: id, facet: account)
    }
    static func lead(_ id: String) -> PartyKey { PartyKey(kind: .lead, id: id) }
    static func anonymous(_ id: String) -> PartyKey { PartyKey(kind: .anonymous, id: id) }

    init(kind: Kind, id: String, facet: String = "") {
        self.kind = kind
        self.id = id
        self.facet = facet
    }

    /// Ids tell parties apart well enough; an account and a lead of one id are rare.
    func hash(into hasher: inout Hasher) { hasher.combine(id) }
    var tableHash: Int { id.textHash }

    /// The party whose own stream has this name, `nil` for every other stream.
    init?(ownStream name: String) {
        let bytes = name.utf8
        switch bytes.first {
        case UInt8(ascii: "a") where name.hasPrefix("account-"): self = .account(String(bytes.dropFirst(8)) ?? "")
        case UInt8(ascii: "c") where name.hasPrefix("contact-"): self = .contact(String(bytes.dropFirst(8)) ?? "")
        case UInt8(ascii: "l") where name.hasPrefix("lead-"): self = .lead(String(bytes.dropFirst(5)) ?? "")
        case UInt8(ascii: "p") where name.hasPrefix("party-"): self = .anonymous(String(bytes.dropFirst(6)) ?? "")
        default: return nil
        }
    }

    /// The name of the party's own stream.
    var name: String {
        switch kind {
        case .account: "account-" + id
        case .contact: "contact-" + id
        case .lead: "lead-" + id
        case .anonymous: "party-" + id
        }
    }

    /// Where the merges of the party are.
    var ofMerges: PartyKey { PartyKey(kind: kind, id: id, facet: Self.mergesFacet) }

    /// The party itself, whatever the facet.
    var bare: PartyKey { facet.isEmpty ? self : PartyKey(kind: kind, id: id) }

    func encode(to encoder: inout KeyEncoder) {
        encoder.text(name)
        encoder.text(facet)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        let name = try decoder.text()
        guard let key = PartyKey(ownStream: name) else { throw damagedRow() }
        self = PartyKey(kind: key.kind, id: key.id, facet: try decoder.text())
    }
}
