/// What happened to an order.
public enum OrderEvent: Sendable {
    /// A customer ordered.
    case placed(Placed)
    /// An order, or lines of it, will not be fulfilled.
    case cancelled(Cancelled)
}

extension OrderEvent {
    /// `order.placed`.
    public struct Placed: Hashable, Sendable {
        public let orderID: String
        /// As printed on paper.
        public let number: String
        public let accountID: String
        /// In minor units, tax included.
        public let total: Int64
        /// ISO 4217.
        public let currency: String
        public let channel: String?
        /// Milliseconds since 1970 in UTC.
        public let placedAt: Int64

        init(_ data: DataReader) throws(UndecodableEvent) {
            orderID = try data.text("order_id")
            number = try data.text("number")
            accountID = try data.text("account_id")
            total = try data.integer("total")
            currency = try data.text("currency")
            channel = try data.optionalText("channel")
            placedAt = try data.integer("placed_at")
        }
    }

    /// `order.cancelled`.
    public struct Cancelled: Hashable, Sendable {
        public let reason: String
        /// The lines that will not be fulfilled; empty for the whole order.
        public let lines: [CancelledLine]
        /// Their ids; empty for the whole order.
        public var lineIDs: [String] { lines.map(\.lineID) }

        init(_ data: DataReader) throws(UndecodableEvent) {
            reason = try data.text("reason")
            lines =
                try data.objects("lines") { line throws(UndecodableEvent) in
                    CancelledLine(
                        lineID: try line.optionalText("line_id") ?? "",
                        quantityMilli: try line.optionalInteger("quantity_milli"))
                } ?? []
        }
    }

    /// How much of one line will not be fulfilled.
    public struct CancelledLine: Hashable, Sendable {
        /// The line of the order; empty where the producer named none.
        public let lineID: String
        /// In thousandths of the product's unit; `nil` for all of it.
        public let quantityMilli: Int64?
    }
}

extension OrderEvent {
    /// The party that the fields name.
    var party: PartyReference? {
        switch self {
        case .placed(let event): .account(event.accountID)
        case .cancelled: nil
        }
    }
}
