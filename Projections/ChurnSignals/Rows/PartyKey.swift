import CRMEvents
import ProjectionRuntime

/// Whose row it is: an account, a lead, a contact or somebody not yet identified, by its bare id.
///
/// Encoded as the name of the party's own stream, `account-42`, so that accounts come first in key order.
struct PartyKey: RowKey {
    enum Kind: UInt8, Sendable { case account, contact, lead, anonymous }

    let kind: Kind
    let id: String

    init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }

    static func account(_ id: String) -> PartyKey { PartyKey(.account, id) }

    /// Ids tell parties apart well enough; an account and a lead of one id are rare.
    func hash(into hasher: inout Hasher) { hasher.combine(id) }
    var tableHash: Int { id.textHash }

    /// The party whose own stream has this name; `nil` for every other stream.
    init?(ownStream name: String) {
        let bytes = name.utf8
        switch bytes.first {
        case UInt8(ascii: "a") where name.hasPrefix("account-"): self.init(.account, String(bytes.dropFirst(8)) ?? "")
        case UInt8(ascii: "c") where name.hasPrefix("contact-"): self.init(.contact, String(bytes.dropFirst(8)) ?? "")
        case UInt8(ascii: "l") where name.hasPrefix("lead-"): self.init(.lead, String(bytes.dropFirst(5)) ?? "")
        case UInt8(ascii: "p") where name.hasPrefix("party-"): self.init(.anonymous, String(bytes.dropFirst(6)) ?? "")
        default: return nil
        }
    }

    init(_ reference: PartyReference) {
        switch reference {
        case .account(let id): self.init(.account, id)
        case .lead(let id): self.init(.lead, id)
        case .contact(let id): self.init(.contact, id)
        case .anonymous(let id): self.init(.anonymous, id)
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

    func encode(to encoder: inout KeyEncoder) { encoder.text(name) }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        guard let key = PartyKey(ownStream: try decoder.text()) else { throw RowError(expected: "party", offset: 0) }
        self = key
    }
}

extension RowEncoder {
    mutating func party(_ party: PartyKey) { text(party.name) }
}

extension RowDecoder {
    mutating func party() throws(RowError) -> PartyKey {
        guard let party = PartyKey(ownStream: try text()) else { throw RowError(expected: "party", offset: 0) }
        return party
    }
}
