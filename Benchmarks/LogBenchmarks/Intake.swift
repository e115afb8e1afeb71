import CRMEvents
import CanonicalJSON
import CloudEvents
import EventModel

/// What an event costs before the writer sees it.
///
/// Estimate: a line of 400 bytes at 400 MB/s parses in 1 us; the envelope, about ten texts, 1 us; checks and
/// terms, ten fields, 1 us; together 3 us, 330,000 a second and core. The limit is memory: 400 bytes at
/// 10 GB/s are 0.04 us.
struct Intake {
    private let lines: [[UInt8]]

    init(_ lines: [[UInt8]]) { self.lines = lines }

    func measure(_ table: Table) throws {
        var sum = 0
        try table.row("parse a line", count: lines.count) {
            for line in lines { sum += try JSONDocument(parsing: line).root.count }
        }
        try table.row("parse, canonicalise", count: lines.count) {
            for line in lines { sum += try JSONDocument(parsing: line).root.canonicalBytes.count }
        }
        try table.row("parse, read as CloudEvent", count: lines.count) {
            for line in lines { sum += try CloudEvent.read(JSONDocument(parsing: line).root).content.data.count }
        }
        try table.row("parse, read, check against the catalog", count: lines.count) {
            for line in lines { sum += try Intake.proposal(line).events.count }
        }
        precondition(sum > 0, "the work was done")
    }

    /// The append that a line asks for.
    static func proposal(_ line: [UInt8]) throws -> StreamAppend {
        let document = try JSONDocument(parsing: line)
        let incoming = try CloudEvent.read(document.root)
        let data = try incoming.data ?? JSONDocument(parsing: EventContent.emptyObject).root
        let terms = try Catalog.standard.check(
            type: incoming.content.type, schema: incoming.content.schema, stream: incoming.stream, data: data)
        return StreamAppend(
            [ProposedEvent(incoming.content, time: incoming.time, terms: terms)], to: incoming.stream, expecting: .any)
    }
}
