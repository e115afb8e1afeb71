import ChurnSignals
import SeededRandom
import Testing

@Suite struct `Decay` {
    /// 2^(−r ÷ h) · 10⁹ from mpmath 1.3 with 40 digits.
    @Test(
        arguments: [
            (28, 0, 1_000_000_000), (28, 1, 975_548_642), (28, 14, 707_106_781), (28, 27, 512_532_106),
            (28, 28, 500_000_000), (28, 42, 353_553_391), (180, 179, 501_929_121), (90, 45, 707_106_781),
            (56, 20, 780_709_182),
        ] as [(Int, Int, Int64)])
    func `halves every half-life, in integers`(days: Int, age: Int, nano: Int64) {
        #expect(HalfLife(days: days).remainderNano(afterDays: age) == nano)
    }

    @Test func `never grows, and ends`() {
        let decay = HalfLife(days: 7)
        let remainders = (0...300).map { decay.remainderNano(afterDays: $0) }
        #expect(zip(remainders, remainders.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(remainders.last == 0)
        #expect(decay.remainderNano(afterDays: -3) == 1_000_000_000)
        #expect(HalfLife(days: 0).remainderNano(afterDays: 1) == 500_000_000)
        #expect(HalfLife(days: .max).remainderNano(afterDays: 1) > 999_000_000)
    }
}

@Suite struct `Poisson` {
    /// READ_MODELS.md 14.4.
    @Test func `has the known tails`() {
        #expect(abs(poissonTail(mean: 1.5, atLeast: 5) - 0.018576) < 5.1e-7)
        #expect(abs(poissonTail(mean: 1.5, atLeast: 6) - 0.004456) < 5.1e-7)
        #expect(poissonTail(mean: 1.5, atLeast: 0) == 1)
        #expect(abs(poissonTail(mean: 900, atLeast: 1) - 1) < 1e-12)
    }

    @Test func `fires for six tickets where one and a half are usual, and not for five`() {
        #expect(Surge(recentCount: 5, usualCount: 6).severityBasisPoints(below: 100) == 0)
        #expect(Surge(recentCount: 6, usualCount: 6).severityBasisPoints(below: 100) == 3_918)
        #expect(Surge(recentCount: 60, usualCount: 6).severityBasisPoints(below: 100) == 10_000)
        #expect(Surge(recentCount: 0, usualCount: 0).severityBasisPoints(below: 100) == 0)
    }
}

@Suite struct `Net Promoter Score` {
    /// READ_MODELS.md 14.4.
    @Test func `has the known scores and errors`() throws {
        let many = NetPromoter(promoters: 100, passives: 30, detractors: 80)
        #expect(abs((many.score ?? 0) - 9.5238) < 5.1e-5 && abs((many.standardError ?? 0) - 6.3549) < 5.1e-5)
        var each = NetPromoter()
        for score in 0...10 { each.count(Int64(score)) }
        #expect(abs((each.score ?? 0) - -45.4545) < 5.1e-5 && abs((each.standardError ?? 0) - 23.5791) < 5.1e-5)
        #expect(NetPromoter().score == nil && NetPromoter().standardError == nil)
    }
}

@Suite struct `Any signals` {
    private static func signals(_ random: inout SplitMix64) -> [ChurnSignal] {
        (0..<Int(random.next() % 15)).map { index in
            ChurnSignal(
                "s\(index)", weight: Int(random.next() % 10_500), severity: Int(random.next() % 10_001),
                decay: random.next() % 2 == 0
                    ? nil
                    : .init(
                        ageDays: Int(random.next() % 400), halfLife: HalfLife(days: 1 + Int(random.next() % 180))))
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `give reasons that add up`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let signals = Self.signals(&random)
        let risk = ChurnRisk(signals)
        let sum = risk.reasons.reduce(0) { $0 + Double($1.contributionMicro) / 1e6 }
        let shares = risk.reasons.reduce(0) { $0 + $1.share }
        #expect(shares == (risk.reasons.isEmpty ? 0 : 10_000), "seed \(seed)")
        let kept = Double(10_000 - risk.basisPoints) / 10_000
        if kept > 0.01 { #expect(abs(sum + logarithm(kept)) < 0.01, "seed \(seed)") }
        #expect(risk.reasons.map(\.contributionMicro) == risk.reasons.map(\.contributionMicro).sorted(by: >))
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `never lower the risk by one more, by weight, severity or youth`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var signals = Self.signals(&random)
        var risk = ChurnRisk(signals).basisPoints
        for index in signals.indices {
            signals[index].weight += Int(random.next() % 500)
            signals[index].severity = min(10_000, signals[index].severity + Int(random.next() % 500))
            if let decay = signals[index].decay {
                signals[index].decay?.ageDays = max(0, decay.ageDays - Int(random.next() % 30))
            }
            let raised = ChurnRisk(signals).basisPoints
            #expect(raised >= risk, "seed \(seed)")
            risk = raised
        }
        let more = ChurnRisk(signals + [ChurnSignal("more", weight: 100, severity: 5_000)]).basisPoints
        #expect(more >= risk && more < 10_000 + 1, "seed \(seed)")
    }

    private func logarithm(_ value: Double) -> Double {
        // The series of ln((1 + z) ÷ (1 − z)) needs no C library.
        let z = (value - 1) / (value + 1)
        return 2
            * stride(from: 1, to: 4_000, by: 2).reduce(0.0) { sum, k in
                sum + power(z, k) / Double(k)
            }
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1.0) { product, _ in product * base }
    }
}

@Suite struct `Bands` {
    let bands = RiskBands.starting

    @Test func `are entered at their bounds`() {
        let levels = [0, 2_999, 3_000, 5_999, 6_000, 10_000].map { bands.level(today: $0) { _ in nil } }
        #expect(levels == [0, 0, 1, 1, 2, 2])
        #expect((0...2).map { bands.name(of: $0) } == ["green", "amber", "red"])
    }

    @Test(arguments: [
        ([3_000, 2_500, 2_499], [1, 1, 0]), ([6_100, 5_500, 5_499, 2_600, 2_400], [2, 2, 1, 1, 0]),
        ([2_900, 2_999, 2_500], [0, 0, 0]), ([5_600, 5_900, 6_000, 5_600], [1, 1, 2, 2]),
        ([9_000, 2_700, 2_700, 2_700], [2, 1, 1, 1]), ([9_000, 100, 2_700], [2, 0, 0]),
    ])
    func `are left 500 below`(risks: [Int], levels: [Int]) {
        let found = risks.indices.map { day in
            bands.level(today: risks[day]) { $0 <= day ? risks[day - $0] : nil }
        }
        #expect(found == levels)
    }

    @Test func `look back only where it matters`() {
        var looks = 0
        for risk in [0, 2_499, 3_000, 5_499, 6_000] {
            #expect(!bands.dependOnYesterday(risk))
            _ = bands.level(today: risk) { _ in
                looks += 1
                return nil
            }
        }
        #expect(looks == 0)
        #expect(bands.dependOnYesterday(2_500) && bands.dependOnYesterday(5_999))
    }

    /// The same as walking forward through the days with one band in mind.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `are those of a walk through the days`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let risks = (0..<200).map { _ in 2_000 + Int(random.next() % 5_000) }
        var level = 0
        for (day, risk) in risks.enumerated() {
            while level < 2, risk >= bands.bounds[level] { level += 1 }
            while level > 0, risk < bands.bounds[level - 1] - bands.hysteresis { level -= 1 }
            let found = bands.level(today: risk) { $0 <= day ? risks[day - $0] : nil }
            #expect(found == level, "seed \(seed), day \(day)")
        }
    }
}
