import ChurnSignals
import Testing

@Suite struct `BG/NBD fitted to customers who buy regularly` {
    /// The maximum is that of scipy's Nelder-Mead over the formula of READ_MODELS.md 3.1, from several starts.
    @Test func `finds the maximum past which a search from (1, 1, 1, 1) slides`() throws {
        let fit = try #require(BGNBDFit(RegularBuyers.patterns))
        #expect(abs(fit.logLikelihood - -7329.019670) < 1e-5)
        #expect(abs(fit.model.r - 38.94562) < 1e-2 && abs(fit.model.alpha - 206.01986) < 5e-2)
        #expect(abs(fit.model.a - 0.590997) < 1e-4 && abs(fit.model.b - 20.33799) < 1e-2)
        #expect(fit.isWeak, "fewer than 300 customers")
    }
}

@Suite(.enabled(if: CDNOWSample.isPresent, "shared/data/cdnow-sample is not beside the repository"))
struct `BG/NBD fitted to CDNOW` {
    let histories: [String: PurchasePatterns.Pattern]
    let patterns: PurchasePatterns

    init() throws {
        histories = try CDNOWSample.shared.get().calibration
        patterns = PurchasePatterns(histories.values)
    }

    @Test func `counts purchase days as the paper does`() {
        #expect(patterns.customerCount == 2_357)
        #expect(patterns.repeatCustomerCount == 946)
        #expect(patterns.weighted.count == 1_016)
        let repeats = histories.values.map(\.repeats)
        #expect(repeats.reduce(0, +) == 2_457)
        #expect(repeats.max() == 29)
        let histogram = (0...6).map { x in repeats.count { $0 == x } } + [repeats.count { $0 >= 7 }]
        #expect(histogram == [1_411, 439, 214, 100, 62, 38, 29, 64])
        #expect(histories.values.map(\.ageDays).min() == 189)
        #expect(histories.values.map(\.ageDays).max() == 272)
    }

    @Test(arguments: [
        (BGNBD(r: 0.242595, alpha: 4.413602, a: 0.792922, b: 2.425907), -9582.4292), (.published, -9582.4305),
        (BGNBD(r: 1, alpha: 1, a: 1, b: 1), -13887.7126), (BGNBD(r: 0.5, alpha: 6, a: 1.2, b: 3.3), -9783.4443),
    ])
    func `has the known likelihood at four points`(model: BGNBD, logLikelihood: Double) {
        #expect(abs(patterns.logLikelihood(of: model) - logLikelihood) < 5.1e-5)
    }

    @Test func `finds the published maximum`() throws {
        let fit = try #require(BGNBDFit(patterns))
        #expect(abs(fit.model.r - 0.242595) < 2e-6)
        #expect(abs(fit.model.alpha - 4.413602) < 2e-5)
        #expect(abs(fit.model.a - 0.792922) < 5e-6)
        #expect(abs(fit.model.b - 2.425907) < 2e-5)
        #expect(abs(fit.logLikelihood - -9582.4292) < 1e-4)
        #expect(!fit.isWeak)
        #expect(fit.evaluationCount < 2_000, "\(fit.evaluationCount) evaluations")
    }

    @Test func `forecasts the purchases of all customers`() {
        var forecast = 0.0
        var alive = 0.0
        var aliveRepeats = 0.0
        for (pattern, customers) in patterns.weighted {
            let share = BGNBD.published.probabilityAlive(pattern.buying) * Double(customers)
            alive += share
            aliveRepeats += pattern.repeats > 0 ? share : 0
            let purchases = BGNBD.published.expectedPurchases(inNext: 39, after: pattern.buying)
            forecast += (purchases ?? .nan) * Double(customers)
        }
        #expect(abs(forecast - 1_653.94) < 0.005)
        #expect(abs(alive / 2_357 - 0.813414) < 1e-6)
        // The design page cuts this off to .535112; plain Python over the same file says .53511326.
        #expect(abs(aliveRepeats / 946 - 0.535113) < 1e-6)
    }

    @Test func `agrees with lifetimes and SciPy about twenty customers`() throws {
        let facts = try CDNOWSample.facts()
        let fit = try #require(BGNBDFit(patterns))
        #expect(facts.customers.count == 20)
        for customer in facts.customers {
            let buying = try #require(histories[customer.id]).buying
            #expect(buying.repeats == customer.repeats)
            #expect(abs(fit.model.probabilityAlive(buying) - customer.alive) < 1e-5)
            let expected = try #require(fit.model.expectedPurchases(inNext: 39, after: buying))
            #expect(abs(expected - customer.expected) < 1e-4)
        }
    }
}

@Suite struct `BG/NBD fitted to little` {
    @Test func `has no model when nobody bought again`() {
        let once = PurchasePatterns.Pattern(repeats: 0, lastDays: 0, ageDays: 100)
        #expect(BGNBDFit(PurchasePatterns([once, once])) == nil)
        #expect(BGNBDFit(PurchasePatterns([])) == nil)
    }

    @Test func `marks the parameters of a small population weak and keeps them finite`() throws {
        let few = (1...20).map { PurchasePatterns.Pattern(repeats: $0 % 4, lastDays: ($0 % 4) * 20, ageDays: 90 + $0) }
        let fit = try #require(BGNBDFit(PurchasePatterns(few)))
        #expect(fit.isWeak)
        #expect(fit.logLikelihood.isFinite)
        for parameter in [fit.model.r, fit.model.alpha, fit.model.a, fit.model.b] {
            #expect(parameter > 0)
            #expect(parameter.fixed(.nano) != nil)
        }
    }
}

@Suite struct `Nelder and Mead` {
    @Test func `find the valley of Rosenbrock`() {
        let rosenbrock = { (point: [Double]) -> Double in
            let (x, y) = (point[0], point[1])
            return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)
        }
        let minimum = NelderMead().minimum(of: rosenbrock, from: [-1.2, 1])
        #expect(minimum.isConverged)
        #expect(abs(minimum.point[0] - 1) < 1e-5 && abs(minimum.point[1] - 1) < 1e-5)
    }

    @Test func `give up after their limit and say so`() {
        var search = NelderMead()
        search.evaluationCountMax = 20
        let minimum = search.minimum(of: { $0[0] }, from: [0])
        #expect(!minimum.isConverged)
        #expect(minimum.evaluationCount <= 22)
    }
}
