// Made by `rapport catalog swift` from the definitions: change those.

/// One position of an order, an invoice, a quote or a deal.
public struct LineItem: Sendable {
    let view: DataFields
    public var lineID: String { view.text(2) }
    public var productID: String { view.text(3) }
    public var quantityMilli: Int64 { view.integer(4) }
    /// In minor units.
    public var unitPrice: Int64 { view.integer(6) }
    /// In basis points: 10,000 is the whole.
    public var discount: Int64? { view.optionalInteger(1) }
    /// In basis points: 10,000 is the whole.
    public var tax: Int64? { view.optionalInteger(5) }
    public var category: String? { view.optionalText(0) }
}
