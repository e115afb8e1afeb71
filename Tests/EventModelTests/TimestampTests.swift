import EventModel
import Foundation
import Testing

@Suite struct `A timestamp` {
    /// Values of GNU date: `date -u -d TEXT +%s%3N`.
    @Test(
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("2026-01-05T09:30:00.000Z", 1_767_605_400_000),
            ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T12:00:00.500Z", 951_825_600_500),
            ("0000-01-01T00:00:00.000Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func `is written and read as RFC 3339`(text: String, milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    /// The examples of RFC 3339, section 5.8, and other ways to say an instant.
    @Test(
        arguments: [
            ("1985-04-12T23:20:50.52Z", 482_196_050_520), ("1996-12-19T16:39:57-08:00", 851_042_397_000),
            ("1990-12-31T23:59:60Z", 662_688_000_000), ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
            ("1996-12-20t00:39:57z", 851_042_397_000), ("1996-12-20 00:39:57Z", 851_042_397_000),
            ("1970-01-01T00:00:00.1239999Z", 123), ("1970-01-01T00:00:00-00:00", 0),
        ] as [(String, Int64)])
    func `is read in every form of the RFC`(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(
        arguments: [
            "", "2026-01-05", "2026-01-05T09:30:00", "2026-01-05T09:30Z", "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-05T24:00:00Z",
            "2026-01-05T09:60:00Z", "2026-01-05T09:30:61Z", "2026-01-05T09:30:00.Z", "2026-01-05T09:30:00+1:00",
            "2026-01-05T09:30:00+24:00", "2026-01-05T09:30:00Z ", " 2026-01-05T09:30:00Z", "26-01-05T09:30:00Z",
            "2026-01-05T09:30:00,5Z", "2026-01-05T09:30:00+0100", "２026-01-05T09:30:00Z",
        ])
    func `is refused in any other`(text: String) { #expect(Timestamp(text) == nil) }

    @Test func `belongs to the civil day that contains it`() {
        #expect(Timestamp(milliseconds: -1).day.description == "1969-12-31")
        #expect(Timestamp(milliseconds: 86_399_999).day.description == "1970-01-01")
        #expect(Timestamp(milliseconds: 86_400_000).day.description == "1970-01-02")
    }
}

@Suite struct `A civil day` {
    /// Foundation's calendar is the judge, from 1600 to 2600.
    @Test func `agrees with the calendar of the system`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for number in stride(from: -135_140, through: 230_000, by: 89) {
            let day = CivilDay(daysSinceEpoch: number)
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(number) * 86_400))
            #expect(day.components.year == parts.year && day.components.month == parts.month)
            #expect(day.components.day == parts.day)
            let (year, month, dayOfMonth) = day.components
            #expect(CivilDay(year: year, month: month, day: dayOfMonth) == day)
            #expect(CivilDay(day.description) == day)
        }
    }

    @Test(arguments: [
        "2023-02-29", "1900-02-29", "2024-04-31", "2024-1-01", "2024-01-1", "20240101", "2024-01-01x", "",
    ])
    func `that the calendar does not have is none`(text: String) { #expect(CivilDay(text) == nil) }

    @Test func `keeps leap days`() {
        #expect(CivilDay("2024-02-29") != nil && CivilDay("2000-02-29") != nil)
    }
}

@Suite struct `A position signal` {
    @Test func `wakes who waits for what is there`() async {
        let signal = PositionSignal(end: Position(3))
        await signal.wait(for: Position(2), atMost: .seconds(60))
        async let waiting: Void = signal.wait(for: Position(5), atMost: .seconds(60))
        signal.advance(to: Position(5))
        signal.advance(to: Position(6))
        await waiting
        #expect(signal.end == Position(6))
    }

    @Test func `lets go when the time runs out, or the task is cancelled`() async {
        let signal = PositionSignal(end: .origin)
        await signal.wait(for: .origin, atMost: .milliseconds(10))
        let task = Task { await signal.wait(for: .origin, atMost: .seconds(600)) }
        task.cancel()
        await task.value
        #expect(signal.end == .origin)
    }

    @Test func `wakes everybody, however many and however they race`() async {
        let signal = PositionSignal(end: .origin)
        await withTaskGroup(of: Void.self) { group in
            for position in 0..<200 {
                group.addTask { await signal.wait(for: Position(UInt64(position)), atMost: .seconds(60)) }
            }
            for end in 1...200 { signal.advance(to: Position(UInt64(end))) }
            await group.waitForAll()
        }
    }
}
