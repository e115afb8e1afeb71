import CanonicalJSON
import EventModel

extension Lifecycle {
    /// Order 订单: placed → approved → partially_fulfilled → fulfilled → returned; cancelled before it is fulfilled.
    ///
    /// *Approved* exists only where a rule asks for approval, so an order may be fulfilled as it was placed. A
    /// cancellation or a return that names lines may be one in part: the order is cancelled by the one that names no
    /// lines, and returned when everything fulfilled has come back.
    static let order = Lifecycle(
        "order",
        [
            .move("order.placed", from: ["none"], to: "placed", if: .linesAreOrdered),
            .move("order.approved", from: ["placed"], to: "approved"),
            .move(
                "order.fulfilled", "complete", is: "false", from: fulfillable, to: "partially_fulfilled",
                if: .linesAreFulfilled),
            .move(
                "order.fulfilled", "complete", is: "true", from: fulfillable, to: "fulfilled", if: .linesAreFulfilled),
            .stay("order.cancelled", in: ["placed", "approved"], if: .orderIsCancelled),
            .stay("order.returned", in: ["partially_fulfilled", "fulfilled"], if: .linesWereFulfilled),
        ])

    private static let fulfillable = ["placed", "approved", "partially_fulfilled"]
}

extension Condition {
    fileprivate static let linesAreOrdered = Condition("with its lines") { state, event in
        for line in event.list("lines") { state.add(line.quantity, to: "ordered \(line.lineID)") }
        return true
    }

    fileprivate static let linesAreFulfilled = Condition("with the lines that were shipped") { state, event in
        for line in event.list("lines") { state.add(line.quantity, to: "fulfilled \(line.lineID)") }
        guard event.has("complete", "true") else { return true }
        // A complete order has every line that was ordered, whether a shipment named it or not.
        for (name, quantity) in state.sums where name.hasPrefix("ordered ") {
            let fulfilled = "fulfilled " + name.dropFirst(8)
            state.sums[fulfilled] = max(state.sum(fulfilled), quantity)
        }
        return true
    }

    fileprivate static let orderIsCancelled = Condition("whole, or the lines that it names") { state, event in
        if event.list("lines").isEmpty { state.phase = "cancelled" }
        return true
    }

    fileprivate static let linesWereFulfilled = Condition("per line no more than was fulfilled") { state, event in
        var isFulfilled = true
        for line in event.list("lines") {
            state.add(line.quantity, to: "returned \(line.lineID)")
            let rest = state.sum("fulfilled \(line.lineID)").subtractingReportingOverflow(
                state.sum("returned \(line.lineID)"))
            isFulfilled = isFulfilled && line.quantity >= 0 && rest.partialValue >= 0 && !rest.overflow
        }
        let isAllBack = state.sums.allSatisfy { name, quantity in
            !name.hasPrefix("fulfilled ") || state.sum("returned " + name.dropFirst(10)) >= quantity
        }
        if isAllBack { state.phase = "returned" }
        return isFulfilled
    }
}

extension JSONNode {
    /// The line that an entry of a list means; empty where it names none.
    fileprivate var lineID: String { self["line_id"]?.text ?? "" }
    /// Thousandths; 0 where it names none.
    fileprivate var quantity: Int64 { self["quantity_milli"]?.integer ?? 0 }
}
