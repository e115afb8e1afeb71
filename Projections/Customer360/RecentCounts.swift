import CivilTime
import EventModel
import ProjectionRuntime

/// How often something happened lately: what an answer about "the last 90 days" adds up.
///
/// Whoever asks says where the days begin, so counts are kept by quarters of an hour: since 1972 every zone's days
/// begin with one. What is so old that no later question can mean it is dropped: the as-of day of a question is that of
/// the newest event, so it is never before a day that stands here.
struct RecentCounts: RowValue, Equatable {
    struct Entry: Equatable, Sendable {
        /// Quarters of an hour since 1970 in UTC.
        let quarter: Int32
        var count: Int32
    }
    /// By time, ascending, none with the count 0.
    private(set) var entries: [Entry] = []

    private static let quarterMilliseconds: Int64 = 900_000
    private static let quartersPerDay: Int32 = 96

    init() {}

    /// Counts one more, or one less, at a time in milliseconds. `window` is the longest span that is ever asked for, in
    /// days.
    mutating func add(_ count: Int32 = 1, at time: Int64, window: Int32) {
        add(count, in: Int32(clamping: time.floorDivided(by: Self.quarterMilliseconds)), window: window)
    }

    private mutating func add(_ count: Int32, in quarter: Int32, window: Int32) {
        // A day more than the window: that many days of some zone, with an hour that its clocks went back.
        let span = (window &+ 1) &* Self.quartersPerDay
        var index = entries.count
        while index > 0, entries[index - 1].quarter >= quarter { index -= 1 }
        if index < entries.count, entries[index].quarter == quarter {
            entries[index].count &+= count
            if entries[index].count == 0 { entries.remove(at: index) }
            return
        }
        if let newest = entries.last?.quarter, quarter <= newest &- span { return }
        entries.insert(Entry(quarter: quarter, count: count), at: index)
        guard let newest = entries.last?.quarter, entries[0].quarter <= newest &- span else { return }
        entries.removeAll { $0.quarter <= newest &- span }
    }

    /// How often in the `window` days of a zone that end with `day`.
    func count(upTo day: Int32, in zone: CivilZone, window: Int32) -> Int64 {
        guard !entries.isEmpty else { return 0 }
        let first = zone.start(of: CivilDay(daysSinceEpoch: Int(day) - Int(window) + 1))
        let end = zone.start(of: CivilDay(daysSinceEpoch: Int(day) + 1))
        return entries.reduce(0) { sum, entry in
            let time = Int64(entry.quarter) * Self.quarterMilliseconds
            return time >= first && time < end ? sum &+ Int64(entry.count) : sum
        }
    }

    mutating func add(_ other: RecentCounts, window: Int32) {
        for entry in other.entries { add(entry.count, in: entry.quarter, window: window) }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(entries) { encoder, entry in
            encoder.integer(Int64(entry.quarter))
            encoder.integer(Int64(entry.count))
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        entries = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Entry in
            Entry(quarter: Int32(clamping: try decoder.integer()), count: Int32(clamping: try decoder.integer()))
        }
    }
}

extension CivilZone {
    /// The civil day of a time in milliseconds, counted from 1970-01-01.
    func dayNumber(of milliseconds: Int64) -> Int32 { Int32(clamping: day(of: milliseconds).daysSinceEpoch) }
}
