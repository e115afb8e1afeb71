import CanonicalJSON
import EventModel

extension Lifecycle {
    /// Invoice 发票: issued → void or written_off; credit notes and rebates leave it issued.
    ///
    /// *Partially paid* and *paid* follow from the allocations in the streams of payments, and *overdue* from the day:
    /// read models tell. So whether an invoice that is voided has allocations is asked by a condition of the append
    /// (`UNLESS invoice:…`). A write-off names its approval.
    static let invoice = Lifecycle(
        "invoice",
        [
            .move("invoice.issued", from: ["none"], to: "issued"),
            .move("invoice.adjusted", "kind", is: "void", from: ["issued"], to: "void"),
            .move("invoice.adjusted", "kind", is: "write_off", from: ["issued"], to: "written_off", if: .isApproved),
            .stay("invoice.adjusted", "kind", is: "credit_note", in: ["issued"]),
            .stay("invoice.adjusted", "kind", is: "rebate", in: ["issued"]),
        ])

    /// Payment 回款: received → allocated → refunded, each repeatedly, as far as its money reaches.
    ///
    /// What decides is the money and not the order: allocated and refunded together stay within the amount received.
    /// A negative line takes an allocation back. After a refund in part the rest may still be allocated.
    static let payment = Lifecycle(
        "payment",
        [
            .move("payment.received", from: ["none"], to: "received", if: .amountIsReceived),
            .move(
                "payment.allocated", from: ["received", "allocated", "refunded"], to: "allocated",
                if: .allocationsFit),
            .move("payment.refunded", from: ["received", "allocated", "refunded"], to: "refunded", if: .refundFits),
        ])
}

extension Condition {
    fileprivate static let isApproved = Condition("with an approval_id") { _, event in event.has("approval_id") }

    fileprivate static let amountIsReceived = Condition("with its amount") { state, event in
        state.sums["amount"] = event.integer("amount")
        return true
    }

    fileprivate static let allocationsFit = Condition("within what is neither allocated nor refunded") {
        state, event in
        for allocation in event.list("allocations") {
            state.add(allocation["amount"]?.integer ?? 0, to: "allocated")
        }
        return state.isWithinAmount
    }

    fileprivate static let refundFits = Condition("within what is neither allocated nor refunded") { state, event in
        state.add(event.integer("amount"), to: "refunded")
        return state.isWithinAmount && event.integer("amount") >= 0
    }
}

extension LifecycleState {
    fileprivate var isWithinAmount: Bool {
        let spent = sum("allocated").addingReportingOverflow(sum("refunded"))
        return !spent.overflow && spent.partialValue <= sum("amount") && sum("allocated") >= 0
    }
}
