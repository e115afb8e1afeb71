/// What a customer owes.
struct Receivables: Sendable {
    private struct Invoice {
        var issued: (money: Money, dueDay: Int, position: UInt64)?
        var lowered: Int64 = 0
        var allocations: [(payment: Ref, amount: Int64)] = []
    }

    /// An invoice that is not settled.
    struct Open: Sendable {
        var money: Money
        var dueDay: Int
        var position: UInt64
    }

    /// Open invoices, the earliest due first.
    let open: [Open]
    /// Whether there ever was an invoice.
    let isInvoiced: Bool

    /// Total less adjustments less allocations of payments whose value date has come.
    init(_ facts: [Fact], asOf today: Int) {
        var invoices: [Ref: Invoice] = [:]
        var valueDays: [Ref: Int] = [:]
        for fact in facts {
            switch fact.what {
            case .invoiced(let ref, let money, let due):
                invoices[ref, default: Invoice()].issued = (money, Int(due), fact.position)
            case .invoiceAdjusted(let ref, let amount): invoices[ref, default: Invoice()].lowered &+= amount
            case .paid(let ref, let day): valueDays[ref] = Int(day)
            case .allocated(let payment, let invoice, let amount):
                invoices[invoice, default: Invoice()].allocations.append((payment, amount))
            default: continue
            }
        }
        isInvoiced = invoices.values.contains { $0.issued != nil }
        open = invoices.values.compactMap { invoice in
            guard let (money, due, position) = invoice.issued else { return nil }
            let paid = invoice.allocations.filter { valueDays[$0.payment] ?? today <= today }
                .reduce(0) { $0 &+ $1.amount }
            let balance = money.amount &- invoice.lowered &- paid
            guard balance > 0 else { return nil }
            return Open(
                money: Money(currency: money.currency, amount: balance), dueDay: due, position: position)
        }.sorted { ($0.dueDay, $0.position) < ($1.dueDay, $1.position) }
    }

    /// min(1, D ÷ 90) · a in basis points where D > `days`: D the most days past due, a the overdue share of what is
    /// open, each within one currency; of several currencies the worst.
    func severity(over days: Int, asOf today: Int) -> Int {
        Set(open.map(\.money.currency)).map { currency in
            let own = open.filter { $0.money.currency == currency }
            let late = own.filter { $0.dueDay < today }
            guard let pastDue = late.first.map({ today - $0.dueDay }), pastDue > days else { return 0 }
            let total = own.reduce(Int128(0)) { $0 + Int128($1.money.amount) }
            let overdue = late.reduce(Int128(0)) { $0 + Int128($1.money.amount) }
            return Int((Int128(min(pastDue, 90)) * overdue * 10_000).dividedHalfUp(by: 90 * total))
        }.max() ?? 0
    }
}
