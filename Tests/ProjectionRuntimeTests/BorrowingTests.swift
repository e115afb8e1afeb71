import CRMEvents
import CanonicalJSON
import EventModel
import EventTestKit
import Foundation
import SeededRandom
import Testing

@testable import ProjectionRuntime

/// Who owned each account when: rows that keep their history.
private final class OwnerHistory: ReadModel {
    static let name = "owner-history"
    static let version: UInt32 = 1
    static let handles: Set<EventGroup> = [.account]
    static let keepsHistory = true
    static let steps = TableName<StepKey, OwnerStep>("steps")

    private let steps: Table<StepKey, OwnerStep>

    init(tables: TableSet) { steps = tables.open(Self.steps) }

    static func entity(of event: CRMEvent) -> EntityKey { EntityKey(event.stream.text) }

    func apply(_ event: CRMEvent) {
        guard case .account(.ownerAssigned(let assigned)) = event.body else { return }
        steps[StepKey(account: String(event.stream.id), position: event.position.index)] = OwnerStep(
            time: event.time.milliseconds, ownerID: assigned.ownerID)
    }

    static func get(_ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON? {
        try parameters.allow("word")
        var owners: [JSON] = []
        try snapshot.forEach(steps, from: StepKey(account: key, position: 0)) { step, row throws(ViewError) in
            guard step.account == key else { return false }
            let isKnown = snapshot.knownAt.map { step.position <= $0.index } ?? true
            let hadHappened = snapshot.asOf.map { row.time <= $0.milliseconds } ?? true
            if isKnown, hadHappened { owners.append(.text(row.ownerID)) }
            return true
        }
        return owners.isEmpty ? nil : [(try parameters.text("word") ?? ""): .array(owners)]
    }

    static func scan(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> ViewPage {
        ViewPage(rows: [], next: nil)
    }

    static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON { [:] }
}

private struct StepKey: RowKey {
    let account: String
    let position: UInt64

    init(account: String, position: UInt64) { (self.account, self.position) = (account, position) }

    func encode(to encoder: inout KeyEncoder) {
        encoder.text(account)
        encoder.unsigned(position)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        account = try decoder.text()
        position = try decoder.unsigned()
    }
}

private struct OwnerStep: RowValue, Hashable {
    let time: Int64
    let ownerID: String

    init(time: Int64, ownerID: String) { (self.time, self.ownerID) = (time, ownerID) }

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(time)
        encoder.text(ownerID)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        time = try decoder.integer()
        ownerID = try decoder.text()
    }
}

/// An account's page, which says how many events there are and borrows the rest.
private final class AccountPage: ReadModel {
    static let name = "account-page"
    static let version: UInt32 = 1
    static let handles: Set<EventGroup> = [.account]
    static let counts = TableName<String, CountRow>("counts")
    static let borrowedBlocks = [
        BorrowedBlock(member: "owners", of: "owner-history", ["word": "all"]) { $0["id"]?.text },
        BorrowedBlock(member: "weather", of: "weather", [:]) { $0["id"]?.text },
    ]

    private let counts: Table<String, CountRow>

    init(tables: TableSet) { counts = tables.open(Self.counts) }

    static func entity(of event: CRMEvent) -> EntityKey { EntityKey(event.stream.text) }

    func apply(_ event: CRMEvent) {
        counts.update(String(event.stream.id), orInsert: CountRow()) { $0.count += 1 }
    }

