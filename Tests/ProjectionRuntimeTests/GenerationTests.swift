import CRMEvents
import CanonicalJSON
import Dispatch
import EventModel
import EventTestKit
import Foundation
import LMDB
import SeededRandom
import Synchronization
import Testing

@testable import ProjectionRuntime

extension Position {
    /// The end of a log that is longer than every script here.
    static let farAway = Position(1 << 40)
}

extension OfflineViews {
    /// Rebuilds one view and makes it live.
    func rebuild(_ model: any ReadModel.Type) async throws -> RebuildResult {
        try await rebuild([model]) { _, _ in }[0]
    }

    /// Compares one view with its replay.
    func compare(_ model: any ReadModel.Type) async throws -> ViewComparison? {
        try await compare([model]) { _, _ in }[0]
    }
}

/// The state hash of a fold of the whole script, in one go and in memory of its own.
func freshHash(_ script: [RecordedEvent], partitionCount: Int = 2) async throws -> String {
    let directory = try TemporaryDirectory()
    let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
    let projector = try Projector(
        OwnerTally.self, generation, logEnd: Position(.max), partitionCount: partitionCount)
    try await projector.apply(script.map { try CRMEvent($0) })
    try await projector.commit()
    return try generation.state().hash
}

@Suite struct `A generation that failed` {
    @Test func `is tried again after 2 s, then after twice the time, at most after a minute`() {
        var before = ContinuousClock.now
        var retry = Retry(of: nil)
        for pause in [2, 4, 8, 16, 32, 60, 60] {
            #expect(!retry.isDue(at: before + .seconds(pause) - .milliseconds(1)), "\(pause) s")
            #expect(retry.isDue(at: .now + .seconds(pause)), "\(pause) s")
            before = .now
            retry = retry.postponed()
        }
    }

    @Test func `is not opened while somebody still reads it`() throws {
        let directory = try TemporaryDirectory()
        let later = ContinuousClock.now + .seconds(3600)
        var generation: Generation? = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        let retry = Retry(of: generation)
        let postponed = retry.postponed(closing: generation)
        #expect(!retry.isDue(at: later) && !postponed.isDue(at: later) && retry.postponed().isDue(at: later))
        generation = nil
        #expect(retry.isDue(at: later) && postponed.isDue(at: later))
    }
}

@Suite struct `A generation` {
    @Test func `has the same rows however the events were split, committed and interrupted`() async throws {
        let seed: UInt64 = 0x57A7E
        var random = SplitMix64(seed: seed)
        let script = ScriptedSource.history(eventCount: 600, seed: seed)
        let events = try script.map { try CRMEvent($0) }
        let expected = try await freshHash(script)
        for round in 0..<25 {
            let directory = try TemporaryDirectory()
            var committed = 0
            var isDone = false
            while !isDone {
                // Every pass is a process that dies without a word, unless it came to the end.
                let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
                let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
                #expect(await projector.next.index == UInt64(committed), "seed \(seed), round \(round)")
                var next = committed
                for _ in 0..<Int.random(in: 1...6, using: &random) where next < events.count {
                    let end = min(next + Int.random(in: 1...120, using: &random), events.count)
                    // Some of what is handed over was applied already.
                    let start = max(0, next - Int.random(in: 0...50, using: &random))
                    try await projector.apply(Array(events[start..<end]))
                    next = end
                    if Bool.random(using: &random) {
                        try await projector.commit()
                        committed = next
                    }
                }
                isDone = committed == events.count
            }
            let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
            let state = try generation.state()
            #expect(state.hash == expected, "seed \(seed), round \(round)")
            #expect(state.checkpoint.next.index == UInt64(events.count))
            #expect(state.checkpoint.latestTime == script.map(\.time).max())
        }
    }

