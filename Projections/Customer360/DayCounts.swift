import ProjectionRuntime

/// How often something happened on each of the last days: what an answer about "the last 90 days" adds up.
///
/// Days so old that no later question can mean them are dropped: the as-of day of a question is that of the newest
/// event, so it is never before a day that stands here.
struct DayCounts: RowValue, Equatable {
    struct Entry: Equatable, Sendable {
        /// Days since 1970-01-01.
        let day: Int32
        var count: Int32
    }
    /// By day, ascending, none with the count 0.
    private(set) var entries: [Entry] = []

    init() {}

    /// Counts one more, or one less, on a day. `window` is the longest span that is ever asked for, in days.
    mutating func add(_ count: Int32 = 1, on day: Int32, window: Int32) {
        var index = entries.count
        while index > 0, entries[index - 1].day >= day { index -= 1 }
        if index < entries.count, entries[index].day == day {
            entries[index].count &+= count
            if entries[index].count == 0 { entries.remove(at: index) }
            return
        }
        if let newest = entries.last?.day, day <= newest &- window { return }
        entries.insert(Entry(day: day, count: count), at: index)
        guard let newest = entries.last?.day, entries[0].day <= newest &- window else { return }
        entries.removeAll { $0.day <= newest &- window }
    }

    /// How often in the `window` days that end with `day`.
    func count(upTo day: Int32, window: Int32) -> Int64 {
        entries.reduce(0) { $1.day > day &- window && $1.day <= day ? $0 &+ Int64($1.count) : $0 }
    }

    mutating func add(_ other: DayCounts, window: Int32) {
        for entry in other.entries { add(entry.count, on: entry.day, window: window) }
    }

    /// The civil day of a time in UTC.
    static func day(_ milliseconds: Int64) -> Int32 {
        let day = milliseconds / 86_400_000
        return Int32(clamping: milliseconds < 0 && day * 86_400_000 != milliseconds ? day - 1 : day)
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(entries) { encoder, entry in
            encoder.integer(Int64(entry.day))
            encoder.integer(Int64(entry.count))
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        entries = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Entry in
            Entry(day: Int32(clamping: try decoder.integer()), count: Int32(clamping: try decoder.integer()))
        }
    }
}
