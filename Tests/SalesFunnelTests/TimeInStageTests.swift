import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

@Suite struct `Time in stage` {
    @Test func `is that of the last closed stay, and of all stays together`() throws {
        let answer = try report(
            ["as_of": "1970-01-01"],
            over: [
                deal("a", (10, to("b")), (30, to("a")), (35, to("c"))), deal("a", (20, to("b"))),
                deal("a", (40, to("b")), (50, to("a"))),
            ])
        let a = answer.at("time_in_stage", "sales", "a")
        // Stays in a: 10 and 5; 20; 40 and one that lasts.
        #expect(a?["latest"]?.canonicalText == #"{"n":3,"p50_ms":20,"p90_ms":40}"#)
        #expect(a?["cumulative"]?.canonicalText == #"{"n":2,"p50_ms":15,"p90_ms":20}"#)
        #expect(a?["open"] == 1 && a?["km_median_ms"] == .null)  // one of five is exactly a fifth
        #expect(answer.stage("a", "settled", "p50_ms", "p90_ms") == [4, 10, 40])
        // Of two stays in b one lasts since 20: at risk is only what is as old, so S falls to ½ at 20.
        let b = answer.at("time_in_stage", "sales", "b")
        #expect(b?["open"] == 1 && b?["latest"]?["n"] == 2)
    }

    @Test func `stands beside its Kaplan–Meier median when more than a fifth lasts`() throws {
        let answer = try report(
            ["as_of": "1970-01-01"], over: [deal("a", (10, to("b"))), deal("a", (30, to("b"))), deal("a")])
        // Three at risk: ⅔ at 10, ⅓ at 30; the third is a day old.
        #expect(answer.at("time_in_stage", "sales", "a", "km_median_ms") == 30)
        #expect(answer.at("time_in_stage", "sales", "b", "km_median_ms") == .null)
        #expect(answer.at("open_age", "n") == 3 && answer.at("open_age", "p50_ms")?.integer == day - 1)
    }

    @Test func `survives as the curve of the textbook`() {
        // Kaplan and Meier 1958, section 2: deaths at 0.8, 3.1, 5.4 and 9.2, losses at 1.0, 2.7, 7.0 and 12.1 give
        // 7/8, 7/8 · 4/5 = 7/10, 7/10 · 3/4 = 21/40, 21/40 · 1/2 = 21/80.
        let curve = KaplanMeier.curve(ended: [8, 31, 54, 92], lasting: [10, 27, 70, 121])
        #expect(curve.map(\.duration) == [8, 31, 54, 92])
        #expect(zip(curve, [0.875, 0.7, 0.525, 0.2625]).allSatisfy { abs($0.0.survival - $0.1) < 1e-12 })
        #expect(KaplanMeier.median(ended: [8, 31, 54, 92], lasting: [10, 27, 70, 121]) == 92)
        #expect(KaplanMeier.median(ended: [], lasting: [5]) == nil)
        #expect(KaplanMeier.median(ended: [1, 2, 3, 4], lasting: []) == 2)
        // ¾ · ⅔ is ½.
        #expect(KaplanMeier.median(ended: [1, 2], lasting: [3, 3]) == 2)
    }
}

@Suite struct `Velocity` {
    @Test func `is that of READ_MODELS 14.4`() {
        // 80 × 14,000 × 22 % ÷ 45 = 5,475.56 a day; 50 × 10,000 × 25 % ÷ 30 = 4,166.67, both in minor units.
        #expect(Figures.velocity(open: 80, averageWon: 1_400_000, won: 22, closed: 100, cycle: 45 * day) == 547_556)
        #expect(Figures.velocity(open: 50, averageWon: 1_000_000, won: 1, closed: 4, cycle: 30 * day) == 416_667)
        #expect(Figures.velocity(open: 5, averageWon: nil, won: 0, closed: 4, cycle: nil) == nil)
        #expect(Figures.velocity(open: 5, averageWon: 1, won: 1, closed: 4, cycle: 0) == nil)
    }

    @Test func `counts the open deals that came as far as the qualifying stage`() throws {
        let deals = [
            deal("a"), deal("b"), deal("a", (1, to("c")), (2, to("a"))), deal("a", (10 * day, won(900))),
            deal("a", (20 * day, won(1100))), deal("a", (1, .lost())), deal("a", (1, .lost())),
        ]
        func velocity(_ parameters: JSON) throws -> [Int64?] {
            let answer = try report(parameters, over: deals)["velocity"]
            return ["open_qualified", "average_won", "cycle_ms", "per_day"].map { answer?[$0]?.integer }
        }
        // 3 × 1,000 × ½ ÷ 15 days = 100 a day; from b on only two are qualified: 66.67.
        #expect(try velocity([:]) == [3, 1000, 15 * day, 100])
        #expect(try velocity(["qualified": "b"]) == [2, 1000, 15 * day, 67])
        #expect(try velocity(["qualified": "nowhere"])[0] == 0)
    }
}
