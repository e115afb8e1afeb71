import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

@Suite struct `A path` {
    private let deals = [
        deal("a", (1, to("b")), (2, to("c")), (3, won())),
        deal("a", (1, to("c")), (2, to("b")), (3, .lost())),
        deal("b", (1, to("a")), (2, to("c"))),
        deal("a", (1, to("b")), (2, to("a")), (3, to("c"))),
    ]

    private func counts(_ parameters: JSON.Members, _ deals: [DealRow]? = nil) throws -> [Int64?] {
        let answer = try report(
            .object(parameters.merging(["report": "path"]) { own, _ in own }), over: deals ?? self.deals)
        return (answer["path"]?.elements ?? []).map { $0["deals"]?.integer } + [answer["excluded"]?.integer]
    }

    @Test func `lets others come between, or not, or takes any order`() throws {
        #expect(try counts(["steps": "a,c"]) == [4, 4, 0])
        #expect(try counts(["steps": "a,c", "order": "strict"]) == [4, 3, 0])
        #expect(try counts(["steps": "a,b"]) == [4, 3, 0])
        #expect(try counts(["steps": "a,b", "order": "any"]) == [4, 4, 0])
        #expect(try counts(["steps": "a,b,c"]) == [4, 3, 2, 0])
        #expect(try counts(["steps": "a,b,c", "order": "strict"]) == [4, 2, 1, 0])
        #expect(try counts(["steps": "c,won", "order": "strict"]) == [4, 1, 0])
    }

    @Test func `passes over a close that was taken back where the very next stay is asked for`() throws {
        let again = [deal("a", (1, won()), (2, .reopened(stage: "b")), (3, won()))]
        #expect(try counts(["steps": "a,b", "order": "strict"], again) == [1, 1, 0])
        #expect(try counts(["steps": "a,won", "order": "strict"], again) == [1, 1, 0])
        #expect(try counts(["steps": "a,c", "order": "strict"], again) == [1, 0, 0])
    }

    @Test func `looks at what the view and the pipeline let it see`() throws {
        let slow = [deal("a", (40 * day, to("b")), (70 * day, won()))]
        let (january, march) = (("1970-01-01", "1970-02-01"), ("1970-03-01", "1970-04-01"))
        func seen(_ steps: String, _ view: String, _ month: (String, String)) throws -> [Int64?] {
            try counts(
                ["steps": .text(steps), "view": .text(view), "from": .text(month.0), "to": .text(month.1)], slow)
        }
        #expect(try seen("a,b", "activity", january) == [1, 0, 0], "b came later")
        #expect(try seen("a,b", "activity", march) == [0, 0, 0], "neither began then")
        #expect(try seen("won", "activity", march) == [1, 0], "a close is counted when it happens")
        #expect(try seen("a,b,won", "cohort", january) == [1, 1, 1, 0])
        let move = Change.stageChanged(to: "x", pipeline: "other", direction: .pipelineMove)
        let moved = [deal("a", (1, move), (2, to("y")))]
        #expect(try counts(["steps": "a,x", "pipeline": "other"], moved) == [0, 0, 0])
        #expect(try counts(["steps": "x,y", "pipeline": "other"], moved) == [1, 1, 0])
        #expect(try counts(["steps": "a,x"], moved) == [1, 1, 0])
        // What lies between in another pipeline lies between.
        let back = Change.stageChanged(to: "c", pipeline: "sales", direction: .pipelineMove)
        let excursion = [deal("a", (1, move), (2, back))]
        #expect(try counts(["steps": "a,c", "pipeline": "sales", "order": "strict"], excursion) == [1, 0, 0])
        #expect(try counts(["steps": "a,c", "pipeline": "sales"], excursion) == [1, 1, 0])
    }

    @Test func `measures the window from the first step, whatever the step`() throws {
        let slow = [deal("a", (day, to("b")), (2 * day, to("c"))), deal("a", (3 * day, to("b")))]
        #expect(try counts(["steps": "a,b,c", "within_days": 2], slow) == [2, 1, 1, 0])
        #expect(try counts(["steps": "a,b,c", "within_days": 1], slow) == [2, 1, 0, 0])
        #expect(try counts(["steps": "a,b,c", "within_days": 0], slow) == [2, 0, 0, 0])
        // The first match counts: b came in time, and again later.
        let again = [deal("a", (day, to("b")), (9 * day, to("a")), (10 * day, to("b")))]
        #expect(try counts(["steps": "a,b", "within_days": 1], again) == [1, 1, 0])
        // In any order the window lies to either side of the first step.
        let before = [deal("b", (5 * day, to("a")))]
        #expect(try counts(["steps": "a,b", "order": "any", "within_days": 5], before) == [1, 1, 0])
        #expect(try counts(["steps": "a,b", "order": "any", "within_days": 4], before) == [1, 0, 0])
    }

    @Test func `removes a deal that something excluded comes between, from its first step on`() throws {
        #expect(try counts(["steps": "a,c", "exclude": "b"]) == [2, 2, 2])
        #expect(try counts(["steps": "a,b", "exclude": "c"]) == [2, 2, 2])
        // Before the first and after the last step nothing is excluded.
        #expect(try counts(["steps": "a,c", "exclude": "won,lost"]) == [4, 4, 0])
        // What never takes the last step is open to exclusion until the window ends.
        let late = [deal("a", (5 * day, to("b")))]
        #expect(try counts(["steps": "a,c", "exclude": "b"], late) == [0, 0, 1])
        #expect(try counts(["steps": "a,c", "exclude": "b", "within_days": 4], late) == [1, 0, 0])
    }

    @Test func `in any order removes what comes between the earliest and the latest step`() throws {
        // c, then b, then a: b lies between the two steps, whichever is named first.
        let backwards = [deal("c", (1, to("b")), (2, to("a")))]
        #expect(try counts(["steps": "a,c", "order": "any"], backwards) == [1, 1, 0])
        #expect(try counts(["steps": "a,c", "order": "any", "exclude": "b"], backwards) == [0, 0, 1])
        // a, b, c: with c as the first step, a before it and b as the last, the excluded d lies between a and b.
        let mixed = [deal("a", (1, to("d")), (2, to("c")), (3, to("b")))]
        #expect(try counts(["steps": "c,a,b", "order": "any", "exclude": "d"], mixed) == [0, 0, 0, 1])
        // A step that was taken is not excluded by its own name; coming back to it is.
        #expect(try counts(["steps": "c,a,b", "order": "any", "exclude": "c"], mixed) == [1, 1, 1, 0])
        let back = [deal("a", (1, to("b")), (2, to("a")), (3, to("c")))]
        #expect(try counts(["steps": "a,b,c", "exclude": "a"], back) == [0, 0, 0, 1])
    }
}
