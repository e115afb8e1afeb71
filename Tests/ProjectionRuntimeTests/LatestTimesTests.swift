import EventModel
import SeededRandom
import Testing

@testable import ProjectionRuntime

@Suite struct `The latest time at a position` {
    @Test(arguments: [false, true]) func `is the greatest up to there, while the log grows`(isPrepared: Bool)
        async throws
    {
        let seed: UInt64 = 0x1A7E57
        var random = SplitMix64(seed: seed)
        // More than one go, which is 32 * 1024 events.
        let script = ScriptedSource.history(eventCount: 70_000, seed: seed)
        var greatest: [Timestamp] = []
        for event in script { greatest.append(max(event.time, greatest.last ?? event.time)) }
        let source = ScriptedSource(script, visibleCount: 0)
        let times = LatestTimes()
        for count in [1, 31, 32, 33, 500, 40_000, 40_001, 69_999, 70_000] {
            source.show(count)
            if isPrepared { try await times.prepare(for: source) }
            for position in [0, count / 2, count - 1] + (0..<20).map({ _ in Int.random(in: 0..<count, using: &random) })
            {
                let latest = try times.latest(at: Position(UInt64(position)), in: source)
                #expect(latest == greatest[position], "seed \(seed), position \(position) of \(count)")
            }
        }
    }

    @Test func `is the same whoever asks first`() async throws {
        let script = ScriptedSource.history(eventCount: 100_000, seed: 7)
        let (source, times) = (ScriptedSource(script), LatestTimes())
        let expected = script.map(\.time).max()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { try await times.prepare(for: source) }
                group.addTask {
                    let latest = try times.latest(at: Position(99_999), in: source)
                    #expect(latest == expected)
                }
            }
            try await group.waitForAll()
        }
    }
}
