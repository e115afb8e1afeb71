import CRMEvents
import CanonicalJSON
import EventModel
import EventTestKit
import Foundation
import Testing

@testable import ProjectionRuntime

/// Runs the views of a directory for the time of the body.
private func withRuntime<Result: Sendable>(
    _ source: ScriptedSource, in directory: String, models: [any ReadModel.Type] = [OwnerTally.self],
    _ body: (ProjectionRuntime) async throws -> Result
) async throws -> Result {
    let runtime = try ProjectionRuntime(source: source, directory: directory, models: models)
    let running = Task { await runtime.run() }
    do {
        let result = try await body(runtime)
        running.cancel()
        await running.value
        return result
    } catch {
        running.cancel()
        await running.value
        throw error
    }
}

extension ProjectionRuntime {
    fileprivate func report(_ bounds: ReplayBounds = ReplayBounds()) async throws -> JSON {
        try #require(
            try await answer("owner-tally", ViewQuestion(.report, ViewParameters(), bounds: bounds)))
    }
}

@Suite struct `The projection runtime` {
    private let script = ScriptedSource.history(eventCount: 500, seed: 77)

    @Test func `catches up, follows, and goes on after a restart`() async throws {
        let directory = try TemporaryDirectory()
        let source = ScriptedSource(script, visibleCount: 200)
        try await withRuntime(source, in: directory.path) { runtime async throws in
            #expect(
                try await runtime.wait(for: "owner-tally", toReach: Position(199), atMost: .seconds(20))
                    == Position(199))
            #expect(try await runtime.report()["report"]?["events"]?.integer == 200)
            #expect(runtime.status.map(\.state) == ["live"])
            source.show(300)
            #expect(
                try await runtime.wait(for: "owner-tally", toReach: Position(299), atMost: .seconds(20))
                    == Position(299))
            let answer = try await runtime.report()
            #expect(answer["report"]?["events"]?.integer == 300)
            #expect(answer["position"]?.integer == 299 && answer["view"]?.text == "owner-tally")
            #expect(answer["asof"] == JSON.null && answer["version"]?.integer == 3)
        }
        source.show(500)
        try await withRuntime(source, in: directory.path) { runtime async throws in
            #expect(
                try await runtime.wait(for: "owner-tally", toReach: Position(499), atMost: .seconds(20))
                    == Position(499))
        }
        let views = try OfflineViews(source: source, directory: directory.path)
        let comparison = try #require(try await views.compare(OwnerTally.self))
        #expect(comparison.isEqual && comparison.eventCount == 500)
        #expect(comparison.live == (try await freshHash(script)))
    }

    @Test func `says when a wait was too short, and which views there are`() async throws {
        let directory = try TemporaryDirectory()
        try await withRuntime(ScriptedSource(script, visibleCount: 10), in: directory.path) { runtime async throws in
            #expect(try await runtime.wait(for: "owner-tally", toReach: Position(10), atMost: .milliseconds(40)) == nil)
            await #expect(throws: ViewError.unknownView(allowed: ["owner-tally"])) {
                try await runtime.answer("nobody", ViewQuestion(.report, ViewParameters()))
            }
            #expect(try await runtime.answer("owner-tally", ViewQuestion(.get("nobody"), ViewParameters())) == nil)
        }
    }

    @Test func `is not ready before it runs`() async throws {
        let directory = try TemporaryDirectory()
        let runtime = try ProjectionRuntime(
            source: ScriptedSource(script), directory: directory.path, models: [OwnerTally.self])
        let error = await #expect(throws: ViewError.self) { try await runtime.report() }
        #expect(error?.code == .unavailable)
        #expect(runtime.status.map(\.state) == ["building"])
    }

    @Test func `takes over a generation that somebody else promoted`() async throws {
        let directory = try TemporaryDirectory()
        let source = ScriptedSource(script, visibleCount: 400)
        try await withRuntime(source, in: directory.path) { runtime async throws in
            _ = try await runtime.wait(for: "owner-tally", toReach: Position(399), atMost: .seconds(20))
            let store = try GenerationStore(directory.path)
            let green = try store.building("owner-tally", version: OwnerTally.version)
            #expect(green.hasSuffix("owner-tally-v3-2"))
            try await Self.build(green, upTo: 150, of: script)
            try store.promote(directory: green, of: "owner-tally")
            // Whoever has it open keeps others from opening it.
            var isTakenOver = false
            for _ in 0..<400 where !isTakenOver {
                try await Task.sleep(for: .milliseconds(10))
                isTakenOver = (try? Generation(at: green, of: OwnerTally.self, from: "a log")) == nil
            }
            #expect(isTakenOver)
            source.show(500)
            #expect(
                try await runtime.wait(for: "owner-tally", toReach: Position(499), atMost: .seconds(20))
                    == Position(499))
            #expect(try await runtime.report()["report"]?["events"]?.integer == 500)
            #expect(runtime.status.map(\.failure) == [nil])
        }
        let green = directory.path + "/owner-tally-v3-2"
        let taken = try Generation(at: green, of: OwnerTally.self, from: "a log").state().hash
        #expect(taken == (try await freshHash(script)))
    }

    private static func build(_ directory: String, upTo count: Int, of script: [RecordedEvent]) async throws {
        let generation = try Generation(at: directory, of: OwnerTally.self, from: "a log")
        let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
        try await projector.apply(script[..<count].map { try CRMEvent($0) })
        try await projector.commit()
    }

    @Test func `stops a view at a type that this build does not know, and says why`() async throws {
        var odd = script
        odd[60].content.type = "account.teleported"
        let directory = try TemporaryDirectory()
        try await withRuntime(ScriptedSource(odd), in: directory.path) { runtime async throws in
            for _ in 0..<500 where runtime.status.first?.state != "failed" {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(runtime.status.map(\.state) == ["failed"])
            #expect(runtime.status.first?.failure?.contains("position 60") == true)
            let error = await #expect(throws: ViewError.self) { try await runtime.report() }
            #expect(error?.code == .unavailable)
        }
    }

    @Test func `builds a damaged generation anew`() async throws {
        let directory = try TemporaryDirectory()
        let source = ScriptedSource(script)
        try await withRuntime(source, in: directory.path) { runtime async throws in
            _ = try await runtime.wait(for: "owner-tally", toReach: Position(499), atMost: .seconds(20))
        }
        try Data("these are no pages of a database, and too few".utf8)
            .write(to: URL(fileURLWithPath: directory.path + "/owner-tally-v3-1/data.mdb"))
        try await withRuntime(source, in: directory.path) { runtime async throws in
            #expect(
                try await runtime.wait(for: "owner-tally", toReach: Position(499), atMost: .seconds(20))
                    == Position(499))
            #expect(try await runtime.report()["report"]?["events"]?.integer == 500)
        }
        #expect(try GenerationStore(directory.path).live("owner-tally")?.number == 2)
    }
}

