import CRMEvents
import CanonicalJSON
import EventModel
import EventTestKit
import Foundation
import Testing

@testable import ProjectionRuntime

@Suite struct `A generation and the boot it was opened in` {
    @Test func `is not believed when another boot left it open`() throws {
        let directory = try TemporaryDirectory()
        _ = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        try Data("another boot".utf8).write(to: URL(fileURLWithPath: directory.path + "/BOOT"))
        #expect { try Generation(at: directory.path, of: OwnerTally.self, from: "a log") } throws: { error in
            if case .storage? = error as? ViewError { true } else { false }
        }
    }

    @Test func `is believed after it was settled`() throws {
        let directory = try TemporaryDirectory()
        let generation = try Generation(at: directory.path, of: OwnerTally.self, from: "a log")
        #expect(FileManager.default.fileExists(atPath: directory.path + "/BOOT"))
        try generation.settle()
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/BOOT"))
    }
}

@Suite struct `A view beside another log` {
    private let script = ScriptedSource.history(eventCount: 300, seed: 91)
    private let otherScript = ScriptedSource.history(eventCount: 300, seed: 92)

    private func source() -> ScriptedSource { ScriptedSource(script) }

    /// The views of a log that is as long: nothing but the identity tells them apart.
    private func viewsOfAnotherLog() async throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let other = ScriptedSource(otherScript, identity: "another log")
        _ = try await OfflineViews(source: other, directory: directory.path).rebuild(OwnerTally.self)
        return directory
    }

    /// Runs the views until they have folded the script; nobody has them open any more when it returns.
    private func serve(_ directory: TemporaryDirectory) async throws {
        let runtime = try ProjectionRuntime(source: source(), directory: directory.path, models: [OwnerTally.self])
        let running = Task { await runtime.run() }
        let reached = try await runtime.wait(for: "owner-tally", toReach: Position(299), atMost: .seconds(20))
        running.cancel()
        await running.value
        #expect(reached == Position(299) && runtime.status.map(\.state) == ["live"])
    }

    @Test func `is not served: it is built anew, with the rows of a rebuild`() async throws {
        let directory = try await viewsOfAnotherLog()
        try await serve(directory)
        let views = try OfflineViews(source: source(), directory: directory.path)
        let comparison = try #require(try await views.compare(OwnerTally.self))
        let right = try await freshHash(script)
        #expect(comparison.isEqual && comparison.live == right)
    }

    @Test func `is told by a comparison and replaced by a rebuild`() async throws {
        let directory = try await viewsOfAnotherLog()
        let views = try OfflineViews(source: source(), directory: directory.path)
        await #expect(throws: ViewError.otherLog) { try await views.compare(OwnerTally.self) }
        let result = try await views.rebuild(OwnerTally.self)
        let right = try await freshHash(script)
        #expect(result.previousHash == nil && result.stateHash == right)
        #expect(try await views.compare(OwnerTally.self)?.isEqual == true)
    }

    @Test func `is not gone on with when somebody began it`() async throws {
        let directory = try TemporaryDirectory()
        let begun = try GenerationStore(directory.path).building("owner-tally", version: 3)
        do {
            let generation = try Generation(at: begun, of: OwnerTally.self, from: "another log")
            let projector = try Projector(OwnerTally.self, generation, logEnd: Position(.max))
            try await projector.apply(otherScript[..<123].map { try CRMEvent($0) })
            try await projector.commit()
        }
        let views = try OfflineViews(source: source(), directory: directory.path)
        let result = try await views.rebuild(OwnerTally.self)
        let right = try await freshHash(script)
        #expect(!begun.hasSuffix("-\(result.number)") && result.stateHash == right)
    }
}
