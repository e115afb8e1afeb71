import ChurnSignals
import Testing

/// Answers from READ_MODELS.md 14.1, which has them from the paper, Hardie's notes and SciPy.
@Suite struct `BG/NBD at the published parameters` {
    @Test(arguments: [
        (2, 30.43, 38.86, 0.726579, 1.226028), (1, 1.71, 38.86, 0.212101, 0.203187), (0, 0, 38.86, 1, 0.195098),
        (7, 29.43, 38.86, 0.641756, 3.337053), (1, 5.00, 38.86, 0.314786, 0.301556),
        (2, 35.71, 38.86, 0.784791, 1.324255), (5, 24.43, 38.86, 0.491366, 1.870826),
    ])
    func `knows who is alive and what they will buy`(
        repeats: Int, last: Double, age: Double, alive: Double, expected: Double
    ) throws {
        let buying = RepeatBuying(repeats: repeats, lastWeeks: last, ageWeeks: age)
        #expect(abs(BGNBD.published.probabilityAlive(buying) - alive) < 1e-6)
        let forecast = try #require(BGNBD.published.expectedPurchases(inNext: 39, after: buying))
        #expect(abs(forecast - expected) < 1e-6)
    }

    @Test func `says 0 and not infinity for a thousand purchases long ago`() {
        let buying = RepeatBuying(repeats: 1_000, lastWeeks: 10, ageWeeks: 100)
        #expect(BGNBD.published.probabilityAlive(buying) == 0)
    }

    @Test(arguments: [
        (0.1429, 0.0078), (1, 0.0532), (3, 0.1506), (31.8571, 1.0405), (32, 1.0437), (78, 1.8580),
    ])
    func `expects of a new customer what the paper expects`(weeks: Double, expected: Double) throws {
        let maximum = BGNBD(r: 0.242595, alpha: 4.413602, a: 0.792922, b: 2.425907)
        let forecast = try #require(maximum.expectedPurchases(inFirst: weeks))
        #expect(abs(forecast - expected) < 5.1e-5)
    }
}

/// Answers from mpmath 1.3 with 40 digits, by the form printed in the paper (without Euler's transformation).
@Suite struct `BG/NBD at the edges` {
    /// A model, a history and the expected answer.
    struct Case: Sendable, CustomTestStringConvertible {
        var model: BGNBD
        var buying: RepeatBuying
        var weeks = 39.0
        var alive: Double
        var expected: Double
        var tolerance = 1e-9
        var testDescription: String { "a \(model.a), b \(model.b), x \(buying.repeats)" }
    }

    static let nearOne = RepeatBuying(repeats: 2, lastWeeks: 30, ageWeeks: 38)
    static let once = RepeatBuying(repeats: 0, lastWeeks: 0, ageWeeks: 20)
    static let cases = [
        Case(
            model: BGNBD(r: 0.25, alpha: 4.5, a: 1, b: 2.5), buying: nearOne,
            alive: 0.686441976874, expected: 1.13814772816682, tolerance: 1e-7),
        Case(
            model: BGNBD(r: 0.25, alpha: 4.5, a: 1.00005, b: 2.5), buying: nearOne,
            alive: 0.686431215074, expected: 1.13811991918685, tolerance: 1e-7),
        Case(
            model: BGNBD(r: 0.25, alpha: 4.5, a: 0.9999, b: 2.5), buying: nearOne,
            alive: 0.686463501488, expected: 1.13820334962327, tolerance: 1e-7),
        Case(model: BGNBD(r: 0.3, alpha: 5, a: 0.4, b: 0.6), buying: once, alive: 1, expected: 0.359037062504527),
        Case(model: BGNBD(r: 0.3, alpha: 5, a: 0.3, b: 0.4), buying: once, alive: 1, expected: 0.35603103112223),
        Case(
            model: .published, buying: RepeatBuying(repeats: 400, lastWeeks: 150, ageWeeks: 152), weeks: 52,
            alive: 0.745777161249, expected: 88.3147757249228),
        Case(
            model: BGNBD(r: 0.243, alpha: 0.01, a: 0.793, b: 2.426),
            buying: RepeatBuying(repeats: 1, lastWeeks: 1, ageWeeks: 1), weeks: 520,
            alive: 0.753650201926, expected: 21.9027416510296),
        Case(
            model: BGNBD(r: 0.243, alpha: 4.414, a: 40, b: 90),
            buying: RepeatBuying(repeats: 3, lastWeeks: 20, ageWeeks: 22),
            alive: 0.640506603612, expected: 1.49010859728749),
        Case(
            model: BGNBD(r: 2, alpha: 10, a: 300, b: 900),
            buying: RepeatBuying(repeats: 3, lastWeeks: 20, ageWeeks: 22),
            alive: 0.685278982137, expected: 2.02037841720384),
    ]

    @Test(arguments: cases) func `agrees with arithmetic of forty digits`(_ known: Case) throws {
        #expect(abs(known.model.probabilityAlive(known.buying) - known.alive) < 1e-10)
        let forecast = try #require(known.model.expectedPurchases(inNext: known.weeks, after: known.buying))
        #expect(abs(forecast - known.expected) < known.tolerance)
    }

    @Test(arguments: [
        (0.5, 1.5, 2.5, 0.9, 4.168258672961451), (3, 4, -0.3, 0.5, 5005.969128269751),
        (-2.5, 0.7, 1.2, 0.8, 0.3675207570664897), (1.2, -0.2, 0, 0.3, -0.0987711497084415),
    ])
    func `sums the series with and without a pole`(a: Double, b: Double, c: Double, z: Double, expected: Double) {
        let sum = scaledHypergeometric(a, b, c, at: z)
        #expect(abs(sum - expected) < 1e-13 * max(1, abs(expected)))
    }
}
