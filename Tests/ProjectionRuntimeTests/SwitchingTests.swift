import CRMEvents
import CanonicalJSON
import EventModel
import EventTestKit
import Foundation
import Synchronization
import Testing

@testable import ProjectionRuntime

/// What a running server makes of generations that an operator switches meanwhile.
@Suite struct `A server whose generation is switched` {
    private let script = ScriptedSource.history(eventCount: 500, seed: 78)
    private let name = OwnerTally.name

    /// Folds the first events into a new generation, as a rebuild would that ran at that time.
    private func build(upTo count: Int, in directory: TemporaryDirectory) async throws -> String {
        let green = try GenerationStore(directory.path).fresh(name, version: OwnerTally.version)
        let generation = try Generation(at: green, of: OwnerTally.self, from: "a log")
        let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
        try await projector.apply(script[..<count].map { try CRMEvent($0) })
        try await projector.commit()
        try generation.settle()
        return green
    }

    /// Waits until something holds; whoever looks afterwards finds out whether it did.
    private func waitUntil(_ condition: () -> Bool) async throws {
        for _ in 0..<2000 {
            guard !condition() else { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func `while it catches up at its start leaves the switch as it is, and follows it`() async throws {
        let directory = try TemporaryDirectory()
        let store = try GenerationStore(directory.path)
        let green = try await build(upTo: 200, in: directory)
        try store.finish(directory: green)
        // The server has opened a generation of its own when it first reads the log: somebody switches just then.
        let source = WatchedSource(script) { [name] in try? store.promote(directory: green, of: name) }
        let runtime = try ProjectionRuntime(source: source, directory: directory.path, models: [OwnerTally.self])
        let running = Task { await runtime.run() }
        _ = try await runtime.wait(for: name, toReach: Position(499), atMost: .seconds(20))
        #expect(FileManager.default.fileExists(atPath: directory.path + "/owner-tally-v3-2/data.mdb"))
        #expect(try store.live(name)?.directory == green)
        let boot = green + "/BOOT"
        try await waitUntil { FileManager.default.fileExists(atPath: boot) }
        #expect(FileManager.default.fileExists(atPath: boot), "the server has it open")
        let answer = try await runtime.answer(name, ViewQuestion(.report, ViewParameters()))
        #expect(answer?["report"]?["events"]?.integer == 500)
        running.cancel()
        await running.value
        #expect(try store.live(name)?.directory == green && runtime.status.map(\.failure) == [nil])
    }

    @Test func `makes its own generation live where nobody switched`() async throws {
        let directory = try TemporaryDirectory()
        let store = try GenerationStore(directory.path)
        let first = try await build(upTo: 3, in: directory)
        let second = try await build(upTo: 3, in: directory)
        try store.promote(directory: first, of: name, replacing: nil)
        #expect(try store.live(name)?.directory == first)
        try store.promote(directory: second, of: name, replacing: nil)
        #expect(try store.live(name)?.directory == first)
        try store.promote(directory: second, of: name, replacing: "owner-tally-v3-1")
        #expect(try store.live(name)?.directory == second)
    }

    @Test func `settles the one that retires, so that it can be rolled back to after the next boot`() async throws {
        let directory = try TemporaryDirectory()
        let store = try GenerationStore(directory.path)
        let runtime = try ProjectionRuntime(
            source: ScriptedSource(script), directory: directory.path, models: [OwnerTally.self])
        let running = Task { await runtime.run() }
        _ = try await runtime.wait(for: name, toReach: Position(499), atMost: .seconds(20))
        let boot = directory.path + "/owner-tally-v3-1/BOOT"
        #expect(FileManager.default.fileExists(atPath: boot))
        try store.promote(directory: try await build(upTo: 150, in: directory), of: name)
        try await waitUntil { !FileManager.default.fileExists(atPath: boot) }
        #expect(!FileManager.default.fileExists(atPath: boot))
        running.cancel()
        await running.value
    }

    @Test func `drops a generation that it cannot follow, answers from the one before, and tries again`() async throws {
        let directory = try TemporaryDirectory()
        let store = try GenerationStore(directory.path)
        let source = ScriptedSource(script, visibleCount: 400)
        let runtime = try ProjectionRuntime(source: source, directory: directory.path, models: [OwnerTally.self])
        let running = Task { await runtime.run() }
        _ = try await runtime.wait(for: name, toReach: Position(399), atMost: .seconds(20))
        let green = try await build(upTo: 150, in: directory)
        try damage(green)
        try store.promote(directory: green, of: name)
        let boot = green + "/BOOT"
        try await waitUntil { FileManager.default.fileExists(atPath: boot) }
        #expect(FileManager.default.fileExists(atPath: boot), "the server opens it")
        // It cannot be followed, and is let go of at once.
        try await Task.sleep(for: .milliseconds(50))
        try await waitUntil { (try? Generation(at: green, of: OwnerTally.self, from: "a log")) != nil }
        try FileManager.default.removeItem(atPath: boot)
        for count in [450, 500] {
            source.show(count)
            let last = Position(UInt64(count) - 1)
            #expect(try await runtime.wait(for: name, toReach: last, atMost: .seconds(20)) == last)
        }
        let answer = try await runtime.answer(name, ViewQuestion(.report, ViewParameters()))
        #expect(answer?["report"]?["events"]?.integer == 500)
        #expect(runtime.status.map(\.state) == ["live"] && runtime.status.map(\.failure) == [nil])

        // What kept it from following may be gone: it is tried again.
        let former = directory.path + "/owner-tally-v3-1/BOOT"
        #expect(FileManager.default.fileExists(atPath: former))
        let other = try TemporaryDirectory()
        let mended = try await build(upTo: 150, in: other)
        try FileManager.default.removeItem(atPath: green)
        try FileManager.default.moveItem(atPath: mended, toPath: green)
        try await waitUntil { !FileManager.default.fileExists(atPath: former) }
        #expect(!FileManager.default.fileExists(atPath: former), "it takes over, and the one before settles")
        running.cancel()
        await running.value
    }

    @Test func `does not wait for a generation that is far behind`() async throws {
        let directory = try TemporaryDirectory()
        // The log grows when the other one begins to catch up.
        let source = ScriptedSource(script, visibleCount: 400, whenRead: (Position(10), 500))
        let runtime = try ProjectionRuntime(
            source: source, directory: directory.path, models: [OwnerTally.self], stepEventCount: 20)
        let running = Task { await runtime.run() }
        _ = try await runtime.wait(for: name, toReach: Position(399), atMost: .seconds(20))
        let green = try await build(upTo: 10, in: directory)
        let former = directory.path + "/owner-tally-v3-1/BOOT"
        try GenerationStore(directory.path).promote(directory: green, of: name)
        try await waitUntil { !FileManager.default.fileExists(atPath: former) }
        let reads = source.reads
        let fresh = try #require(reads.firstIndex(of: Position(400)))
        let old = try #require(reads.firstIndex { (Position(30)..<Position(380)).contains($0) })
        #expect(fresh < old, "the view is told of new events before the other has caught up")
        let answer = try await runtime.answer(name, ViewQuestion(.report, ViewParameters()))
        #expect(answer?["report"]?["events"]?.integer == 500)
        running.cancel()
        await running.value
    }

    @Test func `takes over a rebuilt generation after its own has failed`() async throws {
        let directory = try TemporaryDirectory()
        let store = try GenerationStore(directory.path)
        let green = try await build(upTo: 150, in: directory)
        try damage(green)
        try store.promote(directory: green, of: name)
        let source = ScriptedSource(script, visibleCount: 500)
        let runtime = try ProjectionRuntime(source: source, directory: directory.path, models: [OwnerTally.self])
        let running = Task { await runtime.run() }
        try await waitUntil { runtime.status.map(\.state) == ["failed"] }
        #expect(runtime.status.map(\.state) == ["failed"])
        let rebuilt = try await build(upTo: 500, in: directory)
        try store.promote(directory: rebuilt, of: name)
        try await waitUntil { runtime.status.map(\.state) == ["live"] }
        let answer = try await runtime.answer(name, ViewQuestion(.report, ViewParameters()))
        #expect(answer?["report"]?["events"]?.integer == 500)
        running.cancel()
        await running.value
    }

    @Test func `opens a view by itself where that was not possible at its start`() async throws {
        let directory = try TemporaryDirectory()
        let views = directory.path + "/views"
        let source = ScriptedSource(script, visibleCount: 500)
        let runtime = try ProjectionRuntime(source: source, directory: views, models: [OwnerTally.self])
        try FileManager.default.removeItem(atPath: views)
        try Data().write(to: URL(fileURLWithPath: views))
        let running = Task { await runtime.run() }
        try await waitUntil { runtime.status.map(\.state) == ["failed"] }
        #expect(runtime.status.first?.failure?.contains("goes on by itself") == true)
        try FileManager.default.removeItem(atPath: views)
        try FileManager.default.createDirectory(atPath: views, withIntermediateDirectories: false)
        let last = Position(499)
        #expect(try await runtime.wait(for: name, toReach: last, atMost: .seconds(20)) == last)
        #expect(runtime.status.map(\.state) == ["live"] && runtime.status.map(\.failure) == [nil])
        running.cancel()
        await running.value
    }

    /// Leaves half of every account's row.
    private func damage(_ directory: String) throws {
        let generation = try Generation(at: directory, of: OwnerTally.self, from: "a log")
        let tables = generation.openTables()
        let halves = tables.open(TableName<String, HalfRow>("accounts"))
        for index in 0..<17 { halves["a\(index)"] = HalfRow() }
        try generation.commit(tables.takeChanges(), at: generation.checkpoint())
        try generation.settle()
    }
}

/// A log that does something when it is read for the first time.
private final class WatchedSource: EventSource {
    let identity = "a log"
    private let script: [RecordedEvent]
    private let isRead = Mutex(false)
    private let onFirstRead: @Sendable () -> Void

    init(_ script: [RecordedEvent], onFirstRead: @escaping @Sendable () -> Void) {
        self.script = script
        self.onFirstRead = onFirstRead
    }

    var end: Position { Position(UInt64(script.count)) }

    func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
        let isFirst = isRead.withLock { isRead in
            defer { isRead = true }
            return !isRead
        }
        if isFirst { onFirstRead() }
        return Array(script.dropFirst(Int(position.index)).prefix(count))
    }

    func waitForEvent(at position: Position, atMost time: Duration) async {
        try? await Task.sleep(for: .milliseconds(10))
    }
}