    static func rules(
        of row: JSON?, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> [RuleVersion] {
        [RuleVersion(kind: "layout", id: "page", version: 4)]
    }

    static func get(_ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON? {
        try snapshot.row(counts, key).map {
            ["id": .text(key), "events": .integer($0.count), "owners": nil, "weather": nil]
        }
    }

    static func scan(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> ViewPage {
        ViewPage(rows: [], next: nil)
    }

    static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        try parameters.allow("time_zone")
        return [:]
    }
}

@Suite struct `A row with blocks of other views` {
    /// What the events themselves say, without any view.
    private func expected(_ account: String, _ events: some Sequence<RecordedEvent>) throws -> JSON? {
        let own = events.filter { $0.stream == .account(account) }
        guard !own.isEmpty else { return nil }
        let owners = try own.compactMap { try JSON(parsing: $0.content.data)["owner_id"] }
        return [
            "id": .text(account), "events": .from(own.count), "owners": owners.isEmpty ? nil : ["all": .array(owners)],
            "weather": nil,
        ]
    }

    private let accounts = (0..<18).map { "a\($0)" }

    @Test(arguments: [201, 202, 203] as [UInt64])
    func `has them of its own position and time, live and replayed`(seed: UInt64) async throws {
        let script = ScriptedSource.history(eventCount: 300, seed: seed)
        let source = ScriptedSource(script)
        let directory = try TemporaryDirectory()
        let runtime = try ProjectionRuntime(
            source: source, directory: directory.path, models: [AccountPage.self, OwnerHistory.self])
        let running = Task { await runtime.run() }
        for view in ["account-page", "owner-history"] {
            _ = try await runtime.wait(for: view, toReach: Position(299), atMost: .seconds(20))
        }
        let views = try OfflineViews(source: source, directory: directory.path)
        var random = SplitMix64(seed: seed)
        for round in 0..<6 {
            let position = round == 0 ? nil : Position(random.next() % 300)
            let time = round < 3 ? nil : Timestamp(milliseconds: Int64(random.next() % 300_000))
            let bounds = ReplayBounds(at: position, asOf: time)
            let events = script.filter { $0.position <= position ?? .farAway && $0.time <= time ?? $0.time }
            let replayed = try await views.asOf(AccountPage.self, bounds, lenders: [OwnerHistory.self]) { _, _ in }
            for account in accounts {
                let row = try expected(account, events)
                let question = ViewQuestion(.get(account), try ViewParameters(), bounds: bounds)
                let live = try await runtime.answer("account-page", question)
                #expect(live?["row"] == row, "seed \(seed), round \(round), \(account)")
                #expect(try replayed.answer(.get(account), [:])?["row"] == row, "seed \(seed), \(account)")
            }
        }
        running.cancel()
        await running.value
    }

    @Test func `does without a view that is not there`() async throws {
        let script = ScriptedSource.history(eventCount: 50, seed: 204)
        let directory = try TemporaryDirectory()
        let views = try OfflineViews(source: ScriptedSource(script), directory: directory.path)
        let answers = try await views.asOf(AccountPage.self, ReplayBounds()) { _, _ in }
        let row = try answers.answer(.get("a1"), [:])?["row"]
        #expect(row?["events"] != nil && row?["owners"] == .null)
    }

    @Test func `is stamped with the rules and the time zone that it rests on`() async throws {
        let script = ScriptedSource.history(eventCount: 50, seed: 205)
        let directory = try TemporaryDirectory()
        let views = try OfflineViews(source: ScriptedSource(script), directory: directory.path)
        let answers = try await views.asOf(AccountPage.self, ReplayBounds()) { _, _ in }
        let answer = try #require(try answers.answer(.report, [:]))
        #expect(answer["rules"] == [["kind": "layout", "rule_id": "page", "version": 4]])
        #expect(answer["time_zone"] == "UTC" && answer["tz_data"] == .null && answer["position"] == 49)
        #expect(throws: ViewError.self) { try answers.answer(.report, ["time_zone": "Mars/Phobos"]) }
        guard FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Asia/Shanghai") else { return }
        let shanghai = try #require(try answers.answer(.report, ["time_zone": "Asia/Shanghai"]))
        // The tz database names its versions like 2026a.
        #expect(shanghai["time_zone"] == "Asia/Shanghai" && shanghai["tz_data"]?.text?.hasPrefix("20") == true)
    }
}
