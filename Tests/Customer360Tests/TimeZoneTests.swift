import CanonicalJSON
import ProjectionRuntime
import Testing

/// Civil days of the zone that the question names (READ_MODELS.md section 0, "Periods").
@Suite struct `Days of a customer's page` {
    private static let zones: [(name: String, first: String, day: String)] = [
        ("UTC", "2026-01-05", "2026-04-05"), ("Asia/Shanghai", "2026-01-06", "2026-04-06"),
        ("America/Los_Angeles", "2026-01-05", "2026-04-05"),
    ]

    /// What happened on 2026-01-05 at 20:00 UTC, which is the 6th in Shanghai, seen 90 days later at 20:00 UTC.
    private var history: History {
        var history = History()
        let evening: Int64 = 20 * 60
        history.order("r1", of: "42", 100, minute: evening)
        history.ticket("t1", of: "42", "complaint", minute: evening)
        history.breach("t1", minute: evening)
        history.invoice("i1", of: "42", 100, due: "2026-04-05", minute: evening)
        history.contract("c1", of: "42", until: "2026-04-05", noticeDays: 0)
        history.visit("x", by: "account-42", minute: .days(60) + evening)
        history.visit("x", by: "account-42", minute: .days(90) + evening)
        return history
    }

    @Test(arguments: zones.map(\.name))
    func `are those of the time zone`(zone: String) async throws {
        let page = try #require(try await Customers(history).customer("42", ["time_zone": .text(zone)]))
        let isShanghai = zone == "Asia/Shanghai"
        // 90 days end with the 5th of April in UTC and begin with the 6th of January; in Shanghai all is a day later.
        #expect(page.at("commerce.first_order_date") == .text(isShanghai ? "2026-01-06" : "2026-01-05"))
        #expect(page.at("service.complaints_90d") == 0 && page.at("service.sla_breaches_90d") == 0)
        #expect(page.at("marketing.engagement_30d") == 1)
        // On the 5th the invoice is not yet late and the contract in force; on the 6th both are over.
        #expect(page.at("commerce.receivables.overdue_invoices") == (isShanghai ? 1 : 0))
        #expect(page.at("contracts.active") == (isShanghai ? 0 : 1))
    }

    @Test(arguments: [("UTC", 0), ("Asia/Shanghai", 1), ("Asia/Kathmandu", 1), ("America/Los_Angeles", 1)])
    func `decide what lies within the last 90`(zone: String, complaints: Int64) async throws {
        var history = History()
        // 18:15 UTC is midnight in Kathmandu. The 90 days that end with the 5th of April begin with the 6th of January;
        // in Los Angeles it is still the 4th when the question is asked.
        history.ticket("t1", of: "42", "complaint", minute: 18 * 60 + 15)
        history.visit("x", by: "account-42", minute: .days(90) + 60)
        let page = try #require(try await Customers(history).customer("42", ["time_zone": .text(zone)]))
        #expect(page.at("service.complaints_90d") == .integer(complaints), "\(zone)")
        let earlier = try await Customers(history).customer("42", ["time_zone": "Asia/Kolkata"])
        #expect(earlier?.at("service.complaints_90d") == 0)
    }

    @Test func `are named in the stamp, and no zone of that name is an error`() async throws {
        let answer = try await Customers(history).answer(.get("42"), ["time_zone": "Asia/Shanghai"])
        #expect(answer?["time_zone"] == "Asia/Shanghai")
        await #expect(throws: (any Error).self) {
            try await Customers(history).customer("42", ["time_zone": "Mars/Olympus"])
        }
    }
}
