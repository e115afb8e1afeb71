import CRMEvents
import EventModel
import EventTestKit
import Foundation
import SeededRandom
import Testing

@testable import ProjectionRuntime

/// States that are kept, so that a question about the past needs no replay from the first event on.
@Suite struct `A kept snapshot` {
    private let script = ScriptedSource.history(eventCount: 500, seed: 79)
    private let directory: TemporaryDirectory
    private let offline: OfflineViews

    init() throws {
        directory = try TemporaryDirectory()
        offline = try OfflineViews(source: ScriptedSource(script), directory: directory.path)
    }

    private func keep(_ position: UInt64, isFresh: Bool = false) async throws -> KeptSnapshot {
        try await offline.keepSnapshot(OwnerTally.self, at: Position(position), isFresh: isFresh) { _, _ in }
    }

    /// The state at bounds, from the kept snapshots or from the first event on.
    private func state(_ bounds: ReplayBounds, from kept: SnapshotStore?) async throws -> GenerationState {
        let log = DecodedLog(ScriptedSource(script))
        return try await TemporaryGeneration.folding(log, [OwnerTally.self], bounds, from: kept)[0].generation.state()
    }

    /// Where a fold up to bounds begins.
    private func start(_ bounds: ReplayBounds) throws -> UInt64 {
        let place = try TemporaryDirectory()
        return try offline.kept.begin(OwnerTally.self, at: place.path, from: "a log", bounds).checkpoint().next.index
    }

    private func path(_ eventCount: UInt64, version: UInt32 = OwnerTally.version) -> String {
        offline.kept.path(OwnerTally.name, version, eventCount)
    }

    @Test func `gives every later moment the state that the first event gives it`() async throws {
        let seed: UInt64 = 0x5AA5
        var random = SplitMix64(seed: seed)
        for _ in 0..<6 { _ = try await keep(UInt64.random(in: 0..<500, using: &random)) }
        for round in 0..<60 {
            let at = UInt64.random(in: 0..<500, using: &random)
            let time = Int64.random(in: -5000...505_000, using: &random)
            let bounds = ReplayBounds(
                at: round % 3 == 0 ? nil : Position(at),
                asOf: round % 3 == 1 ? nil : Timestamp(milliseconds: time))
            let expected = try await state(bounds, from: nil)
            #expect(try await state(bounds, from: offline.kept) == expected, "seed \(seed), round \(round), \(bounds)")
        }
    }

    @Test func `is where a fold begins that leaves nothing of it out, and the nearest one is`() async throws {
        for position: UInt64 in [99, 299] { _ = try await keep(position) }
        #expect(try start(ReplayBounds(at: Position(98))) == 0)
        #expect(try start(ReplayBounds(at: Position(99))) == 100)
        #expect(try start(ReplayBounds(at: Position(400))) == 300)
        #expect(try start(ReplayBounds()) == 300)
        #expect(try start(ReplayBounds(at: Position(.max))) == 300)
        // Time runs back now and then, so the latest time counts and not the last.
        let latest = try #require(script[..<300].map(\.time).max())
        #expect(try start(ReplayBounds(asOf: latest)) == 300)
        #expect(try start(ReplayBounds(asOf: Timestamp(milliseconds: latest.milliseconds - 1))) == 100)
    }

    @Test func `says what it holds, and holds the same when it is folded anew`() async throws {
        let first = try await keep(199)
        let expected = try await state(ReplayBounds(at: Position(199)), from: nil)
        #expect(first.stateHash == expected.hash && first.eventCount == 200 && first.rowCount == expected.rows.count)
        _ = try await keep(99)
        #expect(try await keep(199) == first)
        #expect(try await keep(199, isFresh: true) == first)
        #expect(offline.snapshots(of: OwnerTally.self).map(\.eventCount) == [100, 200])
    }

