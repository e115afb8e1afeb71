import CanonicalJSON
import DemoCompany
import Testing

@Suite struct `The demo company` {
    private static let lines = DemoCompany().lines()

    @Test func `is the same for the same seed and another for another`() {
        #expect(DemoCompany().lines() == Self.lines)
        #expect(DemoCompany(seed: 2).lines() != Self.lines)
    }

    @Test func `has between 40,000 and 60,000 events in order of time, within its two years`() throws {
        #expect((40_000...60_000).contains(Self.lines.count))
        let times = try Self.lines.map { try #require(JSON(parsing: $0)["time"]?.text) }
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 >= "2024-01-01" && $0 < "2026-01-01" })
    }

    @Test func `uses every source and id once`() throws {
        let ids = try Self.lines.map { try #require(JSON(parsing: $0)["id"]?.text) }
        #expect(Set(ids).count == ids.count)
    }

    @Test func `has as many accounts as customers were asked for`() throws {
        for count in [1, 2, 7, 40] {
            let made = try DemoCompany(customerCount: count).lines().count {
                try JSON(parsing: $0)["type"]?.text == "account.created"
            }
            #expect(made == count)
        }
    }

    @Test func `shows customers who fall silent and customers who stay`() throws {
        var last: [String: String] = [:]
        for line in Self.lines {
            let event = try JSON(parsing: line)
            guard event["type"]?.text == "order.placed", let account = event["data"]?["account_id"]?.text else {
                continue
            }
            last[account] = event["time"]?.text
        }
        #expect(last.values.count { $0 < "2025-07-01" } >= 30)
        #expect(last.values.count { $0 >= "2025-11-15" } >= 90)
    }
}
