import CRMEvents
import CanonicalJSON
import CloudEvents
import EventLog
import EventModel
import EventServer
import PersonalData
import SubjectKeys

/// What an event costs before the writer sees it.
///
/// Estimate: a line of 400 bytes at 500 MB/s parses in 0.8 us; the envelope, about ten texts, 0.3 us; checks and
/// terms, ten fields, 0.4 us; the record and its keys 0.3 us; together 2 us, 500,000 a second and core. The limit is
/// memory: 400 bytes at 10 GB/s are 0.04 us.
struct IntakeCosts {
    private let lines: [[UInt8]]
    private let log: EventLog
    private let keys: SubjectKeys

    init(_ lines: [[UInt8]], _ log: EventLog, _ keys: SubjectKeys) {
        self.lines = lines
        self.log = log
        self.keys = keys
    }

    func measure(_ table: Table) throws {
        var sum = 0
        try table.row("parse a line", count: lines.count) {
            for line in lines { sum += try JSONDocument(parsing: line).root.count }
        }
        try table.row("parse, canonicalise", count: lines.count) {
            for line in lines { sum += try JSONDocument(parsing: line).root.canonicalBytes.count }
        }
        try table.row("parse, check as CloudEvent", count: lines.count) {
            for line in lines {
                let document = try JSONDocument(parsing: line)
                sum += Int(try IncomingEnvelope(checking: document.cursor).schema)
            }
        }
        try table.row("the whole door, 100 lines a request", count: lines.count) {
            for start in stride(from: 0, to: lines.count, by: 100) {
                sum += try Self.requests(lines[start..<min(start + 100, lines.count)], for: log, keys).byteCount
            }
        }
        precondition(sum > 0, "the work was done")
    }

    /// The requests of some lines, as the server makes them.
    static func requests(_ lines: ArraySlice<[UInt8]>, for log: EventLog, _ keys: SubjectKeys) throws
        -> PreparedRequests
    {
        var requests = PreparedRequests(for: log)
        var intake = Intake(PersonalDoor(keys, log), CustomCatalog())
        requests.reserveCapacity(lineCount: lines.count, byteCount: lines.reduce(0) { $0 + $1.count })
        for line in lines { try intake.add(line: line, to: &requests) }
        return requests
    }
}
