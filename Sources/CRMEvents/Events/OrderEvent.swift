// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `order`.
public enum OrderEvent: Sendable {
    /// A customer ordered.
    case placed(Placed)
    /// An order may be fulfilled.
    case approved(Approved)
    /// An order, or lines of it, reached the customer.
    case fulfilled(Fulfilled)
    /// An order, or the named lines of it, will not be fulfilled.
    case cancelled(Cancelled)
    /// Lines of an order came back.
    case returned(Returned)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "order.placed": { .order(.placed(.init(view: $0))) },
        "order.approved": { .order(.approved(.init(view: $0))) },
        "order.fulfilled": { .order(.fulfilled(.init(view: $0))) },
        "order.cancelled": { .order(.cancelled(.init(view: $0))) },
        "order.returned": { .order(.returned(.init(view: $0))) },
    ]
}

extension OrderEvent {
    /// `order.placed`.
    public struct Placed: Sendable {
        let view: DataFields
        public var orderID: String { view.text(7) }
        public var number: String { view.text(5) }
        public var accountID: String { view.text(0) }
        public var opportunityID: String? { view.optionalText(6) }
        public var contractID: String? { view.optionalText(2) }
        public var quoteID: String? { view.optionalText(9) }
        public var lines: [LineItem] { view.objects(4, .line).map(LineItem.init(view:)) }
        /// In minor units.
        public var total: Int64 { view.integer(10) }
        /// ISO 4217.
        public var currency: String { view.text(3) }
        public var channel: String? { view.optionalText(1) }
        /// Milliseconds since 1970 in UTC.
        public var placedAt: Int64 { view.integer(8) }
    }
}

extension OrderEvent {
    /// `order.approved`.
    public struct Approved: Sendable {
        let view: DataFields
        public var approverID: String { view.text(0) }
    }
}

extension OrderEvent {
    /// `order.fulfilled`.
    public struct Fulfilled: Sendable {
        let view: DataFields
        public var shipmentRef: String? { view.optionalText(2) }
        public var lines: [Line] { view.objects(1, Line.table).map(Line.init(view:)) }
        /// Absent means false.
        public var complete: Bool { view.boolean(0) }

        /// What stands in `lines`.
        public struct Line: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("order.fulfilled", "lines")
            public var lineID: String? { view.optionalText(0) }
            public var quantityMilli: Int64? { view.optionalInteger(1) }
        }
    }
}

extension OrderEvent {
    /// `order.cancelled`.
    public struct Cancelled: Sendable {
        let view: DataFields
        public var reason: String { view.text(1) }
        public var lines: [Line] { view.objects(0, Line.table).map(Line.init(view:)) }

        /// What stands in `lines`.
        public struct Line: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("order.cancelled", "lines")
            public var lineID: String? { view.optionalText(0) }
            public var quantityMilli: Int64? { view.optionalInteger(1) }
        }
    }
}

extension OrderEvent {
    /// `order.returned`.
    public struct Returned: Sendable {
        let view: DataFields
        public var lines: [Line] { view.objects(0, Line.table).map(Line.init(view:)) }
        /// In minor units.
        public var refundDue: Int64 { view.integer(2) }
        public var reason: String { view.text(1) }

        /// What stands in `lines`.
        public struct Line: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("order.returned", "lines")
            public var lineID: String? { view.optionalText(0) }
            public var quantityMilli: Int64? { view.optionalInteger(1) }
        }
    }
}
