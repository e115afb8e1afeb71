import CRMEvents
import EventModel
import Foundation
import SeededRandom
import SQLProjections
import SQLite
import Synchronization

/// A log in memory, which can break at a position.
struct ListedEvents: EventSource {
    var identity = "0123456789abcdef0123456789abcdef"
    var events: [RecordedEvent]
    var breaksAt: Position?

    var end: Position { Position(UInt64(events.count)) }

    func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
        let range = Int(position.index)..<min(Int(position.index) + count, events.count)
        if let breaksAt, range.contains(Int(breaksAt.index)) { throw .corruptRecord(at: breaksAt, why: "as told") }
        return Array(events[range])
    }

    func waitForEvent(at position: Position, atMost time: Duration) async {}

    /// The same log when it had fewer events.
    func truncated(to count: Int) -> ListedEvents {
        ListedEvents(identity: identity, events: Array(events.prefix(count)))
    }
}

/// An event at the next position.
func event(
    _ position: Int, _ type: String, in stream: String, _ data: String, time: Int64 = 0, reason: String = ""
) throws -> RecordedEvent {
    RecordedEvent(
        position: Position(UInt64(position)), stream: try StreamName(stream), revision: Revision(0),
        time: Timestamp(milliseconds: time), recorded: Timestamp(milliseconds: time),
        content: EventContent(
            type: type, key: EventKey(source: "/test", id: "e\(position)"), reason: reason, data: Array(data.utf8)))
}

func projection(_ text: String) throws -> SQLProjection {
    try SQLProjection(parsing: text, types: Catalog.standard.types.map(\.name))
}

/// A projection that counts and adds, so that an event that is folded twice or not at all shows.
let totals = """
    -- projection: totals
    -- version: 1
    -- tables
    CREATE TABLE totals (account TEXT PRIMARY KEY, orders INTEGER NOT NULL, total INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE seen (position INTEGER PRIMARY KEY, day TEXT);
    -- on order.placed
    INSERT INTO totals VALUES (:account, 1, :data ->> 'total')
    ON CONFLICT DO UPDATE SET orders = orders + 1, total = total + excluded.total;
    -- on *
    INSERT INTO seen VALUES (:position, :day);
    """

/// Orders of a few accounts, with times that go back now and then.
func orders(_ count: Int, seed: UInt64) throws -> ListedEvents {
    var random = SplitMix64(seed: seed)
    var time: Int64 = 1_700_000_000_000
    return ListedEvents(
        events: try (0..<count).map { position in
            time += Int64.random(in: -3_600_000...7_200_000, using: &random)
            let account = Int.random(in: 1...5, using: &random)
            let total = Int.random(in: 1...99_999, using: &random)
            return try event(
                position, "order.placed", in: "order-\(position)",
                #"{"account_id":"\#(account)","currency":"CNY","lines":[],"number":"n","#
                    + #""order_id":"\#(position)","placed_at":\#(time),"total":\#(total)}"#, time: time)
        })
}

/// Everything in a file, table by table.
func dump(_ path: String) throws -> [String] {
    let connection = try Connection(at: path, .readOnly)
    let tables = try connection.prepare("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    var lines: [String] = []
    while try tables.step() {
        guard let name = tables[0].text else { continue }
        lines.append("\(tables[1])")
        let rows = try connection.prepare("SELECT * FROM \"\(name)\" ORDER BY 1")
        while try rows.step() {
            lines.append(rows.columns.indices.map { "\(rows[$0])" }.joined(separator: "|"))
        }
    }
    return lines
}

/// Lends an empty directory to the body and removes it afterwards.
func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("rapport-fold-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory.path)
}
