import CanonicalJSON
import EventModel
import SeededRandom
import Testing

/// Random histories, most of them odd, against the definition evaluated the slow way.
@Suite struct `Agreement with the definition` {
    /// Four accounts, four leads, few streams, times that go back: every rule of attribution meets every other.
    private func history(seed: UInt64) -> History {
        var random = SplitMix64(seed: seed)
        var history = History()
        var converted: Set<String> = []
        func pick(_ choices: [String]) -> String { choices[Int(random.next() % UInt64(choices.count))] }
        let parties = ["account-a", "account-b", "account-c", "account-d", "lead-1", "lead-2", "lead-3", "contact-1"]
        for _ in 0..<300 {
            let minute = Int64(random.next() % 1000)
            let account = pick(["a", "b", "c", "d"])
            let lead = pick(["1", "2", "3", "4"])
            let stream = pick(["s1", "s2", "s3", "s4", "s5", "s6"])
            switch random.next() % 12 {
            case 0: history.account(account, minute: minute)
            case 1: history.add("account.classified", "account-\(account)", ["scheme": "tier", "value": "a"])
            case 2: history.lead(lead, minute: minute)
            case 3: if random.next() % 8 == 0, converted.insert(lead).inserted { history.convert(lead, to: account) }
            case 4: history.talk(stream, with: [pick(parties), pick(parties)], minute: minute)
            case 5: history.mail(stream, reaches: pick(parties), minute: minute)
            case 6: history.visit(stream, by: pick(parties), minute: minute)
            case 7: history.visit(stream, by: nil, minute: minute)
            case 8: history.deal(stream, of: account, amount: 10, minute: minute)
            case 9: history.move(stream, to: "proposal", minute: minute)
            case 10: history.add("order.cancelled", "order-\(stream)", ["reason": "odd"], minute: minute)
            default: history.order(stream, of: account, 10)
            }
        }
        return history
    }

    @Test(arguments: 1...25 as ClosedRange<UInt64>)
    func `rows, touches, timelines and unattributed events are those of the definition`(seed: UInt64) async throws {
        let history = history(seed: seed)
        let definition = try Definition(history)
        let customers = try await Customers(history)
        let rows = try await customers.scan().rows
        #expect(rows.compactMap { $0["account_id"]?.text } == definition.accounts, "seed \(seed)")
        for row in rows {
            let id = try #require(row["account_id"]?.text)
            let touches = definition.touches(id)
            #expect(row["counts"] == definition.counts(id), "seed \(seed), account \(id)")
            #expect(row["first_touch"] == .from(touches.first), "seed \(seed), account \(id)")
            #expect(row["last_touch"] == .from(touches.last), "seed \(seed), account \(id)")
            #expect(row["last_event"] == .from(definition.lastEvent(id)), "seed \(seed), account \(id)")
            let page = try #require(try await customers.customer(id, ["limit": 500]))
            #expect(page.positions == definition.positions(id), "seed \(seed), account \(id)")
        }
        let report = try await customers.report()
        #expect(report["unattributed"]?["counts"] == definition.counts(nil), "seed \(seed)")
        #expect(report["events"] == .integer(Int64(history.events.count)), "seed \(seed)")
        #expect(report["accounts"] == .integer(Int64(definition.accounts.count)), "seed \(seed)")
    }
}
