import CanonicalJSON
import EventModel

/// Instants of the demo, in milliseconds since the epoch.
enum DemoTime {
    /// 2024-01-01T00:00:00Z.
    static let start: Int64 = 1_704_067_200_000
    /// 2026-01-01T00:00:00Z; no event has this time or a later one.
    static let end: Int64 = 1_767_225_600_000
    static let minute: Int64 = 60_000
    static let day = Timestamp.millisecondsPerDay
    static let dayCount = Int((end - start) / day)
}

/// Collects the events of all streams and puts them in order of time.
///
/// An event past the end of the demo is dropped. Whatever follows it in its stream is later still, so what remains of
/// a stream is a legal beginning.
struct Journal {
    private var entries: [(time: Int64, event: JSON)] = []
    private var counts: [String: Int] = [:]
    private var lastTimes: [String: Int64] = [:]

    /// Records an event and returns its id: the stream with the number of the event in it. Empty past the end.
    @discardableResult
    mutating func record(_ type: String, in stream: String, at time: Int64, _ data: JSON.Members) -> String {
        guard time < DemoTime.end else { return "" }
        let number = (counts[stream] ?? 0) + 1
        counts[stream] = number
        lastTimes[stream] = max(lastTimes[stream] ?? time, time)
        let id = "\(stream).\(number)"
        entries.append(
            (
                time,
                .object([
                    "specversion": "1.0", "source": "/demo", "id": .text(id), "type": .text(type),
                    "subject": .text(stream), "time": .text(Timestamp(milliseconds: time).description),
                    "data": .object(data),
                ])
            ))
        return id
    }

    /// The time of a stream's newest event; the beginning of the demo for a stream without one.
    func lastTime(in stream: String) -> Int64 { lastTimes[stream] ?? DemoTime.start }

    /// The events as canonical lines without line feeds, by time; equal times keep the order of recording.
    func lines() -> [[UInt8]] {
        entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map { $0.element.event.canonicalBytes }
    }
}
