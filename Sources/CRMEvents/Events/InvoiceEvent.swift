// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `invoice`.
public enum InvoiceEvent: Sendable {
    /// A customer owes money for what was delivered.
    case issued(Issued)
    /// A customer owes more or less on an invoice than before.
    case adjusted(Adjusted)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "invoice.issued": { .invoice(.issued(.init(view: $0))) },
        "invoice.adjusted": { .invoice(.adjusted(.init(view: $0))) },
    ]
}

extension InvoiceEvent {
    /// `invoice.issued`.
    public struct Issued: Sendable {
        let view: DataFields
        public var invoiceID: String { view.text(3) }
        public var number: String { view.text(6) }
        public var accountID: String { view.text(0) }
        public var orderID: String? { view.optionalText(7) }
        public var lines: [LineItem] { view.objects(5, .line).map(LineItem.init(view:)) }
        /// In minor units.
        public var total: Int64 { view.integer(9) }
        /// In minor units.
        public var tax: Int64? { view.optionalInteger(8) }
        /// ISO 4217.
        public var currency: String { view.text(1) }
        /// A civil date, `YYYY-MM-DD`.
        public var issueDate: String { view.text(4) }
        /// A civil date, `YYYY-MM-DD`.
        public var dueDate: String { view.text(2) }
    }
}

extension InvoiceEvent {
    /// `invoice.adjusted`.
    public struct Adjusted: Sendable {
        let view: DataFields
        /// `void`, `credit_note`, `write_off`, `rebate`.
        public var kind: String { view.text(2) }
        /// In minor units.
        public var amount: Int64 { view.integer(0) }
        public var reason: String { view.text(3) }
        public var approvalID: String? { view.optionalText(1) }
    }
}
