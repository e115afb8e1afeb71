import CanonicalJSON
import EventModel
import Testing

@Suite struct `Events of nobody` {
    private func list(_ customers: Customers, limit: Int64 = 10_000) async throws -> [JSON] {
        var rows: [JSON] = []
        var from: JSON = .null
        repeat {
            let page = try await customers.scan(["kind": "unattributed", "limit": .integer(limit), "from": from])
            #expect(page.rows.count <= limit)
            rows += page.rows
            from = .from(page.next)
        } while from != .null
        return rows
    }

    private func sum(_ rows: [JSON]) -> [String: Int64] {
        rows.reduce(into: [:]) { sum, row in
            guard case .object(let counts)? = row["counts"] else { return }
            for (type, count) in counts { sum[type, default: 0] += count.integer ?? 0 }
        }
    }

    @Test func `are listed by who has them, and by the streams that name nobody`() async throws {
        var history = History()
        history.account("a")
        for lead in ["8", "9"] { history.lead(lead) }
        history.convert("9", to: "a")
        history.visit("s1", by: "contact-c", minute: 5)
        history.visit("s2", by: "party-v", minute: 6)
        for minute in [7, 9] as [Int64] {
            history.add("order.cancelled", "order-r1", ["reason": "odd"], minute: minute)
        }
        let rows = try await list(Customers(history))
        #expect(rows.compactMap { $0["name"]?.text } == ["contact-c", "lead-8", "party-v", "order-r1"])
        #expect(
            rows.last == [
                "name": "order-r1", "kind": "stream", "events": 2, "counts": ["order.cancelled": 2],
                "last_event": .integer(History.minute(9)),
            ])
    }

    @Test func `leave the list with a merge, and come back with an unmerge`() async throws {
        var history = History()
        history.account("a")
        for lead in ["1", "2"] { history.lead(lead) }
        history.convert("1", to: "a")
        func names() async throws -> [String] { try await list(Customers(history)).compactMap { $0["name"]?.text } }
        #expect(try await names() == ["lead-2"])
        history.merge(party: "lead-2", into: "lead-1")
        #expect(try await names() == [])
        #expect(try await Customers(history).report().at("unattributed.events") == 0)
        history.unmerge(party: "lead-2", from: "lead-1")
        #expect(try await names() == ["lead-2"])
        #expect(try await Customers(history).report().at("unattributed.events") == 1)
    }

    @Test func `are counted as they are listed, also where an unmerge restores nobody`() async throws {
        var history = History()
        history.account("a")
        history.lead("1")
        history.convert("1", to: "a")
        history.add(
            "party.unmerged", "lead-1", ["surviving_id": "lead-1", "restored_ids": [], "reason": "mistake"])
        let customers = try await Customers(history)
        #expect(try await list(customers).isEmpty)
        #expect(try await customers.report().at("unattributed.events") == 0)
        #expect(try await customers.customer("a")?["events"] == 4)
    }

    @Test func `are refused from a name that is none`() async throws {
        let customers = try await Customers(History())
        await #expect(throws: (any Error).self) { try await customers.scan(["kind": "unattributed", "from": "x"]) }
        await #expect(throws: (any Error).self) { try await customers.scan(["kind": "nobody"]) }
    }

    /// Conservation: whatever is merged, converted or linked, an event belongs to one account or to nobody.
    @Test(arguments: 401...425 as ClosedRange<UInt64>)
    func `make up all events together with those of the accounts, in pages of any size`(seed: UInt64) async throws {
        let customers = try await Customers(RandomHistory(seed: seed).history)
        let report = try await customers.report()
        let rows = try await list(customers)
        let unattributed = try #require(report["unattributed"])
        let differing = sum(rows).merging(sum([unattributed])) { $0 - $1 }.filter { $0.value != 0 }
        #expect(differing.isEmpty, "seed \(seed)")
        let accounts = try await customers.scan().rows
        let total = sum(accounts + rows).values.reduce(0, +)
        #expect(report["events"] == .integer(total), "seed \(seed)")
        #expect(try await list(customers, limit: 2) == rows, "seed \(seed)")
    }
}
