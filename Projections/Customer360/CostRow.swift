import ProjectionRuntime

/// What a product costs us, by the day from which a cost holds. Minor units a piece; days from 1970-01-01.
struct CostRow: RowValue, Equatable {
    struct Cost: Equatable, Sendable {
        let day: Int32
        let amount: Int64
        let currency: String
        /// Of the event that says so.
        let position: UInt64
    }

    /// By day, ascending; of one day the last one told stands alone.
    private(set) var costs: [Cost] = []

    init() {}

    mutating func set(_ cost: Cost) {
        costs.removeAll { $0.day == cost.day && $0.currency == cost.currency }
        costs.insert(cost, at: costs.firstIndex { $0.day > cost.day } ?? costs.count)
    }

    /// The cost that was valid on a day.
    func cost(on day: Int32, in currency: String) -> Cost? {
        costs.last { $0.day <= day && $0.currency == currency }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(costs) { encoder, cost in
            encoder.integer(Int64(cost.day))
            encoder.integer(cost.amount)
            encoder.text(cost.currency)
            encoder.integer(Int64(bitPattern: cost.position))
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        costs = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Cost in
            Cost(
                day: Int32(clamping: try decoder.integer()), amount: try decoder.integer(),
                currency: try decoder.text(), position: UInt64(bitPattern: try decoder.integer()))
        }
    }
}
