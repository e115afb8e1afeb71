import CanonicalJSON
import EventModel
import Foundation
import ProjectionRuntime
import Testing

@testable import SalesFunnel

/// Whether the tz database is installed; an image without it answers in UTC only.
private let hasZones = FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Europe/Berlin")

@Suite(.enabled(if: hasZones, "there is no tz database")) struct `The days of a time zone` {
    @Test func `bound the periods and months of a report`() throws {
        // 2026-01-31 17:00 in UTC is February in Shanghai, and 22:30 in UTC is still January in Berlin.
        let evening = try #require(Timestamp("2026-01-31T17:00:00Z")).milliseconds
        let night = try #require(Timestamp("2026-01-31T22:30:00Z")).milliseconds
        let deals = [deal(opened: evening), deal(opened: night)]
        func months(_ zone: String) throws -> [String] {
            try report(["report": "deals", "group_by": "month", "time_zone": .text(zone)], over: deals)
                .groups("deals", "opened")
        }
        #expect(try months("UTC") == ["2026-01 2"])
        #expect(try months("Europe/Berlin") == ["2026-01 2"])
        #expect(try months("Asia/Shanghai") == ["2026-02 2"])
        let day = try report(
            ["report": "deals", "from": "2026-01-31", "to": "2026-02-01", "time_zone": "Europe/Berlin"], over: deals)
        #expect(day.at("deals", "opened") == 2 && day["time_zone"] == "Europe/Berlin")
        let shanghai = try report(
            ["report": "deals", "as_of": "2026-01-31", "time_zone": "Asia/Shanghai"], over: deals)
        #expect(shanghai.at("deals", "opened") == 0)
    }
}
