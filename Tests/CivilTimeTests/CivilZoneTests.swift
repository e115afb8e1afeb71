import EventModel
import EventTestKit
import Foundation
import SeededRandom
import Testing

@testable import CivilTime

/// Whether the tz database is installed; an image without it answers in UTC only.
private let hasZones = FileManager.default.fileExists(atPath: CivilZone.directory + "/Europe/Berlin")

/// The expected moments are those of Python's `zoneinfo` over tzdata 2025b, found by looking for the first quarter of
/// an hour whose local date is not before the day.
@Suite(.enabled(if: hasZones, "there is no tz database")) struct `The days of a time zone` {
    @Test(
        arguments: [
            ("Asia/Shanghai", "2026-01-01", 1_767_196_800),
            ("Asia/Shanghai", "1988-07-01", 583_686_000),  // summer time
            ("Europe/Berlin", "2026-03-29", 1_774_738_800),  // 23 hours
            ("Europe/Berlin", "2026-03-30", 1_774_821_600),
            ("Europe/Berlin", "2026-10-25", 1_792_879_200),  // 25 hours
            ("Europe/Berlin", "2026-10-26", 1_792_969_200),
            ("Europe/Berlin", "2050-07-01", 2_540_239_200),  // by the rule
            ("America/New_York", "2045-03-13", 2_372_990_400),
            ("America/Sao_Paulo", "2018-11-04", 1_541_300_400),  // midnight was skipped
            ("America/Havana", "2025-11-02", 1_762_056_000),  // midnight came twice
            ("Asia/Kathmandu", "2026-01-01", 1_767_204_900), ("Pacific/Apia", "2011-12-31", 1_325_239_200),
            ("Africa/Casablanca", "2026-03-01", 1_772_323_200), ("Australia/Lord_Howe", "2026-04-06", 1_775_395_800),
            ("America/Godthab", "2024-03-31", 1_711_846_800), ("Asia/Gaza", "2023-04-29", 1_682_719_200),
        ] as [(String, String, Int64)])
    func `begin where the local date does`(name: String, day: String, seconds: Int64) throws {
        let zone = try #require(CivilZone(named: name))
        #expect(zone.start(of: try #require(CivilDay(day))) == seconds * 1000)
    }

    @Test(
        arguments: [
            ("Asia/Shanghai", 308_988_365), ("Europe/Berlin", 236_160_535), ("America/Sao_Paulo", 772_946_592),
            ("America/Havana", 94_118_558), ("America/St_Johns", 441_272_763), ("Australia/Lord_Howe", 644_306_095),
            ("Pacific/Apia", 328_261_636), ("Asia/Tehran", 124_875_720), ("Africa/Cairo", 262_355_622),
        ] as [(String, Int64)])
    func `begin there on every day from 1975 to 2023`(name: String, digest: Int64) throws {
        let zone = try #require(CivilZone(named: name))
        let first = try #require(CivilDay("1975-01-01")).daysSinceEpoch
        let end = try #require(CivilDay("2024-01-01")).daysSinceEpoch
        var found: Int64 = 0
        for day in first..<end {
            let start = zone.start(of: CivilDay(daysSinceEpoch: day))
            found = (found * 31 + start / 1000) % 1_000_000_007
            // Apia had no 2011-12-30: that day begins where the next one does.
            if name != "Pacific/Apia" { #expect(zone.day(of: start).daysSinceEpoch == day) }
        }
        #expect(found == digest)
    }

    @Test func `are named as the tz database names them`() throws {
        #expect(CivilZone(named: "UTC") == .utc && CivilZone.utc.release == nil)
        #expect(CivilZone(named: "Europe/Berlin")?.release?.count == 5)
        #expect(CivilZone(named: "Asia/Shanghai")?.month(of: 1_767_196_800_000) == "2026-01")
        #expect(CivilZone.utc.month(of: 1_767_196_800_000) == "2025-12")
        for name in ["", "Nowhere/Land", "/etc/passwd", "../zoneinfo/UTC", "Europe", "a b", "tzdata.zi"] {
            #expect(CivilZone(named: name) == nil, "\(name)")
        }
    }
}

@Suite struct `The rule of a zone` {
    private func offset(_ rule: String, _ time: String) throws -> Int64 {
        let moment = try #require(Timestamp(time)).milliseconds / 1000
        return try #require(ZoneRule(rule)).offset(at: moment)
    }

    @Test func `turns the clock as POSIX says`() throws {
        // RFC 9636 appendix B and the manual page tzset(3): Berlin, New Zealand, half an hour in Lord Howe, J and n.
        #expect(try offset("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z") == 3600)
        #expect(try offset("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z") == 7200)
        #expect(try offset("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59Z") == 7200)
        #expect(try offset("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00Z") == 3600)
        #expect(try offset("NZST-12:00:00NZDT-13:00:00,M10.1.0,M3.3.0", "2026-01-01T00:00:00Z") == 46_800)
        #expect(try offset("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-07-01T00:00:00Z") == 37_800)
        #expect(try offset("XXX3YYY,J60/0,J300/0", "2024-03-01T02:59:59Z") == -10_800)
        #expect(try offset("XXX3YYY,J60/0,J300/0", "2024-03-01T03:00:00Z") == -7200)
        #expect(try offset("XXX3YYY,59/0,300/0", "2024-02-29T03:00:00Z") == -7200)
        #expect(try offset("UTC0", "2024-02-29T03:00:00Z") == 0)
    }

    @Test(arguments: ["", "C", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M1.1.0", "<+1", "CET-1,x"])
    func `is not any text`(text: String) {
        #expect(ZoneRule(text) == nil)
    }

    @Test func `ends no process with a damaged file`() throws {
        #expect(ZoneFile([]) == nil && ZoneFile(Array("TZif2".utf8)) == nil)
        guard hasZones else { return }
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: CivilZone.directory + "/Europe/Berlin")))
        for count in stride(from: 0, to: bytes.count, by: 7) { _ = ZoneFile(Array(bytes.prefix(count))) }
        var random = SplitMix64(seed: 5)
        for _ in 0..<2000 {
            var damaged = bytes
            damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            _ = ZoneFile(damaged)
        }
    }
}
