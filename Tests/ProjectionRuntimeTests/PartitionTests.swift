import CRMEvents
import CanonicalJSON
import EventModel
import EventTestKit
import SeededRandom
import Testing

@testable import ProjectionRuntime

@Suite struct `Partitions` {
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `give the rows of a fold on one core, however many there are`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let script = ScriptedSource.history(eventCount: 2_000, seed: seed)
        let events = try script.map { try CRMEvent($0) }
        let expected = try await freshHash(script, partitionCount: 1)
        for partitionCount in [2, 3, 7, 64] {
            let directory = try TemporaryDirectory()
            let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
            // One that forgets every row it may has to find each of them on disk again.
            let projector = try Projector(
                OwnerTally.self, generation, logEnd: Position(.max), partitionCount: partitionCount,
                residentByteCountMax: Bool.random(using: &random) ? 0 : Projector.residentByteCountMax)
            var next = 0
            while next < events.count {
                let end = min(next + Int.random(in: 1...900, using: &random), events.count)
                try await projector.apply(Array(events[next..<end]))
                switch Int.random(in: 0...2, using: &random) {
                case 0: try await projector.commit()
                case 1: try await projector.beginCommit()
                default: break
                }
                next = end
            }
            try await projector.commit()
            #expect(try generation.state().hash == expected, "seed \(seed), \(partitionCount) partitions")
        }
    }

    @Test func `keep sums that are the sums of the rows, and no row for a sum of nothing`() async throws {
        let script = ScriptedSource.history(eventCount: 700, seed: 9)
        let directory = try TemporaryDirectory()
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max), partitionCount: 3)
        for start in stride(from: 0, to: 700, by: 70) {
            try await projector.apply(script[start..<start + 70].map { try CRMEvent($0) })
            try await projector.commit()
        }
        let snapshot = try generation.snapshot()
        var holdings: [String: Int64] = [:]
        try snapshot.forEach(OwnerTally.holdings) { key, _ in
            holdings[key.ownerID, default: 0] += 1
            return true
        }
        var sums: [String: Int64] = [:]
        try snapshot.forEach(OwnerTally.owners) { key, row in
            sums[key] = row.count
            return true
        }
        #expect(sums == holdings && !sums.values.contains(0))
    }
}

@Suite struct `Generations` {
    private func views(_ directory: TemporaryDirectory, _ script: [RecordedEvent]) throws -> OfflineViews {
        try OfflineViews(source: ScriptedSource(script), directory: directory.path)
    }

    @Test func `are built beside the live one, promoted and rolled back`() async throws {
        let directory = try TemporaryDirectory()
        let views = try views(directory, ScriptedSource.history(eventCount: 50, seed: 3))
        #expect(try await views.rebuild(OwnerTally.self).number == 1)
        let second = try await views.rebuild([OwnerTally.self], isPromoting: false) { _, _ in }[0]
        #expect(second.number == 2 && !second.isPromoted)
        #expect(try views.generations(of: OwnerTally.self).map(\.isLive) == [true, false])
        try views.promote(OwnerTally.self, number: 2)
        #expect(try views.generations(of: OwnerTally.self).map(\.isLive) == [false, true])
        #expect(try views.rollBack(OwnerTally.self) == 1)
        #expect(try views.generations(of: OwnerTally.self).map(\.isLive) == [true, false])
        #expect(try views.generations(of: OwnerTally.self).map(\.wasPromoted) == [true, true])
        #expect(try views.generations(of: OwnerTally.self).map(\.eventCount) == [50, 50])
    }

    @Test func `go back to what was live before, not to what is older`() async throws {
        let directory = try TemporaryDirectory()
        let views = try views(directory, ScriptedSource.history(eventCount: 50, seed: 3))
        for _ in 1...3 { _ = try await views.rebuild(OwnerTally.self) }
        #expect(try views.rollBack(OwnerTally.self) == 2)
        #expect(try views.rollBack(OwnerTally.self) == 1)
        try views.promote(OwnerTally.self, number: 3)
        try views.promote(OwnerTally.self, number: 2)
        #expect(try views.rollBack(OwnerTally.self) == 3)
        #expect(try views.rollBack(OwnerTally.self) == 1)
        #expect(throws: ViewError.self) { try views.rollBack(OwnerTally.self) }
    }

    @Test func `go back the whole way that was come, also where one was live twice`() async throws {
        let directory = try TemporaryDirectory()
        let views = try views(directory, ScriptedSource.history(eventCount: 50, seed: 3))
        for _ in 1...3 { _ = try await views.rebuild(OwnerTally.self) }
        for number in [2, 2, 1] { try views.promote(OwnerTally.self, number: number) }
        var way: [Int] = []
        while let number = try? views.rollBack(OwnerTally.self) { way.append(number) }
        #expect(way == [2, 3, 2, 1])
    }

