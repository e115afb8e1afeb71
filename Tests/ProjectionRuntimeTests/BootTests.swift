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

@Suite struct `A generation that was open when the machine stopped` {
    private let script = ScriptedSource.history(eventCount: 100, seed: 41)

    /// Two generations that were live, the second of which is; the machine stopped while somebody wrote one of them.
    private func views(leftOpen number: Int) async throws -> (OfflineViews, TemporaryDirectory) {
        let directory = try TemporaryDirectory()
        let views = try OfflineViews(source: ScriptedSource(script), directory: directory.path)
        for _ in 0..<2 { _ = try await views.rebuild(OwnerTally.self) }
        try Data("another boot".utf8)
            .write(to: URL(fileURLWithPath: directory.path + "/owner-tally-v3-\(number)/BOOT"))
        return (views, directory)
    }

    private func live(_ views: OfflineViews) throws -> [Bool] {
        try views.generations(of: OwnerTally.self).map(\.isLive)
    }

    @Test func `is neither promoted nor rolled back to, in three sentences`() async throws {
        let (views, directory) = try await views(leftOpen: 1)
        let refusal = ViewError.unsettled("owner-tally", number: 1)
        #expect(throws: refusal) { try views.promote(OwnerTally.self, number: 1) }
        #expect(throws: refusal) { try views.rollBack(OwnerTally.self) }
        #expect(try live(views) == [false, true])
        #expect(refusal.code == .corrupt)
        #expect(
            refusal.description
                == "generation 1 of 'owner-tally' was open for writing when the machine stopped. Its rows are not to "
                + "be believed, and nothing was switched. Build another with 'rapport-replay rebuild'.")
        withExtendedLifetime(directory) {}
    }

    @Test func `does not keep others from being promoted`() async throws {
        let (views, directory) = try await views(leftOpen: 2)
        #expect(try views.rollBack(OwnerTally.self) == 1)
        #expect(try live(views) == [true, false])
        withExtendedLifetime(directory) {}
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
