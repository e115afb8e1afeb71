import CanonicalJSON
import ProjectionRuntime

/// Orders of a party per currency: how many stand, what they come to, what goes back.
struct OrderFigures: RowValue, Equatable {
    struct Entry: Equatable, Sendable {
        let currency: String
        var count: Int64
        var total: Int64
        var refunds: Int64
    }

    /// By currency, ascending, none that is all 0.
    private(set) var entries: [Entry] = []

    init() {}

    var count: Int64 { entries.reduce(0) { $0 &+ $1.count } }

    /// Totals of orders that were placed and not wholly cancelled.
    var revenue: CurrencySums { sums { $0.total } }

    /// Revenue less what was returned.
    var netRevenue: CurrencySums { sums { $0.total &- $0.refunds } }

    /// Net revenue ÷ orders, rounded half up to minor units.
    var averageOrderValue: CurrencySums {
        sums { entry in
            guard entry.count > 0 else { return 0 }
            return Int64(
                clamping: roundedHalfUp(Int128(entry.total) - Int128(entry.refunds), by: Int128(entry.count)))
        }
    }

    private func sums(_ amount: (Entry) -> Int64) -> CurrencySums {
        var sums = CurrencySums()
        for entry in entries { sums.add(amount(entry), entry.currency) }
        return sums
    }

    /// Adds what an order comes to, or takes it away.
    mutating func add(_ order: OrderRow, sign: Int64) {
        guard order.isStanding else { return }
        add(
            Entry(
                currency: order.currency, count: sign, total: order.total &* sign, refunds: order.refunds &* sign))
    }

    mutating func add(_ other: OrderFigures) {
        for entry in other.entries { add(entry) }
    }

    private mutating func add(_ entry: Entry) {
        let index = entries.firstIndex { $0.currency >= entry.currency } ?? entries.count
        guard index < entries.count, entries[index].currency == entry.currency else {
            return entries.insert(entry, at: index)
        }
        entries[index].count &+= entry.count
        entries[index].total &+= entry.total
        entries[index].refunds &+= entry.refunds
        let sum = entries[index]
        if sum.count == 0, sum.total == 0, sum.refunds == 0 { entries.remove(at: index) }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(entries) { encoder, entry in
            encoder.text(entry.currency)
            encoder.integer(entry.count)
            encoder.integer(entry.total)
            encoder.integer(entry.refunds)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        entries = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Entry in
            Entry(
                currency: try decoder.text(), count: try decoder.integer(), total: try decoder.integer(),
                refunds: try decoder.integer())
        }
    }
}
