import ArgumentParser
import EventModel

/// As known at which position, and of what had happened by when.
struct Bounds: ParsableArguments {
    @Option(help: "As known at this position: later events are left out.")
    var at: UInt64?

    @Option(help: "What had happened by then: RFC 3339, or a day (UTC), which is included. Later events are left out.")
    var asOf: String?

    var position: Position? { at.map { Position($0) } }

    func moment() throws -> Timestamp? {
        guard let asOf else { return nil }
        if let moment = Timestamp(asOf) { return moment }
        guard let day = CivilDay(asOf) else {
            throw ValidationError("--as-of takes an RFC 3339 date-time or a day such as 2025-06-30")
        }
        return Timestamp(milliseconds: CivilDay(daysSinceEpoch: day.daysSinceEpoch + 1).start.milliseconds - 1)
    }
}
