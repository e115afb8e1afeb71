import CanonicalJSON
import CivilTime
import ProjectionRuntime

/// What a customer owes on a day, and the instalment that is due next.
struct Receivables {
    private var open = CurrencySums()
    private var overdue = CurrencySums()
    private var invoiceCount: Int64 = 0
    private var overdueCount: Int64 = 0
    /// Days that the oldest overdue invoice is past due.
    private var daysOverdueMax: Int64 = 0
    private var next: (plan: String, currency: String, instalment: PlanRow.Instalment)?

    /// Walks through the invoices that are not settled, and what others paid on them, and through the plans.
    init(of sources: [PartyKey], on day: Int32, in snapshot: ViewSnapshot) throws(ViewError) {
        for source in sources where source.facet.isEmpty {
            try snapshot.forEach(Customer360.openInvoiceTable, of: source) { key, row throws(ViewError) in
                if row.isIssued { try add(row, key.id, on: day, in: snapshot) }
            }
            try snapshot.forEach(Customer360.planTable, of: source) { key, row in
                if let instalment = row.next, isSooner(instalment) { next = (key.id, row.currency, instalment) }
            }
        }
    }

    private mutating func add(
        _ row: InvoiceRow, _ invoice: String, on day: Int32, in snapshot: ViewSnapshot
    ) throws(ViewError) {
        var balance = row.balance(on: day)
        try snapshot.forEach(Customer360.settlementTable, of: invoice) { _, row in balance &+= row.balance(on: day) }
        // What was paid or credited beyond an invoice is nothing that the customer owes.
        guard balance > 0 else { return }
        invoiceCount &+= 1
        open.add(balance, row.currency)
        guard let dueDay = row.dueDay, dueDay < day else { return }
        overdueCount &+= 1
        overdue.add(balance, row.currency)
        daysOverdueMax = max(daysOverdueMax, Int64(day) - Int64(dueDay))
    }

    private func isSooner(_ instalment: PlanRow.Instalment) -> Bool {
        next.map { (instalment.dueDay ?? 0) < ($0.instalment.dueDay ?? 0) } ?? true
    }

    var json: JSON {
        [
            "days_overdue_max": .integer(daysOverdueMax), "open": open.json, "open_invoices": .integer(invoiceCount),
            "overdue": overdue.json, "overdue_invoices": .integer(overdueCount),
        ]
    }

    var nextInstalment: JSON {
        guard let next else { return .null }
        return [
            "plan_id": .text(next.plan), "no": .integer(next.instalment.number),
            "due_date": .day(next.instalment.dueDay), "currency": .text(next.currency),
            "amount": .integer(next.instalment.amount &- next.instalment.received),
        ]
    }
}

/// What is left of the revenue when the goods are paid for: net revenue − quantity × cost valid at the sale date.
///
/// It is known where every line of every standing order of a currency has a cost.
struct Margin {
    /// Orders that are looked through for one customer, at most; with more the margin is not given.
    static let orderCountMax: Int64 = 1_000

    private var margin: CurrencySums?
    /// Of the events that told the costs.
    private(set) var positions: Set<UInt64> = []

    init(
        of sources: [PartyKey], _ figures: OrderFigures, in zone: CivilZone, _ snapshot: ViewSnapshot
    ) throws(ViewError) {
        guard figures.count > 0, figures.count <= Self.orderCountMax else { return }
        guard try Self.knowsCosts(snapshot) else { return }
        var costs: [String: CostRow] = [:]
        var spent: [String: Int128] = [:]
        var unknown: Set<String> = []
        for source in sources where source.facet.isEmpty {
            try snapshot.forEach(Customer360.orderTable, of: source) { _, order throws(ViewError) in
                guard order.isStanding else { return }
                if order.lines.isEmpty { unknown.insert(order.currency) }
                for line in order.lines {
                    if costs[line.product] == nil {
                        costs[line.product] = try snapshot.row(Customer360.costTable, line.product) ?? CostRow()
                    }
                    let day = zone.dayNumber(of: order.time)
                    guard let cost = costs[line.product]?.cost(on: day, in: order.currency) else {
                        unknown.insert(order.currency)
                        continue
                    }
                    spent[order.currency, default: 0] += Int128(line.quantityMilli) * Int128(cost.amount)
                    positions.insert(cost.position)
                }
            }
        }
        // Also where nothing is left of the revenue: the costs are there all the same.
        let known = figures.entries.filter { !unknown.contains($0.currency) }
        var sums = CurrencySums()
        for entry in known {
            let cost = roundedHalfUp(spent[entry.currency] ?? 0, by: 1_000)
            sums.add(Int64(clamping: Int128(entry.total) - Int128(entry.refunds) - cost), entry.currency)
        }
        if !known.isEmpty { margin = sums }
    }

    /// Without any cost there is no need to look through orders.
    private static func knowsCosts(_ snapshot: ViewSnapshot) throws(ViewError) -> Bool {
        var isAnyKnown = false
        try snapshot.forEach(Customer360.costTable) { (_, _) throws(ViewError) -> Bool in
            isAnyKnown = true
            return false
        }
        return isAnyKnown
    }

    /// Per currency; `null` where it is known for none.
    var json: JSON { margin?.json ?? .null }
}
