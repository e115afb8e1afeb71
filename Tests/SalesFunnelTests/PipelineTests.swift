import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

/// Two pipelines that share the name of a stage.
private let pipelines: [(id: String, row: PipelineRow)] = [
    ("other", pipeline(("a", 1), ("z", 2))), ("sales", sales),
]

@Suite struct `A deal in a pipeline` {
    private let moved = deal(
        "a", amount: 1000, (day, to("b")),
        (2 * day, .stageChanged(to: "z", from: "b", pipeline: "other", direction: .pipelineMove)))
    private let staying = deal("a", amount: 30)

    private func ask(_ parameters: JSON, _ deals: [DealRow]) throws -> JSON {
        try report(parameters, over: deals, pipelines: pipelines)
    }

    @Test func `is counted in the pipeline that it names, listed or not`() throws {
        let deals = [deal("a", pipeline: "nowhere"), deal("a", pipeline: "sales"), deal("a", pipeline: "other")]
        let answer = try ask(["report": "funnel"], deals)
        for pipeline in ["nowhere", "sales", "other"] {
            #expect(answer.stage("a", "visits", "entered", in: pipeline) == [1, 1], "\(pipeline)")
        }
        #expect(try ask(["report": "deals", "pipeline": "nowhere"], deals).at("deals", "opened") == 1)
    }

    @Test func `that moved is forecast, won and counted where it stands now`() throws {
        for (pipeline, open) in [("sales", 30), ("other", 1000)] as [(String, Int64)] {
            let question: JSON = ["report": "forecast", "pipeline": .text(pipeline)]
            #expect(try ask(question, [moved, staying]).at("forecast", "open", "CNY")?.integer == open)
        }
        var closed = moved
        closed.take(won(1000), at: 3 * day)
        let won = try ["sales", "other"].map {
            try ask(["report": "deals", "pipeline": .text($0)], [closed]).at("deals", "won")
        }
        #expect(won == [0, 1])
    }

    @Test func `leaves its stays behind where it stood`() throws {
        let answer = try ask(["report": "funnel", "pipeline": "sales"], [moved, staying])
        #expect(answer.stage("a", "visits", "open", "advanced") == [2, 1, 1])
        #expect(answer.stage("b", "visits", "moved") == [1, 1])
        let grouped = try ask(["report": "funnel", "group_by": "pipeline"], [moved, staying])
        let groups = try #require(grouped["groups"]?.elements)
        #expect(groups.map { $0["key"]?.text } == ["other", "sales"])
        #expect(groups[0].stage("z", "visits", "open", in: "other") == [1, 1])
        #expect(groups[0].stage("a", "visits", in: "sales") == [0], "what it did in the other group is told there")
        #expect(groups[1].stage("a", "visits", "entered", in: "sales") == [2, 2])
        #expect(groups[1].stage("b", "visits", "moved", in: "sales") == [1, 1])
        #expect(groups.map { $0.at("funnel", "deals", "opened") } == [1, 1], "a deal counts once")
    }

    @Test func `of a merged account is found under either name`() throws {
        let assertion = MergeRow.Assertion(time: 0, position: 0, party: "account-small", isMerged: true)
        let merges: DealQuestion.Merges = [("account-acme", MergeRow(assertions: [assertion]))]
        for account in ["acme", "small"] {
            let query = try FunnelQuery(ViewParameters(["account": .text(account)]))
            let question = try DealQuestion(query, pipelines, merges, at: nil) { body in body("o1", staying) }
            let answer = try question.answer(.deals, ViewParameters(["account": .text(account)]))
            #expect(answer.at("deals", "opened") == 1, "\(account)")
        }
    }

    @Test func `that rests through a period still counts for its velocity`() throws {
        let closed = deal("a", opened: 0, (40 * day, won(100)))
        let later = deal("a", opened: 90 * day)
        let answer = try ask(
            ["report": "deals", "view": "activity", "from": "1970-02-01", "to": "1970-03-01"], [staying, closed, later])
        let velocity = answer.at("deals", "velocity")
        #expect(velocity?["open_qualified"] == 1 && velocity?.at("win_rate", "numerator") == 1)
        #expect(answer.at("deals", "open") == 0, "nothing was done with it then")
    }
}

@Suite struct `A deal whose steps do not fit` {
    private func isMarked(_ row: DealRow) -> Bool? { DealHistory(id: "o", row: row)?.isOutOfOrder }

    @Test func `is marked where it left a stage in which it did not stand`() {
        let step = Change.stageChanged(to: "c", from: "b", direction: .forward)
        #expect(isMarked(deal("a", (1, step))) == true)
        #expect(isMarked(deal("a", (1, to("b")), (2, step))) == false)
    }

    @Test func `is marked where it was changed after its close`() {
        #expect(isMarked(deal("a", amount: 1, (1, won()), (2, worth(5)))) == true)
        #expect(isMarked(deal("a", amount: 1, (1, worth(5)), (2, won()))) == false)
        #expect(isMarked(deal("a", (1, .lost()), (2, .ownerAssigned(to: "u2")))) == true)
    }
}
