import CanonicalJSON
import ProjectionRuntime
import Testing

@Suite struct `Scan and keys` {
    private var history: History {
        var history = History()
        for account in ["b", "a", "d", "c"] { history.account(account) }
        history.lead("9")
        history.answer("s1", by: "lead-9", "nps", 4, minute: 100)
        history.convert("9", to: "c")
        history.lead("8")
        return history
    }

    @Test func `accounts come in the order of their ids, leads rolled up, open leads left out`() async throws {
        let (rows, next) = try await Customers(history).scan()
        #expect(rows.compactMap { $0["account_id"]?.text } == ["a", "b", "c", "d"])
        #expect(next == nil)
        #expect(
            rows[2] == [
                "account_id": "c",
                "counts": ["account.created": 1, "lead.captured": 1, "lead.converted": 1, "survey.responded": 1],
                "first_touch": .null, "last_touch": .null, "last_event": .integer(History.minute(100)),
                "open_opportunities": 0, "open_pipeline": [:], "won_opportunities": 0, "won_revenue": [:],
                "revenue": [:], "paid": [:], "last_nps": 4,
            ])
    }

    @Test(arguments: [1, 2, 3, 4, 5])
    func `pages of any size list every account once`(limit: Int64) async throws {
        let customers = try await Customers(history)
        var ids: [String] = []
        var from: JSON = .null
        for _ in 0..<10 {
            let (rows, next) = try await customers.scan(["limit": .integer(limit), "from": from])
            ids += rows.compactMap { $0["account_id"]?.text }
            #expect(rows.count <= limit)
            guard let next else { break }
            from = .text(next)
        }
        #expect(ids == ["a", "b", "c", "d"])
    }

    @Test func `a scan starts from an id, whether or not it exists, in either form`() async throws {
        let customers = try await Customers(history)
        for from in ["bb", "c", "account-c"] {
            #expect(try await customers.scan(["from": .text(from)]).rows.first?["account_id"] == "c")
        }
        #expect(try await customers.scan(["from": "e"]).rows.isEmpty)
        await #expect(throws: ViewError.self) { try await customers.scan(["from": "lead-9"]) }
        await #expect(throws: ViewError.self) { try await customers.scan(["limit": 10_001]) }
    }

    @Test func `a bare key is an account's`() async throws {
        let customers = try await Customers(history)
        #expect(try await customers.customer("c") == customers.customer("account-c"))
        #expect(try await customers.customer("9") == nil)
        #expect(try await customers.customer("contact-1") == nil)
        #expect(try await customers.customer("") == nil)
    }

    @Test func `nothing recorded means nothing known`() async throws {
        let customers = try await Customers(History())
        #expect(try await customers.customer("42") == nil)
        #expect(try await customers.scan().rows.isEmpty)
        #expect(
            try await customers.report() == [
                "events": 0, "accounts": 0, "leads": ["open": 0, "converted": 0],
                "unattributed": ["events": 0, "counts": [:]],
            ])
    }
}
