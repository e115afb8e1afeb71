import EventModel
import SeededRandom
import Testing

@testable import Customer360
@testable import ProjectionRuntime

@Suite struct `The customer page on several cores` {
    /// The live view saw everybody, as they came; a rebuild comes after the erasures and finds marks in their place.
    @Test(arguments: 61...80 as ClosedRange<UInt64>)
    func `has the rows of one core, for any history, wherever it was stopped and whoever was erased`(
        seed: UInt64
    ) async throws {
        let histories = RandomHistory(seed: seed)
        let (live, erased) = (histories.history, histories.afterErasures)
        #expect(erased.events.contains { $0.personal.contains { if case .erased = $0 { true } else { false } } })
        let expected = try await FoldedState(erased, partitionCount: 1)
        var random = SplitMix64(seed: seed)
        for partitionCount in [2, 3, 64] {
            let stops = (0..<3).map { _ in Int(random.next() % UInt64(live.events.count)) }.sorted()
            for history in [live, erased] {
                let found = try await FoldedState(history, stoppingAt: stops, partitionCount: partitionCount)
                #expect(found == expected, "seed \(seed), \(partitionCount) partitions, stopped at \(stops)")
            }
        }
    }

    @Test(arguments: 81...90 as ClosedRange<UInt64>)
    func `has the rows of a log that ends at a position when it is folded up to it`(seed: UInt64) async throws {
        let histories = RandomHistory(seed: seed)
        var random = SplitMix64(seed: seed)
        for _ in 0..<3 {
            let position = Position(random.next() % UInt64(histories.history.events.count))
            let bounded = try await TemporaryGeneration.folding(
                DecodedLog(RecordedHistory(events: histories.afterErasures.events)), [Customer360.self],
                ReplayBounds(at: position))[0]
            let truncated = try await FoldedState(histories.history.truncated(after: position), partitionCount: 1)
            let found = try bounded.generation.state().hash
            #expect(found == truncated.hash, "seed \(seed), position \(position)")
        }
    }
}
