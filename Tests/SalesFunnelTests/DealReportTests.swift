import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

@Suite struct `The report on deals` {
    private let deals = [
        deal("a", owner: "ann", amount: 10, source: "web", (day, won(40)), (2 * day, .ownerAssigned(to: "bob"))),
        deal("b", opened: 31 * day, owner: "bob", amount: 20, (33 * day, .lost())),
        deal("a", opened: 31 * day, owner: "bob", amount: 30, source: "web"),
        deal("a", opened: 32 * day, owner: "bob", amount: 5, source: "web", (40 * day, won(2))),
    ]

    @Test func `groups by owner, source, pipeline, type and month`() throws {
        func ask(_ grouping: JSON, _ figure: String) throws -> [String] {
            try report(["report": "deals", "group_by": grouping], over: deals).groups("deals", figure)
        }
        #expect(try ask("owner", "won") == ["ann 1", "bob 1"])
        #expect(try ask("owner", "won_amount") == ["ann 40", "bob 2"])
        #expect(try ask("source", "opened") == ["- 1", "web 3"])
        #expect(try ask("pipeline", "opened") == ["sales 4"])
        #expect(try ask("type", "opened") == ["new 4"])
        #expect(try ask("month_opened", "opened") == ["1970-01 1", "1970-02 3"])
        #expect(try ask("month_closed", "won") == ["- 0", "1970-01 1", "1970-02 1"])
    }

    @Test func `counts the closes of a period in the activity view`() throws {
        let answer = try report(
            ["report": "deals", "view": "activity", "from": "1970-02-01", "to": "1970-02-05"], over: deals)
        #expect(answer.at("deals", "opened") == 3 && answer.at("deals", "won") == 0)
        #expect(answer.at("deals", "lost") == 1 && answer.at("deals", "open") == 1)
    }

    @Test func `selects by owner, source, type and currency`() throws {
        func opened(_ parameters: JSON) throws -> Int64? {
            try report(parameters, over: deals).at("funnel", "deals", "opened")?.integer
        }
        #expect(try opened(["owner": "bob"]) == 3)
        #expect(try opened(["owner": "bob", "source": "web"]) == 2)
        #expect(try opened(["type": "renewal"]) == 0)
        #expect(try opened(["currency": "EUR"]) == 0)
        #expect(try opened(["pipeline": "sales"]) == 4)
    }

    @Test func `never adds up two currencies`() throws {
        let mixed = [
            deal("a", (1, .won(amount: 3, currency: "CNY"))), deal("a", (1, .won(amount: 4, currency: "EUR"))),
        ]
        let answer = try report(["report": "deals"], over: mixed)
        #expect(answer.at("deals", "won_amount") == .null)
        #expect(answer.at("deals", "amounts", "won")?.canonicalText == #"{"CNY":3,"EUR":4}"#)
    }

    @Test func `groups by what a win was ordered and signed with, while it stands, and by who owned the deal before`()
        throws
    {
        let win = Change.won(amount: 4, currency: "CNY", order: "r1", contract: "k1")
        let deals = [
            deal("a", owner: "ann", (day, .ownerAssigned(to: "bob")), (2 * day, win)),
            deal("a", owner: "ann", (day, win), (2 * day, .reopened(stage: "a"))),
            deal(
                "a", owner: "ann", (day, .ownerAssigned(to: "bob", from: "eve")), (2 * day, .ownerAssigned(to: "bob"))),
        ]
        func groups(_ property: String) throws -> [String] {
            try report(["report": "deals", "group_by": .text(property)], over: deals).groups("deals", "opened")
        }
        #expect(try groups("order") == ["- 2", "r1 1"])
        #expect(try groups("contract") == ["- 2", "k1 1"])
        #expect(try groups("previous_owner") == ["- 1", "ann 1", "eve 1"])
        #expect(
            try report(["report": "deals", "previous_owner": "ann"], over: deals).at("deals", "won") == 1)
    }

    @Test func `takes nearest ranks, and null where there is nothing`() {
        // k = ⌈p·n⌉ by hand: of 1…10 the 5th and 9th, of 1…11 the 6th and 10th, of one the only one.
        #expect(Figures.nearestRank(50, of: Array(1...10)) == 5)
        #expect(Figures.nearestRank(90, of: Array(1...10)) == 9)
        #expect(Figures.nearestRank(50, of: Array(1...11)) == 6)
        #expect(Figures.nearestRank(90, of: Array(1...11)) == 10)
        #expect(Figures.nearestRank(90, of: [7]) == 7)
        #expect(Figures.nearestRank(50, of: []) == nil)
    }

    @Test func `rounds basis points half up`() {
        #expect(Figures.basisPoints(1, of: 3) == 3333)
        #expect(Figures.basisPoints(2, of: 3) == 6667)
        #expect(Figures.basisPoints(1, of: 20_000) == 1)  // 0.5
        #expect(Figures.basisPoints(1, of: 20_001) == 0)
        #expect(Figures.basisPoints(0, of: 0) == nil)
    }

    @Test func `keeps a sum at the end of its range`() {
        var amounts = Amounts()
        amounts.add(.max, in: "CNY")
        amounts.add(1, in: "CNY")
        #expect(amounts.sums == ["CNY": .max])
    }

    @Test(
        arguments: [
            ["view": "yearly"], ["from": "1970-02-30"], ["from": "1970-02-02", "to": "1970-02-01"],
            ["group_by": "mood"],
            ["report": "path"], ["report": "path", "steps": "a,,b"],
            ["report": "path", "steps": "a", "within_days": -1], ["report": "path", "steps": "a", "order": "sideways"],
            ["report": "accuracy"], ["report": "restatement"], ["report": "slippage", "limit": 0], ["known_at": -1],
            ["time_zone": "Mars/Phobos"], ["time_zone": "../passwd"], ["report": "waterfall", "view": "cohort"],
        ] as [JSON])
    func `refuses parameters that mean nothing`(parameters: JSON) {
        #expect(throws: ViewError.self) { try report(parameters, over: []) }
    }
}