    @Test func `shows readers the last commit only`() async throws {
        let directory = try TemporaryDirectory()
        let events = try ScriptedSource.history(eventCount: 20, seed: 1).map { try CRMEvent($0) }
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
        #expect(try generation.snapshot().position == nil)
        try await projector.apply(Array(events[..<10]))
        try await projector.commit()
        let before = try generation.snapshot()
        try await projector.apply(events)
        #expect(try generation.snapshot().position == Position(9))
        try await projector.commit()
        #expect(try generation.snapshot().position == Position(19))
        #expect(before.position == Position(9))
        let seen = try OwnerTally.report(ViewParameters(), in: before)
        #expect(seen["events"]?.integer == 10)
    }

    @Test func `is written by one projector at a time`() throws {
        let directory = try TemporaryDirectory()
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        var first: Projector? = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
        #expect { try Projector(OwnerTally.self, generation, logEnd: Position(.max)) } throws: {
            ($0 as? ViewError)?.code == .unavailable
        }
        #expect(first != nil)
        first = nil
        _ = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
    }

    @Test func `tells of a commit that could not be written with the next one`() async throws {
        let directory = try TemporaryDirectory()
        let events = try ScriptedSource.history(eventCount: 30, seed: 3).map { try CRMEvent($0) }
        do {
            let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
            let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
            try await projector.apply(Array(events[..<10]))
            try await projector.commit()
        }
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log", isReadOnly: true)
        let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
        try await projector.apply(Array(events[10..<20]))
        try await projector.beginCommit()
        try await projector.apply(Array(events[20...]))
        for _ in 0..<2 { await #expect(throws: ViewError.self) { try await projector.commit() } }
        #expect(try generation.checkpoint().next == Position(10))
    }

    @Test func `is full with more rows than may be in memory, until a commit has made room`() async throws {
        let directory = try TemporaryDirectory()
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        let projector = try Projector(
            OwnerTally.self, generation, logEnd: Position(.max), residentByteCountMax: 0)
        #expect(await !projector.isFull)
        try await projector.apply(ScriptedSource.history(eventCount: 30, seed: 3).map { try CRMEvent($0) })
        #expect(await projector.isFull)
        try await projector.commit()
        #expect(await !projector.isFull)
    }

    @Test func `may have twice as many rows in memory while a commit makes room`() async throws {
        let events = try ScriptedSource.history(eventCount: 400, seed: 3).map { try CRMEvent($0) }
        func full(after count: Int, isWriting: Bool, byteCountMax: Int) async throws -> Bool {
            let directory = try TemporaryDirectory()
            let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
            let projector = try Projector(
                OwnerTally.self, generation, logEnd: .farAway, residentByteCountMax: byteCountMax)
            let barrier = barWriting(generation)
            defer { barrier.signal() }
            try await projector.apply(Array(events[..<count]))
            if isWriting { try await projector.beginCommit() }
            return await projector.isFull
        }
        // The most that a projector may have whose rows of 400 events are too many while nothing is written.
        var byteCountMax = 1 << 20
        while try await !full(after: 400, isWriting: false, byteCountMax: byteCountMax) { byteCountMax /= 2 }
        #expect(try await !full(after: 400, isWriting: true, byteCountMax: byteCountMax))
        #expect(try await full(after: 400, isWriting: true, byteCountMax: byteCountMax / 2))
    }

    @Test func `is not being written any more when a replay that was cancelled has ended`() async throws {
        let directory = try TemporaryDirectory()
        let source = ScriptedSource(ScriptedSource.history(eventCount: 20_000, seed: 5))
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        // Any row is one too many, so a commit begins behind the first events.
        let projector = try Projector(OwnerTally.self, generation, logEnd: source.end, residentByteCountMax: 0)
        let (steps, step) = AsyncStream.makeStream(of: Void.self)
        let isCancelled = DispatchSemaphore(value: 0)
        let hasEnded = Mutex(false)
        let barrier = barWriting(generation)
        let replaying = Task {
            defer { hasEnded.withLock { $0 = true } }
            try await Replay(log: DecodedLog(source), projectors: [projector]).run { _, _ in
                step.yield()
                isCancelled.wait()
            }
        }
        for await _ in steps { break }
        replaying.cancel()
        isCancelled.signal()
        try await Task.sleep(for: .milliseconds(100))
        #expect(hasEnded.withLock { !$0 }, "the commit that was begun waits for its turn")
        barrier.signal()
        await #expect(throws: CancellationError.self) { try await replaying.value }
        #expect(try generation.checkpoint().next > .origin)
    }

    /// Keeps commits of a generation waiting until it is signalled.
    private func barWriting(_ generation: Generation) -> DispatchSemaphore {
        let (begun, barrier) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        DispatchQueue.global().async {
            try? generation.environment.write { _ throws(LMDBError) in
                begun.signal()
                barrier.wait()
            }
        }
        begun.wait()
        return barrier
    }

    @Test func `that is ahead of its log is refused`() async throws {
        let directory = try TemporaryDirectory()
        let events = try ScriptedSource.history(eventCount: 10, seed: 3).map { try CRMEvent($0) }
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        do {
            let projector = try Projector(OwnerTally.self, generation, logEnd: Position(10))
            try await projector.apply(events)
            try await projector.commit()
        }
        #expect { try Projector(OwnerTally.self, generation, logEnd: Position(9)) } throws: { error in
            (error as? ViewError)?.code == .corrupt
        }
        _ = try Projector(OwnerTally.self, generation, logEnd: Position(10))
    }

    @Test func `stops at a type that this build does not know, and keeps what was before`() async throws {
        let directory = try TemporaryDirectory()
        var script = ScriptedSource.history(eventCount: 5, seed: 2)
        script[3].content.type = "account.teleported"
        let events = try script.map { try CRMEvent($0) }
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
        await #expect(throws: ViewError.self) { try await projector.apply(events) }
        #expect(try await projector.commit() == Position(3))
        var eventCount: Int64 = 0
        try generation.snapshot().forEach(OwnerTally.accounts) { _, row in
            eventCount += row.eventCount
            return true
        }
        #expect(eventCount == 3)
    }

    @Test func `skips groups that its projection does not handle, and counts them as applied`() async throws {
        let directory = try TemporaryDirectory()
        let campaign = RecordedEvent(
            position: .origin, stream: try StreamName("campaign-k1"), revision: .first,
            time: Timestamp(milliseconds: 9), recorded: Timestamp(milliseconds: 9),
            content: EventContent(
                type: "campaign.created", key: EventKey(source: "/t", id: "1"),
                data: Array(#"{"campaign_id":"k1","name":"fair","type":"event"}"#.utf8)))
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
        try await projector.apply([try CRMEvent(campaign)])
        try await projector.commit()
        let state = try generation.state()
        #expect(state.rows.count == 0 && state.checkpoint.next == Position(1))
        // RFC 6962: the root of nothing is the hash of nothing.
        #expect(state.hash == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}

/// A row that stops after one byte, as if the rest were lost.
struct HalfRow: RowValue {
    init() {}
    init(from decoder: inout RowDecoder) throws(RowError) {}
    func encode(to encoder: inout RowEncoder) { encoder.boolean(true) }
}

@Suite struct `A table` {
    private func withTables(_ body: (Generation, TableSet, Table<String, AccountRow>) throws -> Void) throws {
        let directory = try TemporaryDirectory()
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        let tables = generation.openTables()
        try body(generation, tables, tables.open(OwnerTally.accounts))
    }

    private func commit(_ tables: TableSet, _ generation: Generation, _ next: UInt64) throws {
        try generation.commit(tables.takeChanges(), at: Checkpoint(next: Position(next), latestTime: nil))
    }

    @Test func `inserts, changes and deletes rows`() throws {
        try withTables { generation, tables, table throws in
            table.update("a", orInsert: AccountRow()) { $0.eventCount += 1 }
            table.update("a", orInsert: AccountRow()) { $0.eventCount += 1 }
            table["b"] = AccountRow()
            #expect(table["a"]?.eventCount == 2 && table["b"]?.eventCount == 0 && table["c"] == nil)
            try commit(tables, generation, 1)
            table["a"] = nil
            #expect(table["a"] == nil)
            try commit(tables, generation, 2)
            let snapshot = try generation.snapshot()
            #expect(try snapshot.row(OwnerTally.accounts, "a") == nil)
            #expect(try snapshot.row(OwnerTally.accounts, "b") == AccountRow())
            table.update("a", orInsert: AccountRow()) { $0.eventCount += 1 }
            #expect(table["a"]?.eventCount == 1, "a deleted row begins anew")
        }
    }

    @Test func `reads rows again that it has forgotten`() throws {
        try withTables { generation, tables, table throws in
            for index in 0..<100 { table.update("k\(index)", orInsert: AccountRow()) { $0.eventCount = Int64(index) } }
            table["k7"] = nil
            try commit(tables, generation, 1)
            table.forget()
            #expect(table.entries.isEmpty)
            #expect(table["k7"] == nil)
            for index in 50..<60 {
                table.update("k\(index)", orInsert: AccountRow()) { $0.eventCount += 1000 }
                #expect(table["k\(index)"]?.eventCount == Int64(index) + 1000)
            }
            try commit(tables, generation, 2)
            table.forget()
            #expect(table["k55"]?.eventCount == 1055 && table["k99"]?.eventCount == 99)
        }
    }

    @Test func `keeps what was changed while a commit was written, and reads the rest as it stands then`() throws {
        try withTables { generation, tables, table throws in
            for key in ["a", "b", "c", "d"] { table[key] = AccountRow() }
            try commit(tables, generation, 1)
            tables.forget(past: 0)
            table.update("c", orInsert: AccountRow()) { $0.eventCount = 3 }
            let changes = try tables.takeChanges()
            table.update("a", orInsert: AccountRow()) { $0.eventCount = 7 }
            table["b"] = nil
            table["e"] = AccountRow()
            try generation.commit(changes, at: Checkpoint(next: Position(2), latestTime: nil))
            tables.forget(past: 0)
            #expect(table.entries.map(\.key).sorted() == ["a", "b", "e"])
            #expect(table["a"]?.eventCount == 7 && table["b"] == nil)
            #expect(table["c"]?.eventCount == 3, "not as it stood when the others were read")
            try commit(tables, generation, 3)
            let snapshot = try generation.snapshot()
            let stored = try ["a", "b", "c", "d", "e"].map { try snapshot.row(OwnerTally.accounts, $0)?.eventCount }
            #expect(stored == [7, nil, 3, 0, 0])
        }
    }

    @Test func `walks its rows in key order, both ways, from a key that is included`() throws {
        try withTables { generation, tables, table throws in
            for key in ["b", "a", "ab", "c", "B", "a-1"] { table[key] = AccountRow() }
            try commit(tables, generation, 1)
            let snapshot = try generation.snapshot()
            func keys(_ from: String?, _ direction: ReadDirection) throws -> [String] {
                var keys: [String] = []
                try snapshot.forEach(OwnerTally.accounts, from: from, direction: direction) { key, _ in
                    keys.append(key)
                    return keys.count < 4
                }
                return keys
            }
            #expect(try keys(nil, .forward) == ["B", "a", "a-1", "ab"])
            #expect(try keys("ab", .forward) == ["ab", "b", "c"])
            #expect(try keys("aa", .backward) == ["a-1", "a", "B"])
            #expect(try keys(nil, .backward) == ["c", "b", "ab", "a-1"])
        }
    }

    @Test func `refuses a commit after a row that it could not read`() throws {
        try withTables { generation, tables, table throws in
            table["a"] = AccountRow()
            try commit(tables, generation, 1)
            let others = generation.openTables()
            others.open(TableName<String, HalfRow>("accounts"))["a"] = HalfRow()
            try commit(others, generation, 1)
            table.forget()
            #expect(table["a"] == nil)
            #expect(throws: ViewError.self) { try commit(tables, generation, 2) }
            #expect(throws: ViewError.self) { try generation.snapshot().row(OwnerTally.accounts, "a") }
            #expect(try generation.checkpoint().next == Position(1))
        }
    }
}
