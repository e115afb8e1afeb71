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
        var data: [String: JSON] = [
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
            pay(total, for: order, from: time, in: &journal)
        }
    }

    private mutating func pay(_ total: Int, for order: String, from time: Int64, in journal: inout Journal) {
        let parts = dice.chance(12) ? [total / 2, total - total / 2] : [total]
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
                ])
        }
    }
}
