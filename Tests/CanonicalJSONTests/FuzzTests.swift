import CanonicalJSON
import Foundation
import SeededRandom
import Testing

/// Damaged documents for as long as `RAPPORT_FUZZ_SECONDS` says: 20 s in `Tools/test`, 600 s in `Tools/soak`.
@Suite struct `Any bytes at all` {
    @Test func `are refused, or have one canonical form`() async throws {
        let seconds = ProcessInfo.processInfo.environment["RAPPORT_FUZZ_SECONDS"].flatMap(Double.init) ?? 2
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let end = ContinuousClock.now + .seconds(seconds)
        var (takenCount, refusedCount) = (0, 0)
        while ContinuousClock.now < end {
            var document = RandomJSON.spelling(of: RandomJSON.value(depth: 4, using: &random), using: &random)
            for _ in 0..<8 {
                let bytes = document
                do throws(JSONError) {
                    let canonical = try JSONDocument(parsing: bytes).root.canonicalBytes
                    let again = try JSONDocument(parsing: canonical).root.canonicalBytes
                    guard again == canonical, canonical.count <= bytes.count else {
                        Issue.record("seed \(seed): \(bytes)")
                        return
                    }
                    takenCount += 1
                } catch {
                    refusedCount += 1
                    guard error.offset <= bytes.count else {
                        Issue.record("seed \(seed): \(bytes)")
                        return
                    }
                }
                document = RandomJSON.mutation(of: document, using: &random)
            }
            await Task.yield()
        }
        #expect(takenCount > 0 && refusedCount > 0, "seed \(seed)")
    }
}
