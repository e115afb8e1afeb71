import EventModel

/// The two coordinates of a question: what had happened by a day, and what was known at a position.
struct Moment: Hashable, Sendable {
    /// The as-of day, counted from 1970-01-01; windows and ages end at it.
    var today: Int
    /// The newest position that was known.
    var position: UInt64

    /// The end of a day as known at a position; at any position without one.
    init(_ day: CivilDay, at position: UInt64 = .max) {
        today = day.daysSinceEpoch
        self.position = position
    }

    /// The same knowledge on another day.
    func onDay(_ day: Int) -> Moment {
        var moment = self
        moment.today = day
        return moment
    }

    /// Whether an event had happened by the end of the day, and was known.
    func includes(_ position: UInt64, _ time: Int64) -> Bool {
        position <= self.position && time < (Int64(today) + 1) * Timestamp.millisecondsPerDay
    }
}