    @Test func `are not promoted before their rebuild came to its end`() async throws {
        let directory = try TemporaryDirectory()
        let views = try views(directory, ScriptedSource.history(eventCount: 50, seed: 3))
        _ = try await views.rebuild(OwnerTally.self)
        let begun = try GenerationStore(directory.path).building(OwnerTally.name, version: OwnerTally.version)
        _ = try Generation(at: begun, of: OwnerTally.self, from: ScriptedSource([]).identity)
        let error = #expect(throws: ViewError.self) { try views.promote(OwnerTally.self, number: 2) }
        #expect(try #require(error).description.contains("never came to its end"))
        #expect(try await views.rebuild(OwnerTally.self).number == 2)
    }

    @Test func `that do not exist cannot be switched to`() async throws {
        let directory = try TemporaryDirectory()
        let views = try views(directory, ScriptedSource.history(eventCount: 50, seed: 3))
        #expect(throws: ViewError.self) { try views.rollBack(OwnerTally.self) }
        _ = try await views.rebuild(OwnerTally.self)
        #expect(throws: ViewError.self) { try views.promote(OwnerTally.self, number: 7) }
        #expect(throws: ViewError.self) { try views.rollBack(OwnerTally.self) }
        #expect(try views.generations(of: OwnerTally.self).map(\.isLive) == [true])
    }

    @Test func `are not promoted when they contradict their own arithmetic`() async throws {
        let directory = try TemporaryDirectory()
        let views = try views(directory, ScriptedSource.history(eventCount: 50, seed: 3))
        await #expect(throws: ViewError.unbalanced(["2 + 2 is 5"])) { try await views.rebuild(Unbalanced.self) }
        // Nothing is promoted, also of what is sound, and what was refused is not gone on with.
        await #expect(throws: ViewError.unbalanced(["2 + 2 is 5"])) {
            try await views.rebuild([OwnerTally.self, Unbalanced.self]) { _, _ in }
        }
        #expect(try views.generations(of: Unbalanced.self).map(\.isLive) == [false, false])
        #expect(try views.generations(of: OwnerTally.self).map(\.isLive) == [false])
        #expect(throws: ViewError.self) { try views.promote(Unbalanced.self, number: 1) }
    }

    @Test func `do not answer from a running server when they contradict their own arithmetic`() async throws {
        let directory = try TemporaryDirectory()
        let runtime = try ProjectionRuntime(
            source: ScriptedSource(ScriptedSource.history(eventCount: 50, seed: 3)), directory: directory.path,
            models: [Unbalanced.self, OwnerTally.self])
        let running = Task { await runtime.run() }
        _ = try await runtime.wait(for: OwnerTally.name, toReach: Position(49), atMost: .seconds(20))
        for _ in 0..<500 where Set(runtime.status.map(\.state)) != ["failed", "live"] {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(runtime.status.first { $0.name == Unbalanced.name }?.state == "failed")
        #expect(runtime.status.first { $0.name == OwnerTally.name }?.state == "live")
        running.cancel()
        await running.value
    }
}

/// A projection whose rows are always wrong.
private final class Unbalanced: ReadModel {
    static let name = "unbalanced"
    static let version: UInt32 = 1
    static let handles: Set<EventGroup> = [.account]

    init(tables: TableSet) {}
    static func entity(of event: CRMEvent) -> EntityKey { EntityKey(event.stream.text) }
    func apply(_ event: CRMEvent) {}

    static func get(_ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON? {
        nil
    }
    static func scan(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> ViewPage {
        ViewPage(rows: [], next: nil)
    }
    static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON { [:] }
    static func violations(in snapshot: ViewSnapshot) throws(ViewError) -> [String] { ["2 + 2 is 5"] }
}

@Suite struct `A fold that begins in the middle` {
    /// A log that cannot look up a stream, and says so.
    private struct PlainLog: EventSource {
        let script: [RecordedEvent]
        let identity = "a log"
        var end: Position { Position(UInt64(script.count)) }

        func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
            Array(script.dropFirst(Int(position.index)).prefix(count))
        }

        func firstPosition(of stream: StreamName) throws(ReadError) -> Position? {
            throw .storage("the log is open without its index")
        }

        func waitForEvent(at position: Position, atMost time: Duration) async {}
    }

    @Test func `knows whose every event is, without an index too`() throws {
        let tickets = (0..<400).map { index in
            RecordedEvent(
                position: Position(UInt64(index)), stream: StreamName(recorded: "ticket-\(index % 40)"),
                revision: Revision(UInt64(index / 40)), time: Timestamp(milliseconds: 1),
                recorded: Timestamp(milliseconds: 1),
                content: EventContent(
                    type: "weather.turned", key: EventKey(source: "/t", id: "\(index)"),
                    data: Array((index < 40 ? "{\"account_id\":\"a\(index)\"}" : "{}").utf8)))
        }
        let whole = try DecodedLog(PlainLog(script: tickets)).events(from: .origin, count: 400)
        for start in [1, 39, 40, 41, 399] {
            let late = try DecodedLog(PlainLog(script: tickets)).events(from: Position(UInt64(start)), count: 400)
            #expect(late.map(\.owner) == whole[start...].map(\.owner), "from \(start)")
        }
        #expect(whole[399].owner == .account("a39"))
    }
}
