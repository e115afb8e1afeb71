import CanonicalJSON
import Testing

@testable import SalesFunnel

@Suite struct `The history of a deal` {
    private func history(_ row: DealRow, before limit: Int64? = nil) throws -> DealHistory {
        try #require(DealHistory(id: "o1", row: row, Cut(before: limit)))
    }

    @Test func `never lets a stay last less than 0, and says that its order is broken`() throws {
        let late = try history(deal("a", opened: 10, (4, to("b")), (9, won())))
        #expect(late.stays.map(\.duration) == [0, 5])
        #expect(late.isOutOfOrder && late.closes.map(\.cycle) == [0])
        let good = try history(deal("a", opened: 10, (10, to("b"))))
        #expect(!good.isOutOfOrder && good.stays.map(\.duration) == [0, nil])
    }

    @Test func `takes the time from opening to win, less the time that it was closed`() throws {
        let deal = try history(
            deal(
                "a", opened: 100, (200, .lost()), (700, .reopened(stage: "a")), (900, won(1)),
                (950, .reopened(stage: "b")),
                (1000, won(2))))
        #expect(deal.closes.map(\.cycle) == [100, 300, 350])
        #expect(deal.closes.map(\.gross) == [100, 800, 900])
        #expect(deal.reopenings.map(\.tookBackWin) == [false, true])
        #expect(deal.state == .won && deal.reopenings.map(\.time) == [700, 950] && !deal.isOutOfOrder)
    }

    @Test func `credits the owner at the close, and the present owner while it is open`() throws {
        let row = deal("a", owner: "ann", (1, .ownerAssigned(to: "bob")), (2, won()), (3, .ownerAssigned(to: "eve")))
        #expect(try history(row).credited?.owner == "bob")
        #expect(try history(row, before: 1).credited?.owner == "ann")
        #expect(try history(row, before: 2).credited?.owner == "bob")
        var reopened = row
        reopened.take(.reopened(stage: "a"), at: 4)
        #expect(try history(reopened).credited?.owner == "eve")
    }

    @Test func `finds the amount before the close again after a reopening`() throws {
        let deal = try history(deal("a", amount: 70, (1, won(100)), (2, .reopened(stage: "a"))))
        #expect(deal.amount == 70)
    }

    @Test func `is opened once, and closed once until it is reopened`() throws {
        let opened: Change = .opened(
            stage: "a", pipeline: "sales", owner: "eve", amount: 5, currency: "CNY", closeDay: nil)
        let once = try history(deal("a", amount: 70, (1, to("b")), (2, won(80))))
        let twice = try history(deal("a", amount: 70, (1, to("b")), (2, won(80)), (3, opened), (4, won(80))))
        #expect(twice.state == .won && twice.stays == once.stays && twice.amount == 70 && twice.isOutOfOrder)
        #expect(twice.closes.count == 1 && twice.owners.map(\.owner) == ["u1"])
        let corrected = try history(deal("a", (2, won(80)), (3, .lost())))
        #expect(corrected.state == .lost && corrected.closes.map(\.outcome.isWin) == [false])
        let again = try history(deal("a", (2, won(80)), (3, .reopened(stage: "a")), (4, won(90))))
        #expect(again.closes.count == 2)
    }

    @Test func `stays closed where the opening is told after the close`() throws {
        var row = DealRow()
        row.facts = DealFacts(accountID: "acme")
        row.take(won(80), at: 1)
        row.take(
            .opened(stage: "a", pipeline: "sales", owner: "eve", amount: 5, currency: "CNY", closeDay: nil), at: 0)
        let deal = try history(row)
        #expect(deal.state == .won && deal.stays.isEmpty && !deal.isOpen && deal.isOutOfOrder)
    }

    @Test func `does not exist before its first step`() {
        #expect(DealHistory(id: "o1", row: deal("a", opened: 5), Cut(before: 5)) == nil)
        #expect(DealHistory(id: "o1", row: DealRow()) == nil)
    }

    @Test(
        arguments: [
            [to("b"), won()], [.lost()], [.reopened(stage: "a"), .lost(), .lost()], [worth(5)],
            [.reopened(stage: "a"), .reopened(stage: "b")], [.ownerAssigned(to: "u2"), won(), to("c")],
        ] as [[Change]])
    func `takes any step of a deal that it never saw opened`(changes: [Change]) throws {
        var row = DealRow()
        for change in changes { row.take(change, at: 1) }
        let deal = try history(row)
        #expect(deal.isOutOfOrder && deal.openedAt == 1)
        _ = try report([:], over: [row])
    }

    @Test func `answers with its stays and their stages' ordinals`() throws {
        var table = StageTable([("sales", sales)], at: nil)
        let row = deal("a", amount: 7, (5, to("b")), (9, won(8)))
        let json = PlacedDeal(try history(row), on: &table).json(table)
        #expect(json["state"] == "won" && json["stage_id"] == "b" && json["pipeline_id"] == "sales")
        #expect(
            json["stays"]?.elements?.first?.canonicalText
                == #"{"duration_ms":5,"entered_at":0,"exit":"advanced","exited_at":5,"ordinal":1,"#
                + #""pipeline_id":"sales","stage_id":"a"}"#)
        #expect(
            json["closes"]?.canonicalText
                == #"[{"amount":8,"at":9,"contract_id":null,"currency":"CNY","cycle_ms":9,"gross_ms":9,"#
                + #""order_id":null,"owner_id":"u1","state":"won"}]"#)
    }
}
