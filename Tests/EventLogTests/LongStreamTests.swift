import EventModel
import EventTestKit
import SeededRandom
import Testing

@testable import EventLog

@Suite struct `A page of a long stream` {
    @Test(arguments: [0x57_1, 0x57_2] as [UInt64])
    func `begins at its revision, wherever its events lie between those of others`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        try await TemporaryLog().withLog { log in
            var count = 0
            var places: [Position] = []
            let long = StreamName.account("long")
            while places.count < 3 * Int(EventLog.walkedEntryCountMax) {
                // In bursts, so that its events lie close together here and far apart there.
                let isLong = Bool.random(using: &random)
                let batch = (0..<Int.random(in: 1...1000, using: &random)).map { number in
                    Proposal.classified(id: "e\(count + number)")
                }
                let name = isLong ? long : .account("other\(Int.random(in: 1...3, using: &random))")
                let receipt = try await log.append(batch, to: name)
                let first = receipt.position.index + 1 - UInt64(batch.count)
                if isLong { places += (first...receipt.position.index).map { Position($0) } }
                count += batch.count
                if count % 3 == 0 { try log.seal() }
            }
            for direction in [ReadDirection.forward, .backward] {
                // Only so much is left to walk; behind the end nothing.
                for revision in [5_000, 9_000, places.count - 1, places.count]
                where revision < places.count || direction == .forward {
                    let mark = try #require(
                        try log.mark(before: UInt64(revision), of: long, direction, log.queryReader()))
                    #expect(places[Int(mark.revision)] == Position(mark.position))
                    let left = direction == .forward ? revision - Int(mark.revision) : Int(mark.revision) - revision
                    #expect((0...Int(EventLog.walkedEntryCountMax)).contains(left), "seed \(seed), \(revision)")
                }
            }
            for _ in 0..<300 {
                let revision = Int.random(in: 0..<places.count + 100, using: &random)
                let request = ReadRequest(.stream(long), from: UInt64(revision), count: 3, direction: .forward)
                let following = places.dropFirst(revision).prefix(3)
                #expect(try log.read(request).map(\.position) == Array(following), "seed \(seed), from \(revision)")
                let backward = ReadRequest(.stream(long), from: UInt64(revision), count: 3, direction: .backward)
                let before = places.prefix(revision + 1).suffix(3).reversed()
                #expect(try log.read(backward).map(\.position) == Array(before), "seed \(seed), back from \(revision)")
            }
        }
    }
}
