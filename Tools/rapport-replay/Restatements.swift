import ArgumentParser
import CanonicalJSON
import CivilTime
import EventLog
import EventModel
import Presentation
import ProjectionRuntime

/// `rapport-replay restatements`.
struct Restatements: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists what reached a period after it was closed: why its figures have changed since.",
        discussion: """
            An event counts for the period in which it happened (time), but may be
            recorded long after. The period is closed at the newest position that was
            recorded before its end and the grace; as first reported is '--at' that
            position, as now known is without. What lies between them is listed: events
            that happened in the period and stand behind that position. --from is part of
            the period, --to is not; both are days of --time-zone or RFC 3339.

              restatements --from 2025-01-01 --to 2025-02-01
                --time-zone Asia/Shanghai   whose days they are
                --grace-days 5              the books close on the 5th
                --closed-at 48211           as it was reported then
                --json                      the summary, then an event a line
            """)

    @OptionGroup var options: DataOptions

    @Option(name: .customLong("from"), help: "The first moment of the period.", transform: parsedMoment)
    var first: Moment

    @Option(name: .customLong("to"), help: "The first moment after it.", transform: parsedMoment)
    var end: Moment

    @Option(help: "Where days begin: UTC, or a name of the tz database.", transform: parsedZone)
    var timeZone: CivilZone = .utc

    @Option(help: "Days after the period's end until it is closed.")
    var graceDays: Int64 = 0

    @Option(help: "The newest position that the report of the period knew, instead of the grace.")
    var closedAt: UInt64?

    @Option(help: "Events to list at most, without --json.")
    var limit = 100

    private static let graceDaysMax: Int64 = 36_500

    func run() async throws {
        guard from < to, (0...Self.graceDaysMax).contains(graceDays) else {
            throw ValidationError("--from lies before --to, and --grace-days is 0 to \(Self.graceDaysMax)")
        }
        let log = try options.openLog()
        defer { log.close() }
        if let closedAt, closedAt >= log.end.index {
            throw failure(ViewError.pastEnd(Position(closedAt), end: log.end))
        }
        do throws(ReadError) {
            let first = try firstPositionAfterClose(log)
            let counts = try counts(log, from: first)
            if options.json { print(summary(log, first, counts).canonicalText) } else { tell(log, first, counts) }
            try list(log, from: first)
        } catch {
            throw failure(error)
        }
    }

    /// When the period is closed.
    private var close: Timestamp {
        Timestamp(milliseconds: to.milliseconds + graceDays * Timestamp.millisecondsPerDay)
    }

    /// The first position that the report of the closed period could not know.
    private func firstPositionAfterClose(_ log: EventLog) throws(ReadError) -> Position {
        if let closedAt { return Position(closedAt).next }
        var request = ReadRequest(.all, count: 1)
        request.recorded = TimeRange(from: close)
        return try log.read(request).first?.position ?? log.end
    }

    private func counts(_ log: EventLog, from first: Position) throws(ReadError) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        try forEachRestatement(log, from: first) { event in
            counts[event.content.type, default: 0] += 1
            return true
        }
        return counts
    }

    private func list(_ log: EventLog, from first: Position) throws(ReadError) {
        var left = options.json ? Int.max : limit
        guard left > 0 else { return }
        try forEachRestatement(log, from: first) { event in
            print(options.json ? Self.json(event).canonicalText : EventText.line(for: event, width: 120))
            left -= 1
            return left > 0
        }
    }

    private func forEachRestatement(
        _ log: EventLog, from first: Position, _ body: (RecordedEvent) -> Bool
    ) throws(ReadError) {
        let (period, end) = (TimeRange(from: from, until: to), log.end)
        var next = first
        let progress = Progress("restatements")
        defer { progress.end() }
        while next < end {
            let events = try log.events(from: next, count: 4096)
            guard let last = events.last else { return }
            for event in events where period.contains(event.time) {
                guard body(event) else { return }
            }
            next = last.position.next
            progress.show(next, end)
        }
    }

    private func tell(_ log: EventLog, _ first: Position, _ counts: [String: Int64]) {
        print("period     \(from) to \(to), the end not included; days of \(timeZone.name)")
        print("closed at  " + (first == .origin ? "no position: nothing was recorded before" : "\(first.index - 1)"))
        print("known now  " + (log.end == .origin ? "nothing" : "\(log.end.index - 1)"))
        print("restated   \(counts.values.reduce(0, +)) events")
        for (type, count) in Self.sorted(counts) { print("           \(count)  \(type)") }
    }

    private func summary(_ log: EventLog, _ first: Position, _ counts: [String: Int64]) -> JSON {
        [
            "from": .text(from.description), "to": .text(to.description), "time_zone": .text(timeZone.name),
            "tz_data": .from(timeZone.release),
            "closed_at": first == .origin ? nil : .integer(Int64(clamping: first.index) - 1),
            "position": log.end == .origin ? nil : .integer(Int64(clamping: log.end.index) - 1),
            "events": .integer(counts.values.reduce(0, +)),
            "types": .array(Self.sorted(counts).map { ["type": .text($0.key), "events": .integer($0.value)] }),
        ]
    }

    private static func sorted(_ counts: [String: Int64]) -> [(key: String, value: Int64)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    }

    private static func json(_ event: RecordedEvent) -> JSON {
        [
            "position": .integer(Int64(clamping: event.position.index)), "stream": .text(event.stream.text),
            "type": .text(event.content.type), "source": .text(event.content.key.source),
            "id": .text(event.content.key.id), "time": .text(event.time.description),
            "recorded": .text(event.recorded.description), "actor": .text(event.content.actor),
            "data": (try? JSON(parsing: event.content.data)) ?? nil,
        ]
    }

    /// A moment as it is named on the command line.
    enum Moment {
        case instant(Timestamp)
        /// The beginning of a day, wherever that is.
        case day(CivilDay)

        func time(in zone: CivilZone) -> Timestamp {
            switch self {
            case .instant(let time): time
            case .day(let day): Timestamp(milliseconds: zone.start(of: day))
            }
        }
    }

    private var from: Timestamp { first.time(in: timeZone) }
    private var to: Timestamp { end.time(in: timeZone) }

    private static func parsedMoment(_ text: String) throws -> Moment {
        if let day = CivilDay(text) { return .day(day) }
        guard let time = Timestamp(text) else {
            throw ValidationError("a moment is a day such as 2025-01-01, or RFC 3339")
        }
        return .instant(time)
    }

    private static func parsedZone(_ name: String) throws -> CivilZone {
        guard let zone = CivilZone(named: name) else {
            throw ValidationError("a time zone is UTC, or a name such as Asia/Shanghai (package tzdata)")
        }
        return zone
    }
}
