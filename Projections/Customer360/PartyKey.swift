import CRMEvents
import EventModel
import ProjectionRuntime

/// Whose row it is: an account or a lead, by its bare id.
///
/// Encoded as the name of the party's own stream, `account-42` or `lead-9`: bytes in this order are accounts before
/// leads, each by id, and a dump of the table reads itself.
struct PartyKey: RowKey {
    enum Kind: UInt8, Sendable { case account, lead }

    let kind: Kind
    let id: String

    static func account(_ id: String) -> PartyKey { PartyKey(kind: .account, id: id) }
    static func lead(_ id: String) -> PartyKey { PartyKey(kind: .lead, id: id) }

    init(kind: Kind, id: String) {
        self.kind = kind
        self.id = id
    }

    init?(_ reference: PartyReference) {
        switch reference {
        case .account(let id): self = .account(id)
        case .lead(let id): self = .lead(id)
        case .contact: return nil
        }
    }

    /// Ids tell parties apart well enough; an account and a lead of one id are rare.
    func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// The party whose own stream has this name, `nil` for every other stream.
    init?(ownStream name: String) {
        let bytes = name.utf8
        switch bytes.first {
        case UInt8(ascii: "a") where name.hasPrefix("account-"): self = .account(String(bytes.dropFirst(8)) ?? "")
        case UInt8(ascii: "l") where name.hasPrefix("lead-"): self = .lead(String(bytes.dropFirst(5)) ?? "")
        default: return nil
        }
    }

    /// The name of the party's own stream.
    var name: String {
        switch kind {
        case .account: "account-" + id
        case .lead: "lead-" + id
        }
    }

    func encode(to encoder: inout KeyEncoder) { encoder.text(name) }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        let name = try decoder.text()
        guard let key = PartyKey(ownStream: name) else { throw damagedRow() }
        self = key
    }
}

/// The party that the first event of a stream named; later events of the stream need not repeat it.
struct AnchorRow: RowValue {
    let party: PartyKey

    init(_ party: PartyKey) { self.party = party }

    func encode(to encoder: inout RowEncoder) { encoder.text(party.name) }

    init(from decoder: inout RowDecoder) throws(RowError) { self.init(try decoder.party()) }
}

extension RowDecoder {
    /// A party that was written by its name.
    mutating func party() throws(RowError) -> PartyKey {
        guard let party = PartyKey(ownStream: try text()) else {
            throw damagedRow()
        }
        return party
    }
}
