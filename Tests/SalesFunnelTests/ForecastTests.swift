import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

private let chances = pipeline(("a", 1), ("b", 2), ("c", 3), chances: [1000, 4000])

@Suite struct `The forecast` {
    private func ask(_ parameters: JSON, _ deals: [DealRow]) throws -> JSON {
        try report(parameters, over: deals, pipelines: [("sales", chances)])
    }

    @Test func `weighs an amount by the deal's own chance, else by that of its stage`() throws {
        let own = Change.forecastChanged(category: "commit", probability: 9000, isOverridden: true)
        let named = Change.stageChanged(to: "b", direction: .forward, probability: 5000)
        let answer = try ask(
            ["report": "forecast"],
            [
                deal("a", amount: 1005),  // 10 %: 100.5, rounded half up
                deal("a", amount: 1000, (1, own), (2, to("b"))),  // 90 % stays through a change of stage
                deal("a", amount: 1000, (1, named)),  // 50 % for this stay
                deal("a", amount: 1000, (1, named), (2, to("a"))),  // back at the stage's 10 %
                deal("c", amount: 1000),  // no chance is published
                deal("a", amount: 9, (1, won(9))), deal("a", amount: 8, (1, .lost())),
            ])
        #expect(answer.at("forecast", "weighted", "CNY") == 1601)
        #expect(answer.at("forecast", "without_probability") == 1 && answer.at("forecast", "open_deals") == 5)
    }

    @Test func `takes back what was named by hand when that no longer holds`() throws {
        func named(_ probability: Int64?, byHand isOverridden: Bool) -> Change {
            .forecastChanged(category: "commit", probability: probability, isOverridden: isOverridden)
        }
        let answer = try ask(
            ["report": "forecast"],
            [
                deal("a", amount: 1000, (1, named(9000, byHand: true)), (2, named(nil, byHand: false))),  // 10 %
                deal("a", amount: 1000, (1, named(7000, byHand: false))),  // not by hand: 10 %
                deal("a", amount: 1000, (1, named(9000, byHand: true)), (2, named(nil, byHand: true))),  // still 90 %
            ])
        #expect(answer.at("forecast", "weighted", "CNY") == 1100)
    }

    @Test func `adds the categories up from the right`() throws {
        func in_(_ category: String) -> Change { .forecastChanged(category: category, isOverridden: false) }
        let answer = try ask(
            ["report": "forecast"],
            [
                deal(amount: 1, (1, in_("omitted"))), deal(amount: 20), deal(amount: 300, (1, in_("best_case"))),
                deal(amount: 4000, (1, in_("most_likely"))), deal(amount: 50_000, (1, in_("commit"))),
                deal(amount: 600_000, (1, in_("commit")), (2, won(700_000))),
                deal(amount: 10, (1, in_("closed"))), deal(amount: 99, (1, .lost())),
            ])
        let categories = answer.at("forecast", "categories")
        func sums(_ name: String) -> [Int64?] {
            ["amounts", "cumulative_amounts"].map { categories?.at(name, $0, "CNY")?.integer }
        }
        #expect(sums("closed") == [700_000, 700_000])
        #expect(sums("commit") == [50_000, 750_000])
        #expect(sums("most_likely") == [4000, 754_000])
        #expect(sums("best_case") == [300, 754_300])
        #expect(sums("pipeline") == [30, 754_330])
        #expect(sums("omitted") == [1, 754_331])
        #expect(categories?.at("omitted", "cumulative_deals") == 7)
    }

    @Test func `takes the deals that are expected in the period, by days`() throws {
        let moved = Change.closeDateChanged(from: 40, to: 58)
        let deals = [
            deal(amount: 1, closeDay: 31), deal(amount: 20, closeDay: 58), deal(amount: 300, closeDay: 59),
            deal(amount: 4000), deal(amount: 50_000, closeDay: 40, (5, moved)),
            deal(amount: 600_000, (32 * day, won(600_000))), deal(amount: 7_000_000, (day, won(7_000_000))),
        ]
        let answer = try ask(["report": "forecast", "from": "1970-02-01", "to": "1970-02-28"], deals)
        #expect(answer.at("forecast", "open", "CNY") == 1 && answer.at("forecast", "undated") == 1)
        let month = try ask(["report": "forecast", "from": "1970-02-01", "to": "1970-03-01"], deals)
        #expect(month.at("forecast", "open", "CNY") == 50_021)
        #expect(month.at("forecast", "categories", "closed", "amounts", "CNY") == 600_000)
    }

    @Test func `learns a stage's chance from all deals that visited it and are closed`() throws {
        // Laplace by hand: 3 won and 1 lost visited a: (3 + 1) ÷ (4 + 2); 1 won visited b: (1 + 1) ÷ (1 + 2); c: 1 ÷ 2.
        let closed = [
            deal("a", (1, won())), deal("a", (1, won())), deal("a", (1, to("b")), (2, won())), deal("a", (1, .lost())),
        ]
        func historical(_ stage: String) throws -> Int64? {
            try ask(["report": "forecast"], closed + [deal(stage, amount: 1000)])
                .at("forecast", "historical", "CNY")?.integer
        }
        #expect(try historical("a") == 667)
        #expect(try historical("b") == 667)
        #expect(try historical("c") == 500)
    }

