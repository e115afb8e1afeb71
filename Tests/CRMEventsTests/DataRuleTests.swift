import CRMEvents
import CanonicalJSON
import EventModel
import Testing

@Suite struct `Rules over several fields` {
    @Test func `want exactly one of a known and an anonymous visitor`() throws {
        let neither = try problems("behavior.tracked", "behavior-party-a1", ["name": "x"])
        #expect(neither.map(\.path) == ["data"])
        let both = try problems(
            "behavior.tracked", "behavior-account-42",
            ["name": "x", "party_id": "account-42", "anonymous_id": "a1"])
        #expect(both[0].problem == "has 2 of party_id and anonymous_id, allowed is exactly one of them")
        _ = try check("behavior.tracked", "behavior-account-42", ["name": "x", "party_id": "account-42"])
    }

    @Test(arguments: [
        ("account.created", "annual_revenue"), ("opportunity.opened", "amount"), ("opportunity.opened", "lines"),
        ("campaign.created", "budget"),
    ]) func `want a currency beside the first amount of a stream`(type: String, amount: String) throws {
        let example = try Example.of(type)
        let data = example.minimal.with(amount, example.full[amount])
        #expect(try problems(type, example.stream, data).map(\.path) == ["currency"])
        _ = try check(type, example.stream, data.with("currency", "CNY"))
    }

    /// Worked by hand from CATALOG.md section 2: 1.5 × 3.33 less 5 % is 474.525, so 475; 13 % of it 61.75, so 62.
    @Test(
        arguments: [
            (1500, 333, 500, 1300, 537), (500, 1, 0, 0, 1), (499, 1, 0, 0, 0), (-500, 1, 0, 0, 0),
            (-501, 1, 0, 0, -1), (1000, 50, 0, 100, 51), (1000, 49, 0, 100, 49),
        ] as [(Int64, Int64, Int64, Int64, Int64)])
    func `round each line half up`(
        quantity: Int64, price: Int64, discount: Int64, tax: Int64, total: Int64
    ) throws {
        let line: JSON = [
            "line_id": "1", "product_id": "p", "quantity_milli": .integer(quantity), "unit_price": .integer(price),
            "discount": .integer(discount), "tax": .integer(tax),
        ]
        let order = try Example.of("order.placed").minimal.with("lines", [line])
        _ = try check("order.placed", "order-r9", order.with("total", .integer(total)))
        let wrong = try problems("order.placed", "order-r9", order.with("total", .integer(total + 1)))
        #expect(wrong.map(\.path) == ["total"])
    }

    @Test func `refuse a total beyond all arithmetic`() throws {
        let most = JSON.integer(9_007_199_254_740_991)
        let line = Example.line.with("quantity_milli", most).with("unit_price", most).with("discount", most)
        let order = try Example.of("order.placed").minimal.with("lines", [line]).with("total", most)
        #expect(try problems("order.placed", "order-r9", order).map(\.path) == ["total"])
    }

    @Test func `let stages stand side by side but not go back`() throws {
        #expect(try stageProblems([("a", 1), ("b", 4), ("c", 4)]) == [])
        #expect(try stageProblems([("a", 1), ("b", 4), ("c", 3)]) == ["body.stages[2].ordinal"])
        #expect(try stageProblems([("a", 1), ("b", 2), ("a", 3)]) == ["body.stages[2].stage_id"])
    }

    @Test func `want at least one stage and at most the limit`() throws {
        #expect(try stageProblems([]) == ["body.stages"])
        let most = (1...Int64(Limits.pipelineStageCountMax)).map { ("s\($0)", $0) }
        #expect(try stageProblems(most) == [])
        #expect(try stageProblems(most + [("one_more", 65)]) == ["body.stages"])
    }

    @Test func `check the body of a pipeline field by field`() throws {
        let rule = try Example.of("rule.published").minimal
        for (body, path) in [
            ([:], "body.stages"), (["stages": 4], "body.stages"),
            (["stages": [["stage_id": "a"]]], "body.stages[0].ordinal"),
            (["stages": [], "rates": []], "body.rates"),
        ] as [(JSON, String)] {
            #expect(try problems("rule.published", "rule-standard", rule.with("body", body)).map(\.path) == [path])
        }
    }

    @Test func `take any body for kinds of rule that no read model has fixed`() throws {
        let rule = try Example.of("rule.published").minimal.with("kind", "segment").with("body", ["any": ["thing"]])
        _ = try check("rule.published", "rule-standard", rule)
    }

    @Test(arguments: Example.all) func `want the stream of the entity that the data names`(_ example: Example) throws {
        let definition = try #require(Catalog.standard[example.type])
        let category = try problems(example.type, "elsewhere-\(example.stream)", example.minimal)
        #expect(category.map(\.path) == ["stream"])
        if case .category = definition.stream { return }
        let other = try problems(example.type, "\(example.stream)x", example.minimal)
        #expect(
            other.map(\.description) == ["stream is not the one of this event, allowed is \(definition.stream.words)"])
    }

    private func stageProblems(_ stages: [(String, Int64)]) throws -> [String] {
        let list = stages.map { JSON.object(["stage_id": .text($0.0), "ordinal": .integer($0.1)]) }
        let rule = try Example.of("rule.published").minimal.with("body", ["stages": .array(list)])
        do {
            _ = try check("rule.published", "rule-standard", rule)
            return []
        } catch InvalidEvent.problems(_, let problems, _) {
            return problems.map(\.path)
        }
    }
}
