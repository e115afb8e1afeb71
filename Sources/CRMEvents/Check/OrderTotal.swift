import CanonicalJSON

/// The arithmetic of LINE (CATALOG.md section 2, "Points that must not be guessed").
///
///     net = round half up of quantity_milli × unit_price × (10,000 − discount) ÷ 10⁷
///     tax = round half up of net × tax ÷ 10,000
enum OrderTotal {
    /// Net and tax of all lines in minor units; `nil` when a product leaves 128 bits or a line lacks a number.
    ///
    /// Real orders fit into 64 bits; only what does not is worked out in 128.
    static func sum(of lines: borrowing JSONCursor) -> Int128? {
        if let sum = sum(of: lines, in: Int64.self) { return Int128(sum) }
        return sum(of: lines, in: Int128.self)
    }

    private static let names = JSONNames(["quantity_milli", "unit_price", "discount", "tax"])

    private static func sum<Number: FixedWidthInteger & SignedInteger>(
        of lines: borrowing JSONCursor, in _: Number.Type
    ) -> Number? {
        var total: Number = 0
        var walk = lines.inside
        while let line = walk.next() {
            var quantity: Int64?
            var price: Int64?
            var (discount, tax): (Int64, Int64) = (0, 0)
            var members = line.inside
            while let name = members.next(), let value = members.next() {
                switch names.index(of: name) {
                case 0: quantity = value.integer
                case 1: price = value.integer
                case 2: discount = value.integer ?? 0
                case 3: tax = value.integer ?? 0
                default: break
                }
            }
            guard let quantity, let price,
                let line = amount(Number(quantity), Number(price), discount: Number(discount), tax: Number(tax)),
                case let (sum, overflow) = total.addingReportingOverflow(line), !overflow
            else { return nil }
            total = sum
        }
        return total
    }

    private static func amount<Number: FixedWidthInteger & SignedInteger>(
        _ quantity: Number, _ price: Number, discount: Number, tax: Number
    ) -> Number? {
        let whole: Number = 10_000
        guard let gross = product(quantity, price), let discounted = product(gross, whole - discount),
            let net = roundedHalfUp(discounted, dividedBy: 1000 * whole),
            let taxed = product(net, tax), let tax = roundedHalfUp(taxed, dividedBy: whole)
        else { return nil }
        let (sum, overflow) = net.addingReportingOverflow(tax)
        return overflow ? nil : sum
    }

    private static func product<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number? {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : product
    }

    /// ⌊(2a + b) ÷ 2b⌋ for a positive b: a half goes up, below zero too. `nil` when 2a + b does not fit.
    private static func roundedHalfUp<Number: FixedWidthInteger & SignedInteger>(
        _ number: Number, dividedBy divisor: Number
    ) -> Number? {
        guard let doubled = product(number, 2) else { return nil }
        let (sum, overflow) = doubled.addingReportingOverflow(divisor)
        guard !overflow else { return nil }
        let (quotient, remainder) = sum.quotientAndRemainder(dividingBy: 2 * divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