    /// One hundred won deals, sixty of them from the web, and one hundred lost ones, twenty from the web.
    private var taught: [DealRow] {
        func many(_ count: Int, _ source: String, _ last: Change) -> [DealRow] {
            (0..<count).map { _ in deal("a", source: source, (1, last)) }
        }
        return many(60, "web", won()) + many(40, "fair", won()) + many(20, "web", .lost()) + many(80, "fair", .lost())
    }

    @Test func `judges by naive Bayes, by hand`() throws {
        // S_w = ½ · 60/100, S_l = ½ · 20/100: ¾; all other values are the same for all deals.
        let web = try ask(["report": "forecast"], taught + [deal("a", amount: 10_000, source: "web")])
        #expect(web.at("forecast", "naive_bayes", "CNY") == 7500 && web["trained_on"] == 200)
        // S_w = ½ · 40/100, S_l = ½ · 80/100: ⅓.
        let fair = try ask(["report": "forecast"], taught + [deal("a", amount: 10_000, source: "fair")])
        #expect(fair.at("forecast", "naive_bayes", "CNY") == 3333)
    }

    @Test func `passes over a value with fewer than 50 observations`() throws {
        func bayes(_ count: Int) throws -> Int64? {
            let rare = (0..<count).map { _ in deal("a", source: "rare", (1, won())) }
            return try ask(["report": "forecast"], taught + rare + [deal("a", amount: 10_000, source: "rare")])
                .at("forecast", "naive_bayes", "CNY")?.integer
        }
        // With 49 only the share of won deals is left, 149 ÷ 249; with 50 no lost deal ever had the value.
        #expect(try bayes(49) == 5984)
        #expect(try bayes(50) == 10_000)
    }

    @Test func `learns nothing that was decided by the close`() throws {
        // Every won deal was handed to eve just before its close. Who opened it says nothing, so neither does eve.
        let taken = (0..<60).map { _ in deal("a", owner: "ann", (1, .ownerAssigned(to: "eve")), (2, won())) }
        let lost = (0..<60).map { _ in deal("a", owner: "ann", (2, .lost())) }
        let open = deal("a", owner: "ann", amount: 10_000, (1, .ownerAssigned(to: "eve")))
        #expect(
            try ask(["report": "forecast"], taken + lost + [open]).at("forecast", "naive_bayes", "CNY") == 5000)
    }

    @Test func `is compared with what became of it, as known when the period began`() throws {
        let deals = [
            deal("b", amount: 1000, closeDay: 40, (40 * day, won(900))),  // forecast 400
            deal("b", amount: 2000, closeDay: 45, (20 * day, worth(3000)), (33 * day, worth(9)), (50 * day, .lost())),
            deal("a", opened: 35 * day, amount: 500, (36 * day, won(500))),  // unknown when the month began
            deal("b", amount: 7000, closeDay: 70),
        ]
        let answer = try ask(["report": "accuracy", "from": "1970-02-01", "to": "1970-03-01"], deals)
        #expect(answer.at("forecast", "weighted", "CNY") == 1600)
        #expect(answer.at("actual", "amounts", "CNY") == 1400 && answer.at("actual", "won") == 2)
        #expect(answer.at("actual", "amounts_of_forecast", "CNY") == 900)
        #expect(
            answer.at("accuracy", "weighted", "CNY")?.canonicalText
                == #"{"bp":8750,"denominator":1600,"numerator":1400}"#)
        #expect(answer.at("accuracy", "commit", "CNY", "bp") == .null)
    }

    @Test func `weighs by the rule in force when the period began, with what was known at a position`() throws {
        var row = chances
        row.publications.append(
            PipelineVersion(
                version: 2, effectiveFrom: 40 * day, stages: [ListedStage(stage: "a", ordinal: 1, probability: 9000)]))
        // Positions 0, 10 and 20; the amount was told late.
        let deals = [deal("a", amount: 1000, closeDay: 40, (day, worth(3000)), (50 * day, won(3000)))]
        func accuracy(_ since: JSON.Members) throws -> JSON {
            let question: JSON.Members = ["report": "accuracy", "from": "1970-02-01", "to": "1970-03-01"]
            return try report(
                .object(question.merging(since) { own, _ in own }), over: deals, pipelines: [("sales", row)])
        }
        let answer = try accuracy([:])
        #expect(answer.at("forecast", "weighted", "CNY") == 300)
        #expect(answer["forecast_rule_versions"] == ["sales": 1] && answer["rule_versions"] == ["sales": 2])
        let known = try accuracy(["since": 9])
        #expect(known.at("forecast", "weighted", "CNY") == 100 && known["since"] == 9)
        #expect(known.at("accuracy", "weighted", "CNY", "numerator") == 3000)
    }
}
