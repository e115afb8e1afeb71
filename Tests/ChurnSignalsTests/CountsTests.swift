import ChurnSignals
import Testing

/// Answers from READ_MODELS.md 14.1.
@Suite struct `Purchase counts of BG/NBD` {
    @Test func `have the known probabilities`() {
        let model = BGNBD.published
        #expect(abs(model.probability(of: 0, inFirst: 39) - 0.5737864) < 5.1e-8)
        #expect(abs(model.probability(of: 10, inFirst: 2) - 1.07869e-07) < 5.1e-13)
        let known = [
            0.0019995214, 0.0015170236, 0.0011633150, 0.0009003148, 0.0007023638, 0.0005517902, 0.0004361913,
            0.0003467171, 0.0002769613, 0.0002222260,
        ]
        for (offset, expected) in known.enumerated() {
            #expect(abs(model.probability(of: 11 + offset, inFirst: 30) - expected) < 5.1e-11)
        }
    }

    @Test func `add up to one and have the expectation of the closed form as their mean`() throws {
        let model = BGNBD.published
        let probabilities = (0...2_000).map { model.probability(of: $0, inFirst: 39) }
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-9)
        let mean = probabilities.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
        #expect(abs(mean - (try #require(model.expectedPurchases(inFirst: 39)))) < 1e-6)
    }
}

/// The published summary files hold weeks with two decimals: hundredths of a week are another step of time.
@Suite(.enabled(if: CDNOWSample.isPresent, "shared/data/cdnow-sample is not beside the repository"))
struct `BG/NBD fitted to rounded weeks` {
    let patterns: PurchasePatterns

    init() throws {
        let histories = try CDNOWSample.shared.get().calibration.values.map { history in
            PurchasePatterns.Pattern(
                repeats: history.repeats, lastDays: (history.lastDays * 100).dividedHalfUp(by: 7),
                ageDays: (history.ageDays * 100).dividedHalfUp(by: 7))
        }
        patterns = PurchasePatterns(histories, stepsPerWeek: 100)
    }

    @Test(arguments: [
        (BGNBD(r: 0.242593, alpha: 4.413532, a: 0.792886, b: 2.425754), -9582.4256), (.published, -9582.4268),
        // The design page says −13887.6945; SciPy over the same rounded weeks says −13887.69464.
        (BGNBD(r: 1, alpha: 1, a: 1, b: 1), -13887.6946), (BGNBD(r: 0.5, alpha: 6, a: 1.2, b: 3.3), -9783.4411),
    ])
    func `has the known likelihood at four points`(model: BGNBD, logLikelihood: Double) {
        #expect(abs(patterns.logLikelihood(of: model) - logLikelihood) < 5.1e-5)
    }

    @Test func `finds the known maximum`() throws {
        let model = try #require(BGNBDFit(patterns)).model
        #expect(abs(model.r - 0.242593) < 2e-6 && abs(model.alpha - 4.413532) < 2e-5)
        #expect(abs(model.a - 0.792886) < 5e-6 && abs(model.b - 2.425754) < 2e-5)
    }
}