@Suite struct `A view as of a moment` {
    private let script = ScriptedSource.history(eventCount: 300, seed: 99)

    @Test func `knows what was recorded up to a position`() async throws {
        let directory = try TemporaryDirectory()
        try await withRuntime(ScriptedSource(script), in: directory.path) { runtime async throws in
            for position in [0, 1, 150, 299] as [UInt64] {
                let answer = try await runtime.report(ReplayBounds(at: Position(position)))
                #expect(answer["position"]?.integer == Int64(position))
                #expect(answer["report"]?["events"]?.integer == Int64(position) + 1)
            }
            await #expect(throws: ViewError.pastEnd(Position(300), end: Position(300))) {
                _ = try await runtime.report(ReplayBounds(at: Position(300)))
            }
        }
    }

    @Test func `leaves out what happened later, wherever it stands`() async throws {
        let directory = try TemporaryDirectory()
        let bound = Timestamp(milliseconds: 100_000)
        try await withRuntime(ScriptedSource(script), in: directory.path) { runtime async throws in
            let early = script.filter { $0.time <= bound }
            let answer = try await runtime.report(ReplayBounds(asOf: bound))
            #expect(answer["report"]?["events"]?.integer == Int64(early.count))
            #expect(answer["asof"]?.text == "1970-01-01T00:01:40.000Z")
            #expect(answer["latest_time"]?.text == early.map(\.time).max()?.description)
            #expect(answer["position"]?.integer == 299)
            let both = try await runtime.report(ReplayBounds(at: Position(50), asOf: bound))
            #expect(both["report"]?["events"]?.integer == 51)
            let before = try await runtime.report(ReplayBounds(asOf: Timestamp(milliseconds: -1_000_000)))
            #expect(before["report"]?["events"]?.integer == 0)
        }
    }

    @Test func `is the same offline`() async throws {
        let directory = try TemporaryDirectory()
        let views = try OfflineViews(source: ScriptedSource(script), directory: directory.path)
        let answers = try await views.asOf(OwnerTally.self, ReplayBounds(at: Position(41))) { _, _ in }
        let report = try #require(try answers.answer(.report, [:]))
        #expect(report["report"]?["events"]?.integer == 42 && report["position"]?.integer == 41)
        let page = try #require(try answers.answer(.scan, ["limit": 2]))
        #expect(page["rows"]?.elements?.count == 2 && page["next"]?.text != nil)
    }
}

