import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

@Suite struct `The funnel report` {
    @Test func `tells exits by the published ordinals, not by the recorded word`() throws {
        let answer = try report(
            [:],
            over: [
                deal("a", (1, to("c", .backward)), (3, to("d")), (6, to("b")), (10, won())),
                deal("b", (5, .lost())), deal("a"),
            ])
        #expect(answer.stage("a", "visits", "advanced", "open", "settled") == [2, 1, 1, 1])
        #expect(answer.stage("c", "visits", "lateral") == [1, 1])
        #expect(answer.stage("d", "visits", "regressed") == [1, 1])
        #expect(answer.stage("b", "visits", "won", "lost", "p50_ms", "p90_ms") == [2, 1, 1, 4, 5])
    }

    @Test func `lets a skip count as reached and not as entered`() throws {
        let answer = try report([:], over: [deal("a", (1, to("c"))), deal("a")])
        #expect(answer.stage("a", "reached", "entered") == [2, 2])
        #expect(answer.stage("b", "reached", "entered", "visits") == [1, 0, 0])
        #expect(answer.stage("c", "reached", "entered") == [1, 1])
        #expect(answer.stage("d", "reached", "entered") == [1, 0])
        #expect(answer.stage("b", "p50_ms") == [nil])
    }

    @Test func `counts a conversion once, and only after the first entry of the earlier stage`() throws {
        let answer = try report(
            [:],
            over: [
                deal("b", (1, to("a"))),  // b came before a: no conversion
                deal("a", (1, to("b")), (2, to("a")), (3, to("b"))),  // twice, counted once
                deal("a", (1, to("c")), (2, to("b"))),  // something between
                deal("c"),
            ])
        let conversion = answer.at("funnel", "pipelines", "sales", "conversion")
        #expect(conversion?["a>b"]?.canonicalText == #"{"bp":6667,"denominator":3,"numerator":2}"#)
        #expect(conversion?["b>c"]?.canonicalText == #"{"bp":0,"denominator":3,"numerator":0}"#)
        #expect(conversion?["b>d"] != nil && conversion?["a>c"] == nil && conversion?["c>d"] == nil)
        #expect(
            answer.at("funnel", "transitions")?.canonicalText == #"{"a>b":2,"a>c":1,"b>a":2,"c>b":1}"#)
    }

    @Test func `moves a deal to another pipeline, named or found by the stage`() throws {
        let other = pipeline(("x", 1), ("y", 2))
        let named = Change.stageChanged(to: "x", pipeline: "enterprise", direction: .pipelineMove)
        let answer = try report(
            [:], over: [deal("b", (1, named), (2, to("y"))), deal("a", (1, to("y", .pipelineMove)))],
            pipelines: [("enterprise", other), ("sales", sales)])
        #expect(answer.stage("b", "moved", "reached") == [1, 1])
        #expect(answer.stage("a", "moved", "reached", "entered") == [1, 2, 1])
        #expect(answer.stage("x", "advanced", "reached", "entered", in: "enterprise") == [1, 2, 1])
        #expect(answer.stage("y", "open", "entered", in: "enterprise") == [2, 2])
        #expect(answer.at("funnel", "pipelines", "enterprise", "conversion", "x>y", "numerator") == 1)
        let only = try report(
            ["pipeline": "enterprise"], over: [deal("b", (1, named)), deal("a")],
            pipelines: [("enterprise", other), ("sales", sales)])
        #expect(only.at("funnel", "pipelines", "sales") == nil && only.at("funnel", "transitions") == [:])
        #expect(only.at("funnel", "deals", "opened") == 1)
    }

    @Test func `keeps stages apart that two pipelines call the same`() throws {
        let move = Change.stageChanged(to: "a", pipeline: "other", direction: .pipelineMove)
        let answer = try report(
            [:], over: [deal("a", (1, move), (2, to("b", .lateral)))],
            pipelines: [("other", pipeline(("a", 5), ("b", 4))), ("sales", sales)])
        #expect(answer.stage("a", "visits", "moved") == [1, 1])
        #expect(answer.stage("a", "visits", "regressed", in: "other") == [1, 1])
        #expect(answer.stage("b", "visits", "open", in: "other") == [1, 1])
    }

