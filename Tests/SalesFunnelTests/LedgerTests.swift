import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

@Suite struct `A reopening` {
    /// Won in January, reopened in February, won again in March.
    private let row = deal(
        "c", amount: 70, (10 * day, won(100)), (40 * day, .reopened(stage: "b")), (70 * day, won(120)))

    private func ledger(_ from: JSON, _ to: JSON) throws -> String? {
        try report(["report": "deals", "view": "activity", "from": from, "to": to], over: [row])
            .at("deals", "ledger")?.canonicalText
    }

    @Test func `is an entry of a ledger: +1 at the win, −1 at the reopening, +1 at the next`() throws {
        func entry(_ wins: Int, _ back: Int) -> String {
            #"{"losses":0,"losses_taken_back":0,"net_losses":0,"net_wins":\#(wins - back),"#
                + #""wins":\#(wins),"wins_taken_back":\#(back)}"#
        }
        #expect(try ledger("1970-01-01", "1970-02-01") == entry(1, 0))
        #expect(try ledger("1970-02-01", "1970-03-01") == entry(0, 1))
        #expect(try ledger("1970-03-01", "1970-04-01") == entry(1, 0))
        #expect(try ledger("1970-01-01", "1970-04-01") == entry(2, 1))
    }

    @Test func `takes the deal out of the period of its first close, as now known`() throws {
        func won(_ parameters: JSON.Members) throws -> JSON? {
            let question: JSON.Members = [
                "report": "deals", "view": "activity", "from": "1970-01-01", "to": "1970-02-01",
            ]
            return try report(.object(question.merging(parameters) { _, own in own }), over: [row]).at("deals", "won")
        }
        #expect(try won(["as_of": "1970-01-31"]) == 1)  // as first reported
        #expect(try won([:]) == 0)  // the latest close lies in March
        #expect(try won(["known_at": 10]) == 1)  // as the log knew it after the first win
    }

    @Test func `is told beside what was reported first`() throws {
        let late = deal("a", opened: 5 * day, (6 * day, to("b")), (20 * day, .lost(reason: "price")))
        let answer = try report(
            ["report": "restatement", "since": 10, "from": "1970-01-01", "to": "1970-02-01"], over: [row, late])
        #expect(answer.at("as_first_reported", "deals", "lost") == 0)
        #expect(answer.at("as_first_reported", "deals", "won") == 1)
        #expect(answer.at("as_now_known", "deals", "lost") == 1)
        #expect(answer.at("as_now_known", "deals", "won") == 0)
        #expect(
            answer["events"]?.canonicalText
                == #"[{"opportunity_id":"o1","position":20,"time":1728000000,"type":"opportunity.lost"}]"#)
        #expect(answer["late_events"] == 1)
    }

    @Test func `is explained by what the question selects, and by when a deal was closed`() throws {
        var told = deal("a", opened: 5 * day)
        told.take(.lost(reason: "price", at: 20 * day), at: 45 * day)  // told in February, lost in January
        let other = deal("a", opened: 5 * day, owner: "u9", (20 * day, .lost()))
        let answer = try report(
            ["report": "restatement", "since": 5, "from": "1970-01-01", "to": "1970-02-01", "owner": "u1"],
            over: [told, other])
        #expect(answer.at("as_first_reported", "deals", "lost") == 0)
        #expect(answer.at("as_now_known", "deals", "lost") == 1)
        #expect(answer["events"]?.canonicalText.contains(#""opportunity_id":"o0""#) == true)
        #expect(answer["late_events"] == 1)
    }
}

@Suite struct `Slippage` {
    @Test func `counts pushes and days, and tells the deals that slipped farthest`() throws {
        func moved(_ day: Int64) -> Change { .closeDateChanged(from: 0, to: day) }
        let deals = [
            deal(closeDay: 10, (day, moved(20)), (2 * day, moved(50)), (3 * day, moved(45))),
            deal(closeDay: 10, (day, moved(13)), (40 * day, moved(20)), (41 * day, won())), deal(closeDay: 5),
        ]
        let answer = try report(["report": "slippage", "limit": 1], over: deals)["slippage"]
        #expect(answer?["deals"] == 3 && answer?["pushed_deals"] == 2)
        #expect(answer?["pushes"] == 4 && answer?["push_days"] == 50 && answer?["pulls"] == 1)
        #expect(answer?["pull_days"] == 5)
        #expect(
            answer?["farthest"]?.canonicalText
                == #"[{"days":40,"opportunity_id":"o0","pushes":2,"state":"open"}]"#)
        let january = try report(["report": "slippage", "to": "1970-02-01"], over: deals)["slippage"]
        #expect(january?["push_days"] == 43)
    }
}

@Suite struct `A breakdown` {
    @Test func `takes any reference of the deal`() throws {
        var first = deal("a", source: "web", campaign: "k1", (1, .lost(reason: "price", competitor: "acme")))
        first.facts?.leadID = "l1"
        var second = deal("a")
        second.take(.product("p1", isFirst: true), at: 1)
        second.take(.product("p2", isFirst: false), at: 1)
        second.take(.forecastChanged(category: "commit", isOverridden: false), at: 2)
        func keys(_ grouping: JSON) throws -> [String] {
            try report(["report": "deals", "group_by": grouping], over: [first, second]).groups("deals", "opened")
        }
        #expect(try keys("account") == ["acme 2"])
        #expect(try keys("campaign") == ["- 1", "k1 1"])
        #expect(try keys("lead") == ["- 1", "l1 1"])
        #expect(try keys("product") == ["- 1", "p1 1", "p2 1"])
        #expect(try keys("category") == ["commit 1", "omitted 1"])
        #expect(try keys("lost_reason") == ["- 1", "price 1"])
        #expect(try keys("competitor") == ["- 1", "acme 1"])
        #expect(try keys("currency") == ["CNY 2"])
        let narrowed = try report(["report": "deals", "product": "p2", "category": "commit"], over: [first, second])
        #expect(narrowed.at("deals", "opened") == 1)
    }

    @Test func `replaces the products when new lines come with a new amount`() throws {
        var row = deal("a")
        row.take(.product("p1", isFirst: true), at: 1)
        row.take(.product("p2", isFirst: true), at: 2)
        row.take(.product("p3", isFirst: false), at: 2)
        #expect(DealHistory(id: "o1", row: row)?.products == ["p2", "p3"])
        #expect(DealHistory(id: "o1", row: row, Cut(through: 10))?.products == ["p1"])
    }
}
