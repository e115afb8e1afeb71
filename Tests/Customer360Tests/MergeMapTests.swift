import CRMEvents
import CanonicalJSON
import SeededRandom
import Testing

@Suite struct `The page and the merge map` {
    /// The page keeps who is part of whom in rows that change with every event; the other views ask the map, made of
    /// all that was said.
    @Test(arguments: 501...560 as ClosedRange<UInt64>)
    func `agree on who is whom after any merges, unmerges and conversions`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        var history = History()
        let accounts = ["account-a", "account-b", "account-c", "account-d"]
        let leads = ["lead-1", "lead-2", "lead-3"]
        for account in accounts { history.account(String(account.dropFirst(8))) }
        for lead in leads { history.lead(String(lead.dropFirst(5))) }
        var said: [MergeMap<String>.Assertion] = []
        func pick(_ choices: [String]) -> String { choices[Int(random.next() % UInt64(choices.count))] }
        for _ in 0..<(5 + random.next() % 25) {
            let position = UInt64(history.events.count)
            let isMerge = random.next() % 3 > 0
            if random.next() % 5 == 0 {
                let (lead, account) = (pick(leads), pick(accounts))
                history.convert(String(lead.dropFirst(5)), to: String(account.dropFirst(8)))
                said.append(.init(position: position, .converted, of: lead, account))
            } else {
                let survivor = pick(accounts + leads)
                let parties = Set([pick(leads), pick(survivor.hasPrefix("lead") ? leads : accounts)])
                let names = JSON.array(parties.sorted().map { .text($0) })
                history.add(
                    isMerge ? "party.merged" : "party.unmerged", survivor,
                    [
                        "surviving_id": .text(survivor), "merged_ids": names, "restored_ids": names,
                        "method": "manual", "reason": "mistake",
                    ])
                said += parties.map { .init(position: position, isMerge ? .merged : .restored, of: $0, survivor) }
            }
        }
        let map = MergeMap(said)
        let customers = try await Customers(history)
        for party in accounts + leads {
            var identity = try #require(try await customers.customer(party)?["identity"])
            if identity["kind"] == "lead", let account = identity["account"]?.text {
                identity = try #require(try await customers.customer(account)?["identity"])
            }
            let name = try "\(#require(identity["kind"]?.text))-\(#require(identity["id"]?.text))"
            #expect(name == map.survivor(of: party), "seed \(seed), \(party)")
        }
    }
}
