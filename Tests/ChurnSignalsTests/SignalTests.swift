import ChurnSignals
import Testing

@Suite struct `RFM scores` {
    @Test func `share the lowest rank among ties`() {
        #expect(RFM.quintiles(of: [5, 5, 5, 7, 9, 9, 12, 20, 20, 31]) == [1, 1, 1, 2, 3, 3, 4, 4, 4, 5])
    }

    @Test func `follow the values, whatever their order`() {
        #expect(RFM.quintiles(of: [31, 9, 5, 20, 5, 12, 7, 5, 20, 9]) == [5, 3, 1, 4, 1, 4, 2, 1, 4, 3])
    }

    @Test func `are low for everybody when all are equal`() {
        #expect(RFM.quintiles(of: [4, 4, 4, 4, 4]) == [1, 1, 1, 1, 1])
        #expect(RFM.quintiles(of: [7]) == [5])
        #expect(RFM.quintiles(of: [Int]()) == [])
    }

    @Test(arguments: [
        (RFM(recency: 5, frequency: 5, monetary: 5), RFM.Segment.champions),
        (RFM(recency: 4, frequency: 4, monetary: 4), .potentialLoyalist),
        (RFM(recency: 1, frequency: 5, monetary: 5), .atRisk),
        (RFM(recency: 1, frequency: 3, monetary: 4), .cannotLose),
        (RFM(recency: 1, frequency: 1, monetary: 1), .lost),
        (RFM(recency: 5, frequency: 4, monetary: 1), .others),
    ])
    func `fall into the first segment that holds them`(scores: RFM, segment: RFM.Segment) {
        #expect(scores.segment == segment)
    }
}

@Suite struct `Cadence of purchases` {
    @Test func `needs three gaps`() {
        #expect(Cadence(days: [0, 10, 20], asOf: 100) == nil)
        #expect(Cadence(days: [], asOf: 100) == nil)
        #expect(Cadence(days: [0, 10, 20, 30], asOf: 100) != nil)
    }

    @Test func `measures silence against the customer's own rhythm`() throws {
        // Gaps 8 10 12 14: median 10, deviations 0 2 2 4, MAD 2; z = (30 − 10) ÷ 2.9652 = 6.7449.
        let cadence = try #require(Cadence(days: [0, 8, 18, 30, 44], asOf: 74))
        #expect(cadence.medianGapDays == 10)
        #expect(cadence.deviationDays == 2)
        #expect(cadence.idleDays == 30)
        #expect(cadence.zMilli == 6_745)
        #expect(cadence.fires())
        #expect(cadence.severityBasisPoints() == 10_000)
    }

    @Test func `takes a day as the least deviation and fires only above three`() throws {
        // Gaps 10 10 10: z is the number of days of silence beyond ten.
        let quiet = try #require(Cadence(days: [0, 10, 20, 30], asOf: 43))
        #expect(quiet.zMilli == 3_000)
        #expect(!quiet.fires() && quiet.severityBasisPoints() == 0)
        let late = try #require(Cadence(days: [0, 10, 20, 30], asOf: 44))
        #expect(late.fires())
        #expect(late.severityBasisPoints() == 3_333)
        let early = try #require(Cadence(days: [0, 10, 20, 30], asOf: 31))
        #expect(early.zMilli == -9_000)
    }

    @Test func `takes quantiles by nearest rank`() {
        #expect(nearestRank(of: [4, 1, 3, 2], permille: 500) == 2)
        #expect(nearestRank(of: [5, 1, 3], permille: 500) == 3)
        #expect(nearestRank(of: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], permille: 900) == 9)
        #expect(nearestRank(of: [], permille: 500) == nil)
    }
}

@Suite struct `Risk` {
    @Test func `combines a state and an aged event`() throws {
        // READ_MODELS.md 14.4.
        let risk = ChurnRisk([
            ChurnSignal("state", weight: 6_000, severity: 8_000),
            ChurnSignal(
                "event", weight: 5_000, severity: 10_000, decay: .init(ageDays: 14, halfLife: HalfLife(days: 28))),
        ])
        #expect(risk.basisPoints == 6_638)
        #expect(risk.reasons.map(\.signal.name) == ["state", "event"])
        #expect(risk.reasons.map(\.contributionMicro) == [653_926, 436_265])
        #expect(risk.reasons.map(\.share).reduce(0, +) == 10_000)
    }

    @Test func `halves once for every half-life`() {
        let ages = [0, 28, 56, 84].map { age in
            ChurnRisk([
                ChurnSignal(
                    "event", weight: 8_000, severity: 10_000,
                    decay: .init(ageDays: age, halfLife: HalfLife(days: 28)))
            ]).basisPoints
        }
        #expect(ages == [8_000, 4_000, 2_000, 1_000])
    }

    @Test func `is never certain and never counts what is absent`() {
        #expect(ChurnRisk([ChurnSignal("all", weight: 10_000, severity: 10_000)]).basisPoints == 9_500)
        let none = ChurnRisk([ChurnSignal("none", weight: 6_000, severity: 0)])
        #expect(none.basisPoints == 0 && none.reasons.isEmpty)
        #expect(ChurnRisk([]).basisPoints == 0)
    }

    @Test func `rounds halves up on both sides of zero`() {
        #expect([-15, -5, 5, 15, 14].map { $0.dividedHalfUp(by: 10) } == [-1, 0, 1, 2, 1])
        #expect(0.1234565.fixed(.micro) == 123_457)
        #expect(Double.nan.fixed(.micro) == nil)
        #expect(1e300.fixed(.micro) == nil)
    }
}
