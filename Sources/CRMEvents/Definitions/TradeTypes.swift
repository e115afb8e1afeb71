extension EventTypeDefinition {
    /// CATALOG.md 5.10, orders, invoices and payments 订单·回款.
    static let tradeTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "order.placed", "A customer ordered.", in: .order,
            stream: .entity("order", field: "order_id"),
            fields: [
                .required("order_id", .id),
                .required("number", .text),
                .required("account_id", .id),
                .optional("opportunity_id", .id),
                .optional("contract_id", .id),
                .optional("quote_id", .id),
                .required("lines", .list(of: .line)),
                .required("total", .money),
                .required("currency", .currency),
                .optional("channel", .text),
                .required("placed_at", .instant),
            ],
            terms: [.anchor("account_id"), "opportunity_id", "contract_id", "quote_id"],
            rules: [.totalOfLines]),
        EventTypeDefinition(
            "order.approved", "An order may be fulfilled.", in: .order,
            stream: .category("order"),
            fields: [
                .required("approver_id", .id)
            ],
            terms: ["approver_id"]),
        EventTypeDefinition(
            "order.fulfilled", "An order, or lines of it, reached the customer.", in: .order,
            stream: .category("order"),
            fields: [
                .optional("shipment_ref", .text),
                .required(
                    "lines", .list(of: .object([.optional("line_id", .id), .optional("quantity_milli", .integer)]))),
                .required("complete", .boolean),
            ]),
        EventTypeDefinition(
            "order.cancelled", "An order, or the named lines of it, will not be fulfilled.", in: .order,
            stream: .category("order"),
            fields: [
                .required("reason", .code),
                .optional(
                    "lines", .list(of: .object([.optional("line_id", .id), .optional("quantity_milli", .integer)]))),
            ]),
        EventTypeDefinition(
            "order.returned", "Lines of an order came back.", in: .order,
            stream: .category("order"),
            fields: [
                .required(
                    "lines", .list(of: .object([.optional("line_id", .id), .optional("quantity_milli", .integer)]))),
                .required("refund_due", .money),
                .required("reason", .code),
            ]),
        EventTypeDefinition(
            "payment_plan.scheduled", "What is owed will be paid in instalments.", in: .payment,
            stream: .entity("payment_plan", field: "plan_id"),
            fields: [
                .required("plan_id", .id),
                .optional("order_id", .id),
                .optional("contract_id", .id),
                .required(
                    "instalments",
                    .list(
                        of: .object([
                            .optional("no", .integer), .optional("due_date", .civilDay), .optional("amount", .money),
                            .optional("condition", .text),
                        ]))),
                .required("currency", .currency),
            ],
            exactlyOneOf: ["order_id", "contract_id"],
            terms: [.anchor("order_id"), .anchor("contract_id")]),
        EventTypeDefinition(
            "invoice.issued", "A customer owes money for what was delivered.", in: .invoice,
            stream: .entity("invoice", field: "invoice_id"),
            fields: [
                .required("invoice_id", .id),
                .required("number", .text),
                .required("account_id", .id),
                .optional("order_id", .id),
                .required("lines", .list(of: .line)),
                .required("total", .money),
                .optional("tax", .money),
                .required("currency", .currency),
                .required("issue_date", .civilDay),
                .required("due_date", .civilDay),
            ],
            terms: [.anchor("account_id"), "order_id"],
            rules: [.totalOfLines, .ordered("issue_date", notAfter: "due_date")]),
        EventTypeDefinition(
            "invoice.adjusted", "A customer owes more or less on an invoice than before.", in: .invoice,
            stream: .category("invoice"),
            fields: [
                .required("kind", .enumeration(["void", "credit_note", "write_off", "rebate"])),
                // positive: lowers what is owed
                .required("amount", .money),
                .required("reason", .code),
                .optional("approval_id", .id),
            ],
            terms: ["approval_id"]),
        EventTypeDefinition(
            "payment.received", "Money came in.", in: .payment,
            stream: .entity("payment", field: "payment_id"),
            fields: [
                .required("payment_id", .id),
                .required("account_id", .id),
                .required("amount", .money),
                .required("currency", .currency),
                .required("method", .text),
                .required("value_date", .civilDay),
                .required("kind", .enumeration(["receipt", "prepayment", "deposit"])),
                .optional("bank_ref", .text, personal: .always),
            ],
            terms: [.anchor("account_id")],
            subject: .named("account_id", for: .finance)),
        EventTypeDefinition(
            "payment.allocated", "Money that came in pays these invoices and instalments.", in: .payment,
            stream: .entity("payment", field: "payment_id"),
            fields: [
                .required("payment_id", .id),
                // an invoice, or a plan's instalment
                .required(
                    "allocations",
                    .list(
                        of: .object([
                            .optional("invoice_id", .id), .optional("plan_id", .id),
                            .optional("instalment_no", .integer), .optional("amount", .money),
                        ]))),
                .optional("fx_rate_e9", .integer),
            ],
            terms: ["allocations.invoice_id", "allocations.plan_id"],
            rules: [
                .eachHasOne(list: "allocations", "invoice_id", "plan_id"),
                .eachHasBoth(list: "allocations", "plan_id", "instalment_no"),
            ]),
        EventTypeDefinition(
            "payment.refunded", "Money went back to the customer.", in: .payment,
            stream: .entity("payment", field: "payment_id"),
            fields: [
                .required("payment_id", .id),
                .required("amount", .money),
                .required("reason", .code),
            ]),
    ]
}
