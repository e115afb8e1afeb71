/// What happened to a payment.
public enum PaymentEvent: Sendable {
    /// Money came in.
    case received(Received)
}

extension PaymentEvent {
    /// `payment.received`.
    public struct Received: Hashable, Sendable {
        public let paymentID: String
        public let accountID: String
        /// In minor units.
        public let amount: Int64
        /// ISO 4217.
        public let currency: String
        public let method: String
        /// A civil date, `YYYY-MM-DD`.
        public let valueDate: String
        /// `receipt`, `prepayment` or `deposit`.
        public let kind: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            paymentID = try data.text("payment_id")
            accountID = try data.text("account_id")
            amount = try data.integer("amount")
            currency = try data.text("currency")
            method = try data.text("method")
            valueDate = try data.text("value_date")
            kind = try data.text("kind")
        }
    }
}

extension PaymentEvent {
    /// The party that the fields name.
    var party: PartyReference? {
        switch self {
        case .received(let event): .account(event.accountID)
        }
    }
}
