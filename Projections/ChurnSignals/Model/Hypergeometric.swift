/// c · ₂F₁(a, b; c; z), Gauss's hypergeometric function times its third parameter, for 0 ≤ z < 1 and c > −1.
///
/// The forecasts of ``BGNBD`` need exactly this product. Without the factor the series has a pole at c = 0, which
/// a + b = 1 reaches for customers without a repeat purchase; the product has none. Summed by the power series
/// (DLMF 15.2.1) until the tail, which behaves like a geometric series of ratio z, is below one unit in the last place.
package func scaledHypergeometric(_ a: Double, _ b: Double, _ c: Double, at z: Double) -> Double {
    var sum = c
    var term = a * b * z
    var k = 1.0
    while k < hypergeometricTermCountMax {
        sum += term
        if !sum.isFinite || abs(term) <= abs(sum) * (1 - z) * 0x1p-54 { break }
        term *= (a + k) * (b + k) / ((c + k) * (k + 1)) * z
        k += 1
    }
    return sum
}

/// Bound on the terms of one series; a horizon of ten years for a customer of one week needs about 20,000.
private let hypergeometricTermCountMax = 200_000.0
