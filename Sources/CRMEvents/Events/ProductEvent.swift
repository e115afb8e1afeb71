// Made by `rapport catalog swift` from the definitions: change those.

public import CanonicalJSON

/// The events of the group `product`.
public enum ProductEvent: Sendable {
    /// A product was defined, or defined anew.
    case defined(Defined)
    /// A product has a new price from a day on.
    case priceSet(PriceSet)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "product.defined": { .product(.defined(.init(view: $0))) },
        "price.set": { .product(.priceSet(.init(view: $0))) },
    ]
}

extension ProductEvent {
    /// `product.defined`.
    public struct Defined: Sendable {
        let view: DataFields
        public var productID: String { view.text(4) }
        public var sku: String { view.text(5) }
        public var name: String { view.text(3) }
        public var category: String? { view.optionalText(2) }
        public var unit: String? { view.optionalText(6) }
        /// Absent means false.
        public var active: Bool { view.boolean(0) }
        public var attributes: JSON { view.json(1) }
    }
}

extension ProductEvent {
    /// `price.set`.
    public struct PriceSet: Sendable {
        let view: DataFields
        public var productID: String { view.text(6) }
        /// `list`, `floor`, `cost`.
        public var kind: String { view.text(3) }
        public var priceBookID: String? { view.optionalText(5) }
        /// In minor units.
        public var amount: Int64 { view.integer(0) }
        /// ISO 4217.
        public var currency: String { view.text(1) }
        public var minQuantityMilli: Int64? { view.optionalInteger(4) }
        /// A civil date, `YYYY-MM-DD`.
        public var effectiveFrom: String { view.text(2) }
        public var source: String? { view.optionalText(7) }
    }
}
