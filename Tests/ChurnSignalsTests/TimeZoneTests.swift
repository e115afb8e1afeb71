import CanonicalJSON
import EventModel
import Foundation
import ProjectionRuntime
import Testing

/// Whether the tz database is installed; an image without it answers in UTC only.
private let hasZones = FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Asia/Shanghai")

@Suite(.enabled(if: hasZones, "there is no tz database")) struct `Churn in another time zone` {
    private let shanghai: JSON.Members = ["time_zone": "Asia/Shanghai", "fields": "own"]

    private func orders(at times: String...) async throws -> FoldedOrders {
        var log = OrderLog()
        for (index, time) in times.enumerated() { log.place("\(index)", by: "a", on: time, 100) }
        return try await FoldedOrders(log)
    }

    @Test func `counts the purchase days of the zone`() async throws {
        // 23:00 on January 31 and 01:00 on February 1 in Shanghai; one day in UTC.
        let view = try await orders(at: "2026-01-31T15:00:00Z", "2026-01-31T17:00:00Z")
        let utc = try #require(try view.customer("a", ["fields": "own"]))
        #expect(utc["order_days"] == 1 && utc["last_day"] == "2026-01-31" && utc["as_of_day"] == "2026-01-31")
        let row = try #require(try view.customer("a", .object(shanghai)))
        #expect(row["order_days"] == 2 && row["x"] == 1 && row["t_x_days"] == 1 && row["t_days"] == 1)
        #expect(row["first_day"] == "2026-01-31" && row["last_day"] == "2026-02-01")
        #expect(row["as_of_day"] == "2026-02-01")
        // And the other way around: 01:00 and 23:00 of February 1 in Shanghai are two days in UTC.
        let other = try await orders(at: "2026-01-31T17:00:00Z", "2026-02-01T15:00:00Z")
        #expect(try other.customer("a", ["fields": "own"])?["order_days"] == 2)
        #expect(try other.customer("a", .object(shanghai))?["order_days"] == 1)
    }

    @Test func `ends the as-of day where the zone does`() async throws {
        let view = try await orders(at: "2026-01-31T15:00:00Z", "2026-01-31T17:00:00Z")
        let january: JSON.Members = ["as_of_day": "2026-01-31"]
        #expect(try view.customer("a", .object(january))?["orders"] == 2)
        #expect(try view.customer("a", .object(january.merging(shanghai) { $1 }))?["orders"] == 1)
    }

    @Test func `names the zone in every report`() async throws {
        let view = try await orders(at: "2026-01-31T15:00:00Z")
        for kind in ["risk", "backtest", "satisfaction"] {
            let report = try view.report(["kind": .text(kind), "time_zone": "Asia/Shanghai"])
            #expect(report["time_zone"] == "Asia/Shanghai", "\(kind)")
        }
        #expect(throws: ViewError.self) { try view.report(["time_zone": "Mars/Phobos"]) }
    }
}