    @Test func `reopens a deal with a new stay, and counts its latest close`() throws {
        let deals = [
            deal("c", amount: 70, (1, won(100)), (4, .reopened(stage: "b")), (9, .lost())),
            deal("c", amount: 50, (1, .lost()), (2, .reopened(stage: "c"))),
        ]
        let answer = try report([:], over: deals)
        #expect(
            answer.at("funnel", "deals")?.canonicalText
                == #"{"losses":2,"lost":1,"open":1,"opened":2,"reopenings":2,"win_rate":{"bp":0,"denominator":1,"#
                + #""numerator":0},"wins":1,"won":0,"won_amount":0}"#)
        #expect(answer.stage("c", "visits", "won", "lost", "open", "entered") == [3, 1, 1, 1, 2])
        #expect(answer.stage("b", "visits", "lost", "reached", "entered") == [1, 1, 2, 1])
        #expect(answer.at("amounts", "open")?.canonicalText == #"{"CNY":50}"#)
        #expect(
            answer["open_stages"]?.canonicalText == #"{"sales":{"c":{"amounts":{"CNY":50},"deals":1}}}"#)
    }

    @Test func `balances stages that no pipeline lists, by the recorded word`() throws {
        let answer = try report(
            [:], over: [deal("a", (1, to("z", .forward)), (2, to("q", .backward)))], pipelines: [])
        #expect(answer.stage("a", "ordinal", "visits", "advanced", "reached") == [nil, 1, 1, 1])
        #expect(answer.stage("z", "visits", "regressed") == [1, 1])
        #expect(answer.stage("q", "visits", "open") == [1, 1])
    }

    @Test func `has three views of a period`() throws {
        let deals = [
            deal("a", opened: 0, (day, to("b")), (3 * day, won(5))),
            deal("a", opened: 2 * day, (3 * day, to("c"))),
        ]
        func ask(_ view: JSON) throws -> JSON {
            try report(["view": view, "from": "1970-01-02", "to": "1970-01-04"], over: deals)
        }
        let (cohort, activity, snapshot) = (try ask("cohort"), try ask("activity"), try ask("snapshot"))
        #expect(cohort.stage("a", "visits") == [1] && cohort.stage("b", "visits") == [0])
        #expect(cohort.stage("c", "visits", "open") == [1, 1])
        #expect(activity.stage("a", "visits") == [1] && activity.stage("b", "visits", "won") == [1, 1])
        #expect(activity.stage("c", "visits") == [0])
        #expect(activity.at("funnel", "deals", "opened") == 1 && activity.at("funnel", "deals", "won") == 0)
        #expect(snapshot.stage("a", "visits") == [0] && snapshot.stage("c", "visits", "open") == [1, 1])
    }

    @Test func `stops at the end of the day that as_of names`() throws {
        let deals = [
            deal("a", amount: 10, (day, worth(20)), (2 * day, to("b")), (3 * day, won(30))),
            deal("a", opened: 2 * day),
        ]
        let then = try report(["as_of": "1970-01-02"], over: deals)
        #expect(then.at("funnel", "deals", "opened") == 1 && then.at("funnel", "deals", "open") == 1)
        #expect(then.at("amounts", "open", "CNY") == 20 && then.stage("a", "open", "reached") == [1, 1])
        let now = try report([:], over: deals)
        #expect(now.at("funnel", "deals", "opened") == 2 && now.at("funnel", "deals", "won_amount") == 30)
    }

    @Test func `orders stages by the version in force, and keeps a retired stage that was visited`() {
        var row = pipeline(("a", 1), ("old", 2), ("b", 3))
        row.publications.append(
            PipelineVersion(
                version: 3, effectiveFrom: 900, stages: [ListedStage(stage: "a", ordinal: 9)]))
        row.publications.append(
            PipelineVersion(
                version: 2, effectiveFrom: 100,
                stages: [ListedStage(stage: "b", ordinal: 1), ListedStage(stage: "a", ordinal: 2)]))
        #expect(row.versions(through: nil).map(\.version) == [1, 2, 3])
        let table = StageTable([("sales", row)], at: 500)
        #expect(table.versions == ["sales": 2])
        #expect(
            table.entries.map { "\($0.stage) \($0.ordinal ?? 0) \($0.isCurrent)" } == [
                "b 1 true", "a 2 true", "old 2 false",
            ])
        #expect(StageTable([("sales", row)], at: -1).versions == ["sales": 1])
    }
}
