import ArgumentParser
import CanonicalJSON
import EventLog
import EventModel

/// `rapport-replay violations`.
struct Violations: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the events that the lifecycle of their stream does not allow.",
        discussion: """
            LOG.INGEST without 'expect' records what has happened elsewhere, legal here or
            not. This replays the log and lists what was recorded against the rules:
            where, in which state, and what was legal there. Nothing is damaged by such
            events: the state of the stream has followed them.

              rapport-replay violations
              rapport-replay violations --json > violations.ndjson
            """)

    @OptionGroup var options: DataOptions

    func run() throws {
        let log = try options.openLog()
        defer { log.close() }
        let progress = Progress("violations")
        var count = 0
        do throws(ReadError) {
            try log.forEachViolation(progress: { progress.show($0, $1) }) { violation in
                count += 1
                print(options.json ? Self.json(violation).canonicalText : Self.text(violation))
            }
        } catch {
            progress.end()
            throw failure(error)
        }
        progress.end()
        if !options.json { print("\(log.end) events, \(count) against the lifecycle of their stream") }
    }

    private static func text(_ violation: RecordedViolation) -> String {
        let transition = violation.transition
        return "\(violation.position)  \(violation.stream)  in '\(transition.state)': \(transition.attempted). "
            + transition.advice
    }

    private static func json(_ violation: RecordedViolation) -> JSON {
        [
            "position": .integer(Int64(violation.position.index)), "stream": .text(violation.stream.text),
            "state": .text(violation.transition.state), "attempted": .text(violation.transition.attempted),
            "legal": .array(violation.transition.legal.map { .text($0) }),
        ]
    }
}