    @Test func `of a position that the log does not have is refused, and so is a question as of it`() async throws {
        let refusal = ViewError.pastEnd(Position(500), end: Position(500))
        await #expect(throws: refusal) { _ = try await keep(500) }
        #expect(offline.snapshots(of: OwnerTally.self).isEmpty)
        await #expect(throws: refusal) {
            _ = try await offline.asOf(OwnerTally.self, ReplayBounds(at: Position(500)), progress: { _, _ in })
        }
        _ = try await offline.asOf(OwnerTally.self, ReplayBounds(at: Position(499)), progress: { _, _ in })
    }

    @Test(arguments: ["data.mdb", "STATE"])
    func `that is damaged is passed over`(file: String) async throws {
        _ = try await keep(199)
        let path = path(200) + "/" + file
        try Data("nothing that anybody wrote".utf8).write(to: URL(filePath: path))
        let expected = try await state(ReplayBounds(at: Position(300)), from: nil)
        #expect(try await state(ReplayBounds(at: Position(300)), from: offline.kept) == expected)
        #expect(try await keep(199, isFresh: true).stateHash == state(ReplayBounds(at: Position(199)), from: nil).hash)
        #expect(try start(ReplayBounds()) == 200, "the damaged one was replaced")
    }

    @Test func `with wrong letters in its rows is passed over`() async throws {
        let kept = try await keep(199)
        let url = URL(filePath: path(200) + "/data.mdb")
        var bytes = try Data(contentsOf: url)
        // An owner's name, wherever it stands, becomes another's of the same length: every row can still be read.
        let count = bytes.count
        for place in 1..<count where bytes[place] == UInt8(ascii: "3") && bytes[place - 1] == UInt8(ascii: "u") {
            bytes[place] = UInt8(ascii: "8")
        }
        try bytes.write(to: url)
        #expect(try start(ReplayBounds()) == 0)
        #expect(try await keep(199, isFresh: true) == kept)
        #expect(try start(ReplayBounds()) == 200)
    }

    @Test func `of another log is passed over`() async throws {
        _ = try await keep(199)
        let place = try TemporaryDirectory()
        let generation = try offline.kept.begin(OwnerTally.self, at: place.path, from: "another log", ReplayBounds())
        #expect(try generation.checkpoint() == .start)
    }

    @Test func `whose fold was interrupted is not kept, and the next call begins anew`() async throws {
        let folding = Task { try await keep(499) }
        folding.cancel()
        _ = try? await folding.value
        let left = try offline.kept.workplace(OwnerTally.self)
        try Data("half".utf8).write(to: URL(filePath: left + "/data.mdb"))
        #expect(try await keep(499).stateHash == state(ReplayBounds(at: Position(499)), from: nil).hash)
    }

    @Test func `can be removed, with what was kept beside it once nobody else stands there`() async throws {
        let older = OwnerTally.version + 1
        for position: UInt64 in [99, 199] { _ = try await keep(position) }
        try FileManager.default.copyItem(atPath: path(200), toPath: path(200, version: older))
        let all = offline.snapshots(named: OwnerTally.name)
        #expect(all.map(\.eventCount) == [100, 200, 200] && all.map(\.version).last == older)
        #expect(offline.snapshots(of: OwnerTally.self).map(\.eventCount) == [100, 200], "those that folds begin at")
        #expect(all.allSatisfy { offline.byteCount(of: $0) > 4096 })

        let anchors = directory.path + "/snapshots/anchors-200"
        try offline.remove(all[1])
        #expect(try start(ReplayBounds()) == 100)
        #expect(FileManager.default.fileExists(atPath: anchors), "the other version's stands there")
        try offline.remove(all[2])
        #expect(!FileManager.default.fileExists(atPath: anchors))
        #expect(offline.snapshots(named: OwnerTally.name) == [all[0]])
        #expect(throws: ViewError.self) { try offline.remove(all[2]) }
        #expect(try await keep(199) == all[1], "and can be kept again")
    }

    @Test func `is neither kept nor removed while another process is at it`() async throws {
        let kept = try await keep(99)
        let lock = try offline.kept.lock(OwnerTally.name)
        await #expect(throws: ViewError.snapshotsInUse(OwnerTally.name)) { _ = try await keep(199) }
        #expect(throws: ViewError.snapshotsInUse(OwnerTally.name)) { try offline.remove(kept) }
        withExtendedLifetime(lock) {}
    }
}
