import CanonicalJSON
import ProjectionRuntime

/// Money in minor units, summed per currency. A currency that is not listed has the sum 0.
///
/// Zero sums are dropped, so equal money gives equal bytes however it came about. Addition wraps past ±2^63, since a
/// sum must be able to take back whatever it took, and a fold must never trap on an absurd history.
struct CurrencySums: RowValue, Equatable {
    struct Sum: Equatable, Sendable {
        let currency: String
        var amount: Int64
    }

    /// By currency, ascending, none with the amount 0.
    private(set) var sums: [Sum] = []

    /// Stands for an amount whose event names no currency: ISO 4217's code for "no currency involved".
    static let noCurrency = "XXX"

    init() {}

    /// The sum of one currency.
    subscript(currency: String) -> Int64 { sums.first { $0.currency == currency }?.amount ?? 0 }

    mutating func add(_ amount: Int64, _ currency: String) {
        guard amount != 0 else { return }
        let index = sums.firstIndex { $0.currency >= currency } ?? sums.count
        guard index < sums.count, sums[index].currency == currency else {
            return sums.insert(Sum(currency: currency, amount: amount), at: index)
        }
        sums[index].amount &+= amount
        if sums[index].amount == 0 { sums.remove(at: index) }
    }

    mutating func subtract(_ amount: Int64, _ currency: String) { add(0 &- amount, currency) }

    mutating func add(_ other: CurrencySums) {
        for sum in other.sums { add(sum.amount, sum.currency) }
    }

    /// Minor units by currency code.
    var json: JSON {
        .object(JSON.Members(sums.map { ($0.currency, .integer($0.amount)) }))
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(sums) { encoder, sum in
            encoder.text(sum.currency)
            encoder.integer(sum.amount)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        sums = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Sum in
            Sum(currency: try decoder.text(), amount: try decoder.integer())
        }
    }
}
