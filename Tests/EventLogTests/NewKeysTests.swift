import EventModel
import EventTestKit
import SeededRandom
import Testing

@testable import EventLog

@Suite struct `Looking for many ids at once` {
    @Test func `never takes an id for new that is recorded by the time it is decided`() throws {
        let seed: UInt64 = 0x1D5
        var random = SplitMix64(seed: seed)
        let directory = try TemporaryDirectory()
        let index = try Index(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
        // When they are looked for, some are in segments, some in tails that wait to be flushed, and some come later.
        let keys = (0..<6 * IndexTail.eventCountMax).map { _ in random.next() }
        let sought = Array(stride(from: 0, to: keys.count, by: 37))
        var found: [NewKeys] = []
        var ends: [UInt64] = []
        for start in stride(from: 0, to: keys.count, by: 1 << 14) {
            let part = Array(keys[start..<start + 1 << 14])
            index.add(keys: part, counts: .init(repeating: 1, count: part.count))
            if start == 9 << 14 { index.drain() }
            found.append(NewKeys(sought.map { keys[$0] }, in: index.snapshot))
            ends.append(index.snapshot.segments.last?.end ?? 0)
        }
        // What was in a tail is in a segment by now, and segments were merged over where some of these looks ended.
        index.drain()
        let snapshot = index.snapshot
        #expect(snapshot.segments.contains { segment in ends.contains { segment.start < $0 && $0 < segment.end } })
        for var newIDs in found {
            newIDs.look(in: snapshot)
            #expect(sought.indices.allSatisfy { !newIDs.isNew($0) }, "seed \(seed)")
        }
        var others = NewKeys((0..<10_000).map { _ in random.next() }, in: snapshot)
        others.look(in: snapshot)
        #expect((0..<10_000).count { others.isNew($0) } > 9000, "seed \(seed)")
    }

    @Test func `finds retries among new ids, wherever their first copies stand`() async throws {
        try await withTemporaryLog { log, _ async throws in
            func requests(_ numbers: some Sequence<Int>) -> [AppendRequest] {
                numbers.map { AppendRequest(Proposal.classified(id: "e\($0)"), to: .account("a\($0 % 500)")) }
            }
            let count = IndexTail.eventCountMax + 5000
            for start in stride(from: 0, to: count, by: 1000) {
                _ = await log.outcomes(of: requests(start..<min(start + 1000, count)))
            }
            log.index?.drain()
            #expect(log.index?.status.segmentCount == 1)
            let numbers =
                [7, count + 1, 40_000, count - 1, count + 2, 65_535, 65_536] + Array(count + 10..<count + 200)
            let outcomes = await log.outcomes(of: requests(numbers))
            for (number, outcome) in zip(numbers, outcomes) {
                let receipt = try outcome.get()[0]
                #expect(receipt.isDuplicate == (number < count))
                if number < count { #expect(receipt.position == Position(UInt64(number))) }
            }
        }
    }
}
