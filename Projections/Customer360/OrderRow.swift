import ProjectionRuntime

/// What an order adds to its party's revenue, kept so that cancelling the whole order can take it back.
struct OrderRow: RowValue, Equatable {
    /// The party at the first step; the order stays with it.
    let party: PartyKey
    /// Whether that was the first event of the stream, so that the party is the stream's anchor too.
    let isAnchor: Bool
    /// Placed and not wholly cancelled.
    var isStanding = false
    /// Minor units.
    var total: Int64 = 0
    var currency = CurrencySums.noCurrency

    init(of party: PartyKey, isAnchor: Bool) {
        self.party = party
        self.isAnchor = isAnchor
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(party.name)
        encoder.boolean(isAnchor)
        encoder.boolean(isStanding)
        encoder.integer(total)
        encoder.text(currency)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        party = try decoder.party()
        isAnchor = try decoder.boolean()
        isStanding = try decoder.boolean()
        total = try decoder.integer()
        currency = try decoder.text()
    }
}
