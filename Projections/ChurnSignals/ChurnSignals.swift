public import CRMEvents
import EventModel
public import ProjectionRuntime

/// Which customers are about to leave, judged by when they bought.
///
/// The rows hold purchase days and money as integers; every probability is computed from them when somebody asks.
/// That keeps a rebuild equal to the byte on every machine, whatever its C library makes of a logarithm.
///
/// Invariants of the rows:
/// 1. A customer's days are distinct and ascending, each with at least one order; a customer without one has no row.
/// 2. A customer's days hold exactly the orders in the table of orders that name it and are not cancelled.
/// 3. The content row has changed if and only if any other row has.
public final class ChurnSignals: Projection {
    public static let name = "churn-signals"
    public static let version: UInt32 = 1
    public static let handles: Set<EventGroup> = [.order]

    static let customers = TableName<String, CustomerRow>("customers")
    static let orders = TableName<String, OrderRow>("orders")
    static let content = TableName<String, ContentRow>("content")

    private let customers: Table<String, CustomerRow>
    private let orders: Table<String, OrderRow>
    private let content: Table<String, ContentRow>

    public init(tables: TableSet) {
        customers = tables.open(Self.customers)
        orders = tables.open(Self.orders)
        content = tables.open(Self.content)
    }

    public static func entity(of event: CRMEvent) -> EntityKey { EntityKey("everything") }

    public func apply(_ event: CRMEvent) {
        switch event.body {
        case .order(.placed(let order)): place(order, at: event)
        case .order(.cancelled(let cancellation)): cancel(cancellation, at: event)
        default: break
        }
    }

    /// Counts an order on the UTC day of its time. A late order lands between the days that are there already.
    ///
    /// A second placement of the same order is left out: the lifecycle knows none, and money must not count twice.
    private func place(_ order: OrderEvent.Placed, at event: CRMEvent) {
        let id = String(event.stream.id)
        guard orders[id] == nil else { return }
        let row = OrderRow(
            account: order.accountID, day: Int64(event.time.day.daysSinceEpoch),
            money: Money(currency: order.currency, amount: order.total))
        orders[id] = row
        customers.update(row.account, orInsert: CustomerRow()) { $0.add(row.money, onDay: row.day) }
        content.update(ContentRow.key, orInsert: ContentRow()) { $0.mix(row, id: id) }
    }

    /// Takes a wholly cancelled order back, and its purchase day if it was the only order of that day.
    ///
    /// A cancellation of single lines changes nothing: the customer did buy on that day, and what the lines cost is
    /// not among the facts of the event. Revenue is therefore that of all orders not wholly cancelled.
    private func cancel(_ cancellation: OrderEvent.Cancelled, at event: CRMEvent) {
        let id = String(event.stream.id)
        guard cancellation.lines.isEmpty, var row = orders[id], !row.isCancelled else { return }
        row.isCancelled = true
        orders[id] = row
        customers.update(row.account, orInsert: CustomerRow()) { $0.remove(row.money, onDay: row.day) }
        if customers[row.account]?.days.isEmpty == true { customers[row.account] = nil }
        content.update(ContentRow.key, orInsert: ContentRow()) { $0.mix(row, id: id) }
    }
}
