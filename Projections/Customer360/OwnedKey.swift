import CRMEvents
import EventModel
import ProjectionRuntime

/// The key of what a party has: a deal, an order, a contract, by the name of its stream.
///
/// In memory the common beginning of the name is a number. What remains is short enough to lie inside the key itself,
/// so probing a table compares keys without following pointers. On disk the key is the party and the whole name: what a
/// customer has lies side by side.
struct OwnedKey: RowKey {
    let party: PartyKey
    private let category: UInt8
    private let rest: String

    init(_ party: PartyKey, _ stream: String) {
        self.party = party
        let bytes = stream.utf8
        for (number, prefix) in Self.prefixes.enumerated().dropFirst() where stream.hasPrefix(prefix) {
            category = UInt8(number)
            rest = String(bytes.dropFirst(prefix.utf8.count)) ?? stream
            return
        }
        category = 0
        rest = stream
    }

    /// The name of the stream.
    var stream: String { Self.prefixes[Int(category)] + rest }

    /// What the stream is called without its category.
    var id: String { rest }

    /// A stream belongs to one party, so its name alone is a good hash.
    func hash(into hasher: inout Hasher) { hasher.combine(rest) }
    var tableHash: Int { rest.textHash }

    static func == (left: OwnedKey, right: OwnedKey) -> Bool {
        left.rest == right.rest && left.category == right.category && left.party == right.party
    }

    /// Streams whose events have rows; the number of a category is its index here.
    private static let prefixes = [
        "", "opportunity-", "order-", "payment-", "invoice-", "payment_plan-", "contract-", "subscription-", "ticket-",
        "loyalty-", "duplicate-",
    ]

    func encode(to encoder: inout KeyEncoder) {
        party.encode(to: &encoder)
        encoder.text(stream)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        let party = try PartyKey(from: &decoder)
        self.init(party, try decoder.text())
    }
}
