import Testing

@Suite struct `The customer page on several cores` {
    @Test(arguments: 61...80 as ClosedRange<UInt64>)
    func `has the rows of one core, for any history, and wherever it was stopped`(seed: UInt64) async throws {
        let history = RandomHistory(seed: seed).history
        let expected = try await FoldedState(history, partitionCount: 1)
        var random = SplitMix64(seed: seed)
        for partitionCount in [2, 3, 64] {
            let stops = [Int(random.next() % UInt64(history.events.count))]
            let found = try await FoldedState(history, stoppingAt: stops, partitionCount: partitionCount)
            #expect(found == expected, "seed \(seed), \(partitionCount) partitions, stopped at \(stops)")
        }
    }
}
