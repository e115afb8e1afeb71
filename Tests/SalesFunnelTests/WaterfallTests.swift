import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

@Suite struct `The waterfall` {
    private static let february: JSON = ["report": "waterfall", "from": "1970-02-01", "to": "1970-03-01"]

    private let deals = [
        deal(amount: 100, (32 * day, worth(150)), (40 * day, won(180))),
        deal(opened: 33 * day, amount: 70, (34 * day, worth(50)), (41 * day, .lost())),
        deal(amount: 40, (10 * day, won(40)), (50 * day, .reopened(stage: "b"))),
        deal(
            amount: 25, (35 * day, .stageChanged(to: "x", pipeline: "other", direction: .pipelineMove)),
            (36 * day, worth(30))),
        deal(opened: 70 * day, amount: 1000),
    ]
    private let pipelines: [(id: String, row: PipelineRow)] = [("other", pipeline(("x", 1))), ("sales", sales)]

    @Test func `tells every change of a month, so that the lines add up`() throws {
        // By hand: 125 + 70 + 40 + (50 + 30 + 5) − 20 − 180 − 50 = 70, of which 30 stand in the other pipeline.
        let answer = try report(Self.february, over: deals, pipelines: pipelines)
        #expect(
            answer.at("waterfall", "amounts", "CNY")?.canonicalText
                == #"{"closing":70,"decreases":20,"increases":85,"lost":50,"moved_in":0,"moved_out":0,"#
                + #""new":70,"opening":125,"reopened":40,"won":180}"#)
        #expect(
            answer.at("waterfall", "deals")?.canonicalText
                == #"{"closing":2,"decreases":0,"increases":0,"lost":1,"moved_in":0,"moved_out":0,"#
                + #""new":1,"opening":2,"reopened":1,"won":1}"#)
    }

    @Test func `moves a deal out of one pipeline and into another`() throws {
        guard case .object(var question) = Self.february else { return }
        question["group_by"] = "pipeline"
        let answer = try report(.object(question), over: deals, pipelines: pipelines)
        let groups = try #require(answer["groups"]?.elements)
        #expect(groups.map { $0["key"] } == ["other", "sales"])
        #expect(
            groups[0].at("waterfall", "amounts", "CNY")?.canonicalText
                == #"{"closing":30,"decreases":0,"increases":5,"lost":0,"moved_in":25,"moved_out":0,"#
                + #""new":0,"opening":0,"reopened":0,"won":0}"#)
        #expect(
            groups[1].at("waterfall", "amounts", "CNY")?.canonicalText
                == #"{"closing":40,"decreases":20,"increases":80,"lost":50,"moved_in":0,"moved_out":25,"#
                + #""new":70,"opening":125,"reopened":40,"won":180}"#)
        // Narrowed to one pipeline, the move is seen from there.
        question["group_by"] = "none"
        question["pipeline"] = "other"
        let other = try report(.object(question), over: deals, pipelines: pipelines)
        #expect(other.at("waterfall", "amounts", "CNY") == groups[0].at("waterfall", "amounts", "CNY"))
    }

    @Test func `never adds up two currencies`() throws {
        let dollars = Change.amountChanged(to: 9, currency: "USD")
        let answer = try report(
            Self.february, over: [deal(amount: 60, (32 * day, dollars), (33 * day, won(70)))])
        #expect(answer.at("waterfall", "amounts", "CNY", "decreases") == 60)
        #expect(answer.at("waterfall", "amounts", "CNY", "increases") == 70)
        #expect(answer.at("waterfall", "amounts", "CNY", "won") == 70)
        #expect(answer.at("waterfall", "amounts", "USD", "increases") == 9)
        #expect(answer.at("waterfall", "amounts", "USD", "decreases") == 9)
        #expect(answer.at("waterfall", "amounts", "USD", "closing") == 0)
    }

    @Test func `takes a late event at its own time`() throws {
        // The new amount of January 20 arrives after a change of stage in February: it belongs to January.
        let row = deal(amount: 10, (40 * day, to("b")), (19 * day, worth(15)))
        let january = try report(["report": "waterfall", "to": "1970-02-01"], over: [row])
        #expect(january.at("waterfall", "amounts", "CNY", "increases") == 5)
        #expect(january.at("waterfall", "amounts", "CNY", "closing") == 15)
        let february = try report(Self.february, over: [row])
        #expect(february.at("waterfall", "amounts", "CNY", "opening") == 15)
        #expect(february.at("waterfall", "amounts", "CNY", "increases") == 0)
    }

    @Test func `finds what does not add up: steps that lead elsewhere than the rows`() throws {
        let (told, stored) = (deal(amount: 100, (1, worth(150))), deal(amount: 70))
        var waterfall = Waterfall(
            FunnelQuery(over: .all, groupedBy: .pipeline), StageTable([("sales", sales)], at: nil))
        waterfall.add("o1", stored, waterfall.moments("o1", told, told.steps))
        let violation = try #require(waterfall.violations.first)
        #expect(violation.place == "waterfall of sales, CNY" && violation.left == 150 && violation.right == 70)
        #expect(waterfall.violations.count == 1)
        #expect(throws: ViewError.self) { try waterfall.json() }
    }

    @Test func `says with numbers what does not add up`() throws {
        let violation = IdentityViolation("opened = won + lost + open", of: "all deals", 3, 2)
        #expect(violation?.description == "all deals: opened = won + lost + open is 3 against 2")
        #expect(IdentityViolation("a = b", of: "x", 2, 2) == nil)
        #expect(IdentityViolation("a ≤ b", of: "x", 2, atMost: 2) == nil)
        #expect(IdentityViolation("a ≤ b", of: "x", 3, atMost: 2)?.left == 3)
        var lines = WaterfallLines()
        lines.add(5, to: .opening)
        lines.add(2, to: .movedIn)
        lines.add(3, to: .won)
        #expect(lines.expectedClosing == 4)
    }

    @Test func `of a period that lies behind the day of the question tells nothing and balances`() throws {
        let answer = try report(
            ["report": "waterfall", "from": "1970-02-01", "to": "1970-03-01", "as_of": "1970-01-10"],
            over: [deal("a", amount: 5), deal("a", opened: 20 * day, amount: 70)])
        #expect(answer.at("waterfall", "deals", "opening") == 1 && answer.at("waterfall", "deals", "closing") == 1)
        #expect(answer.at("waterfall", "deals", "new") == 0)
    }
}
