import CRMEvents
import CanonicalJSON
import ProjectionRuntime

/// What an order adds to its party's revenue, kept so that cancelling the whole order can take it back, and what was
/// sold, for the margin.
struct OrderRow: RowValue, Equatable {
    struct Line: Equatable, Sendable {
        let product: String
        let quantityMilli: Int64
    }

    /// An order is placed once: who says so again changes nothing, also after it was cancelled.
    var isPlaced = false
    /// Whether it was cancelled as a whole.
    var isCancelled = false
    var isStanding: Bool { isPlaced && !isCancelled }
    /// Minor units.
    var total: Int64 = 0
    /// Minor units that were or will be paid back for what was returned.
    var refunds: Int64 = 0
    var currency = CurrencySums.noCurrency
    /// Milliseconds since 1970.
    var time: Int64 = 0
    var lines: [Line] = []

    init() {}

    func encode(to encoder: inout RowEncoder) {
        encoder.boolean(isPlaced)
        encoder.boolean(isCancelled)
        encoder.integer(total)
        encoder.integer(refunds)
        encoder.text(currency)
        encoder.integer(time)
        encoder.list(lines) { encoder, line in
            encoder.text(line.product)
            encoder.integer(line.quantityMilli)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        isPlaced = try decoder.boolean()
        isCancelled = try decoder.boolean()
        total = try decoder.integer()
        refunds = try decoder.integer()
        currency = try decoder.text()
        time = try decoder.integer()
        lines = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Line in
            Line(product: try decoder.text(), quantityMilli: try decoder.integer())
        }
    }
}
