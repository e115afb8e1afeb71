import ProjectionRuntime
import SeededRandom
import Testing

@testable import ChurnSignals

@Suite struct `Facts in a row` {
    private static func kinds(_ random: inout SplitMix64) -> [Fact.What] {
        func ref() -> Ref { Ref("\(random.next())") }
        func number() -> Int64 { Int64(truncatingIfNeeded: random.next()) }
        func day() -> Int32 { Int32(truncatingIfNeeded: random.next()) }
        let money = Money(currency: CurrencyCode("EUR"), amount: number())
        return [
            .ordered(ref(), money), .orderCancelled(ref()), .orderReturned(ref(), refund: number()),
            .invoiced(ref(), money, dueDay: day()), .invoiceAdjusted(ref(), amount: number()),
            .paid(ref(), valueDay: day()), .allocated(payment: ref(), invoice: ref(), amount: number()),
            .ticketOpened(ref(), isComplaint: true), .ticketOpened(ref(), isComplaint: false),
            .ticketClassified(ref(), isComplaint: true), .promiseEnded(isBroken: true), .promiseEnded(isBroken: false),
            .asked(.nps, ref(), party: ref()), .answered(.csat, ref(), party: ref(), score: day(), scaleMax: day()),
            .answered(.custom, ref(), party: ref(), score: 1, scaleMax: 7), .asked(.ces, ref(), party: ref()),
            .touched, .spoke, .used(metric: ref(), milli: number(), startDay: day(), dayCount: day()),
            .contractDrafted(ref(), endDay: .max, noticeDays: 0, renewsItself: true),
            .contractAmended(ref(), endDay: nil, noticeDays: day(), renewsItself: false),
            .contractAmended(ref(), endDay: day(), noticeDays: nil, renewsItself: nil),
            .contractActivated(ref(), day: day()),
            .contractRenewed(ref(), endDay: day()), .contractEnded(ref(), day: day()), .subscribed(ref()),
            .subscriptionBecame(ref(), .live), .subscriptionBecame(ref(), .paused),
            .subscriptionBecame(ref(), .canceled), .owned(by: ref()), .bounced, .consentWithdrawn,
            .dealLost(ref(), toCompetitor: true), .dealLost(ref(), toCompetitor: false), .dealReopened(ref()),
        ]
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `are read as they were written`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var row = CustomerRow()
        row.chunkCount = 3
        row.facts = Self.kinds(&random).shuffled(using: &random).map { what in
            Fact(position: random.next() >> 1, time: Int64(truncatingIfNeeded: random.next() >> 8), what: what)
        }
        var encoder = RowEncoder()
        row.encode(to: &encoder)
        var decoder = RowDecoder(encoder.bytes)
        #expect(try CustomerRow(from: &decoder) == row, "seed \(seed)")
        #expect(decoder.isAtEnd, "seed \(seed)")
    }

    @Test func `take few bytes, and damage is noticed`() throws {
        var encoder = RowEncoder()
        let order = Fact(
            position: 1, time: 1_700_000_000_000,
            what: .ordered(Ref("o1"), Money(currency: CurrencyCode("CNY"), amount: 12_345)))
        [Fact](repeating: order, count: 128).encode(to: &encoder)
        #expect(encoder.bytes.count < 128 * 20)
        for bytes in [[2, 0, 0, 126], Array(encoder.bytes.dropLast())] as [[UInt8]] {
            var decoder = RowDecoder(bytes)
            #expect(throws: RowError.self) { try [Fact](from: &decoder) }
        }
    }

    @Test func `keep currencies as they are written`() {
        #expect(["CNY", "JPY", "XXX", ""].map { CurrencyCode($0).text } == ["CNY", "JPY", "XXX", ""])
        #expect(CurrencyCode("CNY") < CurrencyCode("EUR"))
    }
}
