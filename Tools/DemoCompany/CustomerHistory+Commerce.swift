import CanonicalJSON
import EventModel

extension CustomerHistory {
    /// Orders from the first won deal on: a steady rhythm, or one that slows down and stops.
    mutating func order(from won: Int64, in journal: inout Journal) {
        let gap = dice.number(22...55)
        var time = won
        var count = 1
        var isLast = false
        placeOrder("\(id).o1", at: time, of: conversion.opportunityID, in: &journal)
        while time < DemoTime.end, !isLast {
            isLast = !isInterested(at: time)
            let days = isLast ? gap * 2 : gap
            time = dice.moment(after: time, days: days * 3 / 4...days * 5 / 4)
            count += 1
            placeOrder("\(id).o\(count)", at: time, of: nil, in: &journal)
        }
    }

    /// One order of one to three lines, and what follows it: a payment or two, or a cancellation.
    mutating func placeOrder(_ order: String, at time: Int64, of deal: String?, in journal: inout Journal) {
        var total = 0
        var lines: [JSON] = []
        for line in 1...dice.number(1...3) {
            let product = dice.pick(DemoNames.products)
            let count = dice.number(1...12)
            // Prices and discounts are multiples of 100, so that every line is a whole number of minor units.
            let discount = dice.pick([0, 0, 0, 500, 1000])
            total += count * product.price / 100 * (10_000 - discount) / 100
            lines.append(
                .object([
                    "line_id": .text(String(line)), "product_id": .text(product.id),
                    "quantity_milli": .integer(Int64(count) * 1000), "unit_price": .integer(Int64(product.price)),
                    "discount": .integer(Int64(discount)),
                ]))
        }
        var data: JSON.Members = [
            "order_id": .text(order), "number": .text(order), "account_id": .text(id), "lines": .array(lines),
            "total": .integer(Int64(total)), "currency": .text(currency), "placed_at": .integer(time),
            "channel": .text(deal == nil ? "web" : "sales"),
        ]
        if let deal { data["opportunity_id"] = .text(deal) }
        journal.record("order.placed", in: "order-\(order)", at: time, data)
        if deal == nil, dice.chance(3) {
            journal.record(
                "order.cancelled", in: "order-\(order)", at: dice.moment(after: time, days: 1...2),
                ["reason": "customer_request"])
        } else {
            orders.append((order, time, total))
            deliver(order, data, total, from: time, in: &journal)
            pay(total, for: order, from: time, isInvoiced: deal != nil, in: &journal)
        }
    }

    /// The goods leave two days later. What sales sold is invoiced; the web shop is paid at once.
    private mutating func deliver(
        _ order: String, _ data: JSON.Members, _ total: Int, from time: Int64, in journal: inout Journal
    ) {
        let lines = data["lines"]?.elements ?? []
        let shipped = lines.map { line -> JSON in
            .object(["line_id": line["line_id"] ?? .null, "quantity_milli": line["quantity_milli"] ?? .null])
        }
        let sent = time + 2 * DemoTime.day
        func fulfil(_ lines: [JSON], at time: Int64, complete: Bool) {
            journal.record(
                "order.fulfilled", in: "order-\(order)", at: time,
                ["lines": .array(lines), "complete": .boolean(complete), "shipment_ref": .text("sh-\(order)")])
        }
        if shipped.count > 1, extra.chance(20) {
            fulfil([shipped[0]], at: sent, complete: false)
            fulfil(Array(shipped.dropFirst()), at: sent + 3 * DemoTime.day, complete: true)
        } else {
            fulfil(shipped, at: sent, complete: true)
        }
        guard data["opportunity_id"] != nil else { return }
        func day(_ time: Int64) -> JSON { .text(Timestamp(milliseconds: time).day.description) }
        journal.record(
            "invoice.issued", in: "invoice-\(order).n1", at: time + 60 * DemoTime.minute,
            [
                "invoice_id": .text("\(order).n1"), "number": .text("\(order).N1"), "account_id": .text(id),
                "order_id": .text(order), "lines": .array(lines), "total": .integer(Int64(total)),
                "currency": .text(currency), "issue_date": day(time), "due_date": day(time + 30 * DemoTime.day),
            ])
    }

    private mutating func pay(
        _ total: Int, for order: String, from time: Int64, isInvoiced: Bool, in journal: inout Journal
    ) {
        let parts = dice.chance(12) ? [total / 2, total - total / 2] : [total]
        if parts.count > 1 { promise(parts, for: order, from: time, in: &journal) }
        let refund = parts.count == 1 && extra.chance(4) ? total / 10 : 0
        var time = time
        for (index, part) in parts.enumerated() where part > 0 {
            // A fading customer pays late.
            time = dice.moment(after: time, days: isInterested(at: time) ? 3...28 : 35...75)
            let payment = "\(order).p\(index + 1)"
            journal.record(
                "payment.received", in: "payment-\(payment)", at: time,
                [
                    "payment_id": .text(payment), "account_id": .text(id), "amount": .integer(Int64(part)),
                    "currency": .text(currency), "kind": "receipt",
                    "method": .text(currency == "CNY" ? dice.pick(["bank_transfer", "alipay"]) : "bank_transfer"),
                    "value_date": .text(Timestamp(milliseconds: time).day.description),
                    "bank_ref": .text("\(currency)-\(extra.number(100_000...999_999))"),
                ])
            if refund > 0 { giveBack(refund, of: payment, for: order, isInvoiced, at: time, in: &journal) }
            guard isInvoiced else { continue }
            let allocation: JSON = [
                "invoice_id": .text("\(order).n1"), "amount": .integer(Int64(part - refund)),
            ]
            journal.record(
                "payment.allocated", in: "payment-\(payment)", at: time + DemoTime.day,
                ["payment_id": .text(payment), "allocations": .array([allocation])])
        }
    }

    private func promise(_ parts: [Int], for order: String, from time: Int64, in journal: inout Journal) {
        let instalments = parts.enumerated().map { index, part -> JSON in
            [
                "no": .integer(Int64(index + 1)), "amount": .integer(Int64(part)),
                "due_date": .text(
                    Timestamp(milliseconds: time + Int64(index + 1) * 30 * DemoTime.day).day.description),
            ]
        }
        journal.record(
            "payment_plan.scheduled", in: "payment_plan-\(order).pl", at: time + 30 * DemoTime.minute,
            [
                "plan_id": .text("\(order).pl"), "order_id": .text(order), "currency": .text(currency),
                "instalments": .array(instalments),
            ])
    }

    /// One unit comes back damaged: a return, a credit note where there is an invoice, and money.
    private func giveBack(
        _ amount: Int, of payment: String, for order: String, _ isInvoiced: Bool, at paid: Int64,
        in journal: inout Journal
    ) {
        let time = max(paid, journal.lastTime(in: "order-\(order)")) + DemoTime.minute
        journal.record(
            "order.returned", in: "order-\(order)", at: time,
            [
                "lines": [["line_id": "1", "quantity_milli": 1000]], "refund_due": .integer(Int64(amount)),
                "reason": "damaged",
            ])
        if isInvoiced {
            journal.record(
                "invoice.adjusted", in: "invoice-\(order).n1", at: time + DemoTime.minute,
                ["kind": "credit_note", "amount": .integer(Int64(amount)), "reason": "damaged"])
        }
        journal.record(
            "payment.refunded", in: "payment-\(payment)", at: time + 2 * DemoTime.minute,
            ["payment_id": .text(payment), "amount": .integer(Int64(amount)), "reason": "damaged"])
    }
}