@Suite struct `Rebuilding a view` {
    @Test func `gives the rows that were there, in a generation that becomes live`() async throws {
        let script = ScriptedSource.history(eventCount: 400, seed: 5)
        let directory = try TemporaryDirectory()
        let views = try OfflineViews(source: ScriptedSource(script), directory: directory.path)
        #expect(try await views.compare(OwnerTally.self) == nil)
        let first = try await views.rebuild(OwnerTally.self)
        #expect(first.previousHash == nil && first.eventCount == 400)
        #expect(first.stateHash == (try await freshHash(script)))
        let second = try await views.rebuild(OwnerTally.self)
        #expect(second.previousHash == first.stateHash && second.stateHash == first.stateHash)
        #expect(second.number == 2 && second.isPromoted)
        #expect(try GenerationStore(directory.path).live("owner-tally")?.number == 2)
    }

    @Test func `goes on where somebody stopped`() async throws {
        let script = ScriptedSource.history(eventCount: 400, seed: 6)
        let directory = try TemporaryDirectory()
        let begun = try GenerationStore(directory.path).building("owner-tally", version: 3)
        do {
            let projector = try Projector(
                OwnerTally.self, Generation(at: begun, of: OwnerTally.self, from: "a log"), logEnd: Position(.max))
            try await projector.apply(script[..<123].map { try CRMEvent($0) })
            try await projector.commit()
        }
        let views = try OfflineViews(source: ScriptedSource(script), directory: directory.path)
        let result = try await views.rebuild(OwnerTally.self)
        #expect(begun.hasSuffix("-\(result.number)"))
        #expect(result.stateHash == (try await freshHash(script)))
    }

    @Test func `shows rows that no replay gives`() async throws {
        let script = ScriptedSource.history(eventCount: 100, seed: 7)
        let directory = try TemporaryDirectory()
        let views = try OfflineViews(source: ScriptedSource(script), directory: directory.path)
        let result = try await views.rebuild(OwnerTally.self)
        do {
            let generation = try Generation(
                at: directory.path + "/owner-tally-v3-\(result.number)", of: OwnerTally.self, from: "a log")
            let tables = generation.openTables()
            tables.open(OwnerTally.accounts).update("a1", orInsert: AccountRow()) { $0.eventCount += 1 }
            try generation.commit(tables.takeChanges(), at: generation.checkpoint())
        }
        let comparison = try #require(try await views.compare(OwnerTally.self))
        #expect(!comparison.isEqual && comparison.rowCount == result.rowCount)
        #expect(comparison.differences == [RowDifference(table: "accounts", key: "a1.", kind: .changed)])
    }
}
