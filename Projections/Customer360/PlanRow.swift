import ProjectionRuntime

/// A plan by which something is paid in instalments. Minor units; days are counted from 1970-01-01.
struct PlanRow: RowValue, Equatable {
    struct Instalment: Equatable, Sendable {
        let number: Int64
        var dueDay: Int32?
        var amount: Int64
        var received: Int64
    }

    var currency = CurrencySums.noCurrency
    /// By number, ascending.
    private(set) var instalments: [Instalment] = []

    init() {}

    /// Forgets what was scheduled: a new plan takes its place, and what was received stays.
    mutating func reschedule() {
        for index in instalments.indices { (instalments[index].dueDay, instalments[index].amount) = (nil, 0) }
    }

    mutating func schedule(_ number: Int64, dueDay: Int32?, amount: Int64) {
        update(number) { instalment in
            instalment.dueDay = dueDay
            instalment.amount = amount
        }
    }

    mutating func receive(_ amount: Int64, for number: Int64) { update(number) { $0.received &+= amount } }

    /// The first instalment, by due day, that is not wholly paid.
    var next: Instalment? {
        instalments.filter { $0.amount > $0.received && $0.dueDay != nil }
            .min { ($0.dueDay ?? 0, $0.number) < ($1.dueDay ?? 0, $1.number) }
    }

    private mutating func update(_ number: Int64, _ change: (inout Instalment) -> Void) {
        let index = instalments.firstIndex { $0.number >= number } ?? instalments.count
        if index == instalments.count || instalments[index].number != number {
            instalments.insert(Instalment(number: number, dueDay: nil, amount: 0, received: 0), at: index)
        }
        change(&instalments[index])
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(currency)
        encoder.list(instalments) { encoder, instalment in
            encoder.integer(instalment.number)
            encoder.optionalInteger(instalment.dueDay.map(Int64.init))
            encoder.integer(instalment.amount)
            encoder.integer(instalment.received)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        currency = try decoder.text()
        instalments = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Instalment in
            Instalment(
                number: try decoder.integer(), dueDay: try decoder.optionalInteger().map { Int32(clamping: $0) },
                amount: try decoder.integer(), received: try decoder.integer())
        }
    }
}
