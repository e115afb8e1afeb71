import CanonicalJSON

/// The arithmetic of LINE (CATALOG.md section 2, "Points that must not be guessed").
///
///     net = round half up of quantity_milli × unit_price × (10,000 − discount) ÷ 10⁷
///     tax = round half up of net × tax ÷ 10,000
enum OrderTotal {
    /// Net and tax of all lines in minor units; `nil` when a product leaves 128 bits or a line lacks a number.
    static func sum(of lines: JSONNode) -> Int128? {
        var total: Int128 = 0
        for line in lines.elements {
            guard let quantity = line["quantity_milli"]?.integer, let price = line["unit_price"]?.integer,
                let gross = product(Int128(quantity), Int128(price)),
                let discounted = product(gross, whole - Int128(line["discount"]?.integer ?? 0)),
                let net = roundedHalfUp(discounted, dividedBy: 1000 * whole),
                let taxed = product(net, Int128(line["tax"]?.integer ?? 0)),
                let tax = roundedHalfUp(taxed, dividedBy: whole)
            else { return nil }
            total += net + tax
        }
        return total
    }

    /// A whole in basis points.
    private static let whole: Int128 = 10_000

    private static func product(_ left: Int128, _ right: Int128) -> Int128? {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : product
    }

    /// ⌊(2a + b) ÷ 2b⌋ for a positive b: a half goes up, below zero too. `nil` when 2a + b leaves 128 bits.
    private static func roundedHalfUp(_ number: Int128, dividedBy divisor: Int128) -> Int128? {
        guard let doubled = product(number, 2) else { return nil }
        let (sum, overflow) = doubled.addingReportingOverflow(divisor)
        guard !overflow else { return nil }
        let (quotient, remainder) = sum.quotientAndRemainder(dividingBy: 2 * divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
