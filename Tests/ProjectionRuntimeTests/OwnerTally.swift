import CRMEvents
import CanonicalJSON
import EventModel
import EventTestKit
import ProjectionRuntime
import SeededRandom
import Synchronization

/// An account's owner and how often it was touched.
struct AccountRow: RowValue, Hashable {
    var eventCount: Int64 = 0
    var ownerID: String?
    var tiers: [String] = []

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(eventCount)
        encoder.optionalText(ownerID)
        encoder.list(tiers) { $0.text($1) }
    }

    init() {}

    init(from decoder: inout RowDecoder) throws(RowError) {
        eventCount = try decoder.integer()
        ownerID = try decoder.optionalText()
        tiers = try decoder.list { row throws(RowError) in try row.text() }
    }
}

/// An owner's account: a key of two parts.
struct HoldingKey: RowKey {
    var ownerID: String
    var account: String

    init(ownerID: String, account: String) {
        self.ownerID = ownerID
        self.account = account
    }

    func encode(to encoder: inout KeyEncoder) {
        encoder.text(ownerID)
        encoder.text(account)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        ownerID = try decoder.text()
        account = try decoder.text()
    }
}

/// Since when, by position.
struct SinceRow: RowValue, Hashable {
    var position: Int64

    init(position: Int64) { self.position = position }
    func encode(to encoder: inout RowEncoder) { encoder.integer(position) }
    init(from decoder: inout RowDecoder) throws(RowError) { position = try decoder.integer() }
}

/// How many, summed up over partitions.
struct CountRow: SumRow {
    var count: Int64 = 0

    init() {}
    static func += (sum: inout CountRow, other: CountRow) { sum.count &+= other.count }
    func encode(to encoder: inout RowEncoder) { encoder.integer(count) }
    init(from decoder: inout RowDecoder) throws(RowError) { count = try decoder.integer() }
}

/// The smallest projection that counts, replaces and deletes: exactly what a double or lost event would upset.
final class OwnerTally: ReadModel {
    static let name = "owner-tally"
    static let version: UInt32 = 3
    static let handles: Set<EventGroup> = [.account]
    static let accounts = TableName<String, AccountRow>("accounts")
    static let holdings = TableName<HoldingKey, SinceRow>("holdings")
    static let owners = TableName<String, CountRow>("owners")

    private let accounts: Table<String, AccountRow>
    private let holdings: Table<HoldingKey, SinceRow>
    /// Accounts that each owner has now: sums over accounts of all partitions.
    private let owners: Sums<String, CountRow>

    init(tables: TableSet) {
        accounts = tables.open(Self.accounts)
        holdings = tables.open(Self.holdings)
        owners = tables.openSums(Self.owners)
    }

    static func entity(of event: CRMEvent) -> EntityKey { EntityKey(event.stream.text) }

    func apply(_ event: CRMEvent) {
        guard case .account(let body) = event.body else { return }
        let account = String(event.stream.id)
        accounts.update(account, orInsert: AccountRow()) { row in
            row.eventCount += 1
            switch body {
            case .ownerAssigned(let assigned):
                if let old = row.ownerID {
                    holdings[HoldingKey(ownerID: old, account: account)] = nil
                    owners.add(to: old) { $0.count -= 1 }
                }
                owners.add(to: assigned.ownerID) { $0.count += 1 }
                row.ownerID = assigned.ownerID
                holdings[HoldingKey(ownerID: assigned.ownerID, account: account)] = SinceRow(
                    position: Int64(event.position.index))
            case .classified(let classified): row.tiers.append(classified.value)
            case .created, .updated: break
            }
            if row.tiers.count > 3 { row.tiers.removeFirst() }
        }
    }

    static func get(
        _ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow()
        return try snapshot.row(accounts, key).map { ["events": .integer($0.eventCount), "owner": .from($0.ownerID)] }
    }

    static func scan(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> ViewPage {
        try parameters.allow("from", "limit")
        let limit = try parameters.limit(default: 10, max: 100)
        var page = ViewPage(rows: [], next: nil)
        try snapshot.forEach(accounts, from: try parameters.text("from")) { key, row throws(ViewError) in
            guard page.rows.count < limit else {
                page.next = key
                return false
            }
            page.rows.append(["account": .text(key), "events": .integer(row.eventCount)])
            return true
        }
        return page
    }

    static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        try parameters.allow()
        var count: Int64 = 0
        try snapshot.forEach(accounts) { _, row throws(ViewError) in
            count += row.eventCount
            return true
        }
        return ["events": .integer(count)]
    }
}

/// Events in memory, handed out as a log would.
final class ScriptedSource: EventSource {
    let identity: String
    private let script: [RecordedEvent]
    private let signal: PositionSignal
    private let readings = Mutex<[Position]>([])
    private let whenRead: (position: Position, visibleCount: Int)?

    /// A source that shows the first events of a script, all by default; and more when it is read from a position on.
    init(
        _ script: [RecordedEvent], visibleCount: Int? = nil, whenRead: (position: Position, visibleCount: Int)? = nil,
        identity: String = "a log"
    ) {
        self.identity = identity
        self.script = script
        self.whenRead = whenRead
        signal = PositionSignal(end: Position(UInt64(visibleCount ?? script.count)))
    }

    var end: Position { signal.end }

    /// Shows more of the script.
    func show(_ count: Int) { signal.advance(to: Position(UInt64(count))) }

    /// From where it was read, in order.
    var reads: [Position] { readings.withLock { $0 } }

    func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
        readings.withLock { $0.append(position) }
        if let whenRead, position == whenRead.position { show(whenRead.visibleCount) }
        let start = min(Int(position.index), Int(end.index))
        return Array(script[start..<min(start + count, Int(end.index))])
    }

    func waitForEvent(at position: Position, atMost time: Duration) async {
        await signal.wait(for: position, atMost: time)
    }
}

extension ScriptedSource {
    /// A drawn history of assignments and classifications over a few accounts; time runs unevenly, one second
    /// per event on average, and now and then back.
    static func history(eventCount: Int, seed: UInt64) -> [RecordedEvent] {
        var random = SplitMix64(seed: seed)
        var counts: [StreamName: UInt64] = [:]
        return (0..<eventCount).map { index in
            let stream = StreamName.account("a\(Int.random(in: 0..<17, using: &random))")
            let proposal =
                Int.random(in: 0..<3, using: &random) == 0
                ? Proposal.classified(as: "t\(Int.random(in: 0..<9, using: &random))", id: "e\(index)")
                : Proposal.assigned(to: "u\(Int.random(in: 0..<5, using: &random))", id: "e\(index)")
            defer { counts[stream, default: 0] += 1 }
            let time = Int64(index) * 1000 + Int64.random(in: -5000...5000, using: &random)
            return RecordedEvent(
                position: Position(UInt64(index)), stream: stream, revision: Revision(counts[stream, default: 0]),
                time: Timestamp(milliseconds: time), recorded: Timestamp(milliseconds: Int64(index) * 1000),
                content: proposal.content)
        }
    }
}
