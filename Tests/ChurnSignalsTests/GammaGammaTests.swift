import ChurnSignals
import EventModel
import Testing

/// Answers from READ_MODELS.md 14.1, after Fader and Hardie's note 25.
@Suite(.enabled(if: CDNOWSample.isPresent, "shared/data/cdnow-sample is not beside the repository"))
struct `Gamma-Gamma fitted to CDNOW` {
    /// (x, cents of the repeat days, their mean in dollars) of the calibration period, by customer.
    let spending: [(id: String, repeats: Int, cents: Int64, mean: Double)]

    init() throws {
        let sample = try CDNOWSample.shared.get()
        let end = try #require(CDNOWSample.calibrationEnd)
        var cents: [String: [Int: Int64]] = [:]
        for order in sample.orders where order.day <= end {
            cents[order.customer, default: [:]][order.day.daysSinceEpoch, default: 0] += order.cents
        }
        spending = cents.sorted { $0.key < $1.key }.map { id, days in
            let repeats = days.count - 1
            let first = days.keys.min() ?? 0
            let sum = days.reduce(Int64(0)) { $0 + ($1.key == first ? 0 : $1.value) }
            return (id, repeats, sum, repeats > 0 ? Double(sum) / 100 / Double(repeats) : 0)
        }
    }

    private var patterns: SpendingPatterns { SpendingPatterns(spending.map { (repeats: $0.repeats, mean: $0.mean) }) }

    @Test func `finds the published maximum`() throws {
        let fit = try #require(GammaGammaFit(patterns))
        #expect(patterns.customerCount == 946)
        #expect(abs(fit.model.p - 6.249572) < 5e-5)
        #expect(abs(fit.model.q - 3.744225) < 5e-5)
        #expect(abs(fit.model.gamma - 15.443523) < 5e-4)
        #expect(abs(fit.logLikelihood - -4055.9177) < 1e-4)
        #expect(abs((patterns.correlation ?? 0) - 0.113888) < 1e-6)
        #expect(abs((fit.model.populationMean ?? 0) - 35.170) < 1e-3)
        #expect(!fit.isWeak)
    }

    @Test func `finds the known maximum for means in whole cents`() throws {
        let rounded = spending.filter { $0.repeats > 0 }.map {
            (repeats: $0.repeats, mean: Double($0.cents.dividedHalfUp(by: Int64($0.repeats))) / 100)
        }
        let fit = try #require(GammaGammaFit(SpendingPatterns(rounded)))
        #expect(abs(fit.model.p - 6.248804) < 5e-5)
        #expect(abs(fit.model.q - 3.744588) < 5e-5)
        #expect(abs(fit.model.gamma - 15.447744) < 5e-4)
        #expect(abs(fit.logLikelihood - -4055.9232) < 1e-4)
    }

    @Test func `knows what the first ten customers will spend`() throws {
        let model = GammaGamma(p: 6.25, q: 3.74, gamma: 15.44)
        let known = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
        for (customer, expected) in zip(spending, known) {
            let value = try #require(model.expectedValue(repeats: customer.repeats, mean: customer.mean))
            #expect(abs(value - expected) < 0.1, "customer \(customer.id)")
        }
    }

    @Test func `does not depend on the unit of the amounts`() throws {
        let cents = try #require(
            GammaGammaFit(SpendingPatterns(spending.map { (repeats: $0.repeats, mean: $0.mean * 100) })))
        #expect(abs(cents.model.p - 6.249572) < 5e-5)
        #expect(abs(cents.model.gamma - 1_544.3523) < 5e-2)
    }

    /// From mpmath 1.3 by the printed form: 12 months, 1 % a month, margin 30 %.
    @Test func `values customers as forty digits do`() throws {
        let buying = try CDNOWSample.shared.get().calibration
        let model = BGNBD(r: 0.242595, alpha: 4.413602, a: 0.792922, b: 2.425907)
        let money = GammaGamma(p: 6.249572, q: 3.744225, gamma: 15.443523)
        let terms = LifetimeValue(months: 12, monthlyDiscount: 100, margin: 3_000)
        let known = [
            ("0001", 10.888806785120606), ("0002", 1.3931484326653145), ("0003", 2.504980589389875),
            ("0006", 85.11673950459074), ("0009", 13.01551283288075),
        ]
        for (id, expected) in known {
            let customer = try #require(spending.first { $0.id == id })
            let value = try #require(money.expectedValue(repeats: customer.repeats, mean: customer.mean))
            let history = try #require(buying[id]).buying
            let worth = terms.worth(of: value) { model.expectedPurchases(inNext: $0, after: history) }
            #expect(abs((worth ?? 0) - expected) < 1e-9 * expected, "customer \(id)")
        }
    }
}

@Suite struct `Gamma-Gamma fitted to little` {
    @Test func `has no mean where q is below one, and no model of one customer`() {
        #expect(GammaGamma(p: 2, q: 1, gamma: 3).populationMean == nil)
        #expect(GammaGamma(p: 2, q: 0.5, gamma: 3).expectedValue(repeats: 2, mean: 7) == nil)
        #expect(GammaGammaFit(SpendingPatterns([(repeats: 3, mean: 5.0)])) == nil)
        let nobody = [(repeats: 0, mean: 5.0), (repeats: 2, mean: 0), (repeats: 1, mean: -3)]
        #expect(GammaGammaFit(SpendingPatterns(nobody)) == nil)
    }

    @Test func `is weak and finite with few customers`() throws {
        let fit = try #require(
            GammaGammaFit(SpendingPatterns((1...9).map { (repeats: $0 % 3 + 1, mean: Double($0 * 100)) })))
        #expect(fit.isWeak && fit.logLikelihood.isFinite)
        let same = try #require(GammaGammaFit(SpendingPatterns([(repeats: 2, mean: 10.0), (repeats: 2, mean: 10.0)])))
        #expect(same.isWeak && same.model.p.isFinite && same.model.gamma.isFinite)
    }
}
