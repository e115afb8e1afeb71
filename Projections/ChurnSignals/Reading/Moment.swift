import CivilTime
import EventModel
import ProjectionRuntime

/// The two coordinates of a question: what had happened by a day of a time zone, and what was known at a position.
struct Moment: Hashable, Sendable {
    /// The as-of day, counted from 1970-01-01; windows and ages end at it.
    let today: Int
    /// The newest position that was known.
    let position: UInt64
    /// Where the days begin.
    let zone: CivilZone
    /// The first time in milliseconds since 1970 that is too late on any day.
    private let bound: Int64
    /// The first time that is too late on the day.
    private let end: Int64

    /// The end of a day as known at a position; at any position without one.
    init(_ day: CivilDay, in zone: CivilZone = .utc, at position: UInt64 = .max, before bound: Int64 = .max) {
        today = day.daysSinceEpoch
        self.position = position
        self.zone = zone
        self.bound = bound
        end = min(zone.start(of: CivilDay(daysSinceEpoch: today + 1)), bound)
    }

    /// The same knowledge on another day.
    func onDay(_ day: Int) -> Moment {
        Moment(CivilDay(daysSinceEpoch: day), in: zone, at: position, before: bound)
    }

    /// Whether an event had happened by the end of the day, and was known.
    func includes(_ position: UInt64, _ time: Int64) -> Bool { position <= self.position && time < end }
}

extension CivilZone {
    /// The civil day of a time in milliseconds, counted from 1970-01-01.
    func dayNumber(of milliseconds: Int64) -> Int { day(of: milliseconds).daysSinceEpoch }
}
