import ProjectionRuntime

/// The open deals of a party by where they stand: what pipeline figures, weighted or not, are added up from.
///
/// Probabilities are those of a rule that is published later or elsewhere, so they are joined when somebody reads: for
/// one party that takes one row of the rule per pipeline, however many deals there are.
struct OpenDeals: RowValue, Equatable {
    /// Where a deal stands. Two deals of one place differ in nothing but their amounts.
    struct Place: Hashable, Sendable {
        var pipeline = ""
        var version: Int64 = 0
        var stage = ""
        /// In basis points where the deal has one of its own, −1 for that of the stage.
        var probability: Int64 = -1
        var currency = CurrencySums.noCurrency
    }

    struct Entry: Equatable, Sendable {
        let place: Place
        var count: Int64
        var amount: Int64
    }

    /// In the order of the places, none with the count 0 and the amount 0.
    private(set) var entries: [Entry] = []

    init() {}

    var count: Int64 { entries.reduce(0) { $0 &+ $1.count } }

    /// Per currency.
    var amounts: CurrencySums {
        var sums = CurrencySums()
        for entry in entries { sums.add(entry.amount, entry.place.currency) }
        return sums
    }

    /// Adds deals to a place, or takes them away with negative numbers.
    mutating func add(_ count: Int64, _ amount: Int64, at place: Place) {
        let index = entries.firstIndex { !Self.isBefore($0.place, place) } ?? entries.count
        guard index < entries.count, entries[index].place == place else {
            return entries.insert(Entry(place: place, count: count, amount: amount), at: index)
        }
        entries[index].count &+= count
        entries[index].amount &+= amount
        if entries[index].count == 0, entries[index].amount == 0 { entries.remove(at: index) }
    }

    mutating func add(_ other: OpenDeals) {
        for entry in other.entries { add(entry.count, entry.amount, at: entry.place) }
    }

    /// Any fixed order does: equal deals must give equal bytes.
    private static func isBefore(_ left: Place, _ right: Place) -> Bool {
        if left.stage != right.stage { return left.stage < right.stage }
        if left.probability != right.probability { return left.probability < right.probability }
        if left.currency != right.currency { return left.currency < right.currency }
        if left.version != right.version { return left.version < right.version }
        return left.pipeline < right.pipeline
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(entries) { encoder, entry in
            entry.place.encode(to: &encoder)
            encoder.integer(entry.count)
            encoder.integer(entry.amount)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        entries = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Entry in
            Entry(
                place: try Place(from: &decoder), count: try decoder.integer(), amount: try decoder.integer())
        }
    }
}

extension OpenDeals.Place: RowValue {
    func encode(to encoder: inout RowEncoder) {
        encoder.text(pipeline)
        encoder.integer(version)
        encoder.text(stage)
        encoder.integer(probability)
        encoder.text(currency)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        pipeline = try decoder.text()
        version = try decoder.integer()
        stage = try decoder.text()
        probability = try decoder.integer()
        currency = try decoder.text()
    }
}
