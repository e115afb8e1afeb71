// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `payment`.
public enum PaymentEvent: Sendable {
    /// What is owed will be paid in instalments.
    case paymentPlanScheduled(PaymentPlanScheduled)
    /// Money came in.
    case received(Received)
    /// Money that came in pays these invoices and instalments.
    case allocated(Allocated)
    /// Money went back to the customer.
    case refunded(Refunded)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "payment_plan.scheduled": { .payment(.paymentPlanScheduled(.init(view: $0))) },
        "payment.received": { .payment(.received(.init(view: $0))) },
        "payment.allocated": { .payment(.allocated(.init(view: $0))) },
        "payment.refunded": { .payment(.refunded(.init(view: $0))) },
    ]
}

extension PaymentEvent {
    /// `payment_plan.scheduled`.
    public struct PaymentPlanScheduled: Sendable {
        let view: DataFields
        public var planID: String { view.text(4) }
        public var orderID: String? { view.optionalText(3) }
        public var contractID: String? { view.optionalText(0) }
        public var instalments: [Instalment] { view.objects(2, Instalment.table).map(Instalment.init(view:)) }
        /// ISO 4217.
        public var currency: String { view.text(1) }

        /// What stands in `instalments`.
        public struct Instalment: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("payment_plan.scheduled", "instalments")
            public var no: Int64? { view.optionalInteger(3) }
            /// A civil date, `YYYY-MM-DD`.
            public var dueDate: String? { view.optionalText(2) }
            /// In minor units.
            public var amount: Int64? { view.optionalInteger(0) }
            public var condition: String? { view.optionalText(1) }
        }
    }
}

extension PaymentEvent {
    /// `payment.received`.
    ///
    /// Personal, in ``CRMEvent/personal``: `bank_ref`.
    public struct Received: Sendable {
        let view: DataFields
        public var paymentID: String { view.text(5) }
        public var accountID: String { view.text(0) }
        /// In minor units.
        public var amount: Int64 { view.integer(1) }
        /// ISO 4217.
        public var currency: String { view.text(2) }
        public var method: String { view.text(4) }
        /// A civil date, `YYYY-MM-DD`.
        public var valueDate: String { view.text(6) }
        /// `receipt`, `prepayment`, `deposit`.
        public var kind: String { view.text(3) }
    }
}

extension PaymentEvent {
    /// `payment.allocated`.
    public struct Allocated: Sendable {
        let view: DataFields
        public var paymentID: String { view.text(2) }
        public var allocations: [Allocation] { view.objects(0, Allocation.table).map(Allocation.init(view:)) }
        public var fxRateE9: Int64? { view.optionalInteger(1) }

        /// What stands in `allocations`.
        public struct Allocation: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("payment.allocated", "allocations")
            public var invoiceID: String? { view.optionalText(2) }
            public var planID: String? { view.optionalText(3) }
            public var instalmentNo: Int64? { view.optionalInteger(1) }
            /// In minor units.
            public var amount: Int64? { view.optionalInteger(0) }
        }
    }
}

extension PaymentEvent {
    /// `payment.refunded`.
    public struct Refunded: Sendable {
        let view: DataFields
        public var paymentID: String { view.text(1) }
        /// In minor units.
        public var amount: Int64 { view.integer(0) }
        public var reason: String { view.text(2) }
    }
}
