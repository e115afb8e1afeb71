import ProjectionRuntime

/// One invoice, in minor units of its currency. Days are counted from 1970-01-01.
///
/// Two tables hold these rows: one holds all invoices, for the fold; the other those that are not settled, and is what
/// a reader walks through.
struct InvoiceRow: RowValue, Equatable {
    /// Money that a bank will have on a later day than the allocation's own.
    struct Pending: Equatable, Sendable {
        let day: Int32
        let amount: Int64
    }

    var isIssued = false
    var total: Int64 = 0
    /// Credit notes, voids, write-offs and rebates, each positive.
    var adjusted: Int64 = 0
    /// What this customer's own payments settled, value dates in the future left out.
    var allocated: Int64 = 0
    var pending: [Pending] = []
    var currency = CurrencySums.noCurrency
    var dueDay: Int32?

    init() {}

    /// What is owed on a day, as far as this customer's own payments go.
    func balance(on day: Int32) -> Int64 {
        pending.reduce(total &- adjusted &- allocated) { $1.day <= day ? $0 &- $1.amount : $0 }
    }

    /// Nothing is owed and nothing is to come.
    var isSettled: Bool { pending.isEmpty && total &- adjusted &- allocated == 0 }

    /// Takes an allocation that somebody made on a day, with money of a value date.
    mutating func allocate(_ amount: Int64, valueDay: Int32, on day: Int32) {
        if valueDay <= day { allocated &+= amount } else { pending.append(Pending(day: valueDay, amount: amount)) }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.boolean(isIssued)
        encoder.integer(total)
        encoder.integer(adjusted)
        encoder.integer(allocated)
        encoder.list(pending) { encoder, pending in
            encoder.integer(Int64(pending.day))
            encoder.integer(pending.amount)
        }
        encoder.text(currency)
        encoder.optionalInteger(dueDay.map(Int64.init))
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        isIssued = try decoder.boolean()
        total = try decoder.integer()
        adjusted = try decoder.integer()
        allocated = try decoder.integer()
        pending = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Pending in
            Pending(day: Int32(clamping: try decoder.integer()), amount: try decoder.integer())
        }
        currency = try decoder.text()
        dueDay = try decoder.optionalInteger().map { Int32(clamping: $0) }
    }
}
