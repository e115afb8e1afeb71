import CanonicalJSON
import Customer360
import EventModel
import SeededRandom
import Testing

@testable import ProjectionRuntime

/// One customer as of a moment through the index, against a fold of the log that was cut off there.
@Suite struct `One customer as of a moment` {
    private static let keys =
        ["a", "b", "c", "d"] + ["1", "2", "3"].map { "lead-\($0)" } + ["account-a", "nobody", "contact-x", "party-v1"]

    /// The answer from the customer's own events; `nil` if the view has no such customer.
    private func answer(_ key: String, _ bounds: ReplayBounds, _ log: IndexedHistory) throws -> JSON? {
        let box = try #require(try AsOfViews(DecodedLog(log)).entitySnapshot(Customer360.self, key, bounds))
        return try Customer360.answer(
            ViewQuestion(.get(key), try ViewParameters(["limit": 500]), bounds: bounds), in: box.open())
    }

    /// The answer from a fold of everything.
    private func expected(_ key: String, _ bounds: ReplayBounds, _ folded: TemporaryGeneration, _ log: IndexedHistory)
        throws -> JSON?
    {
        try Customer360.answer(
            ViewQuestion(.get(key), try ViewParameters(["limit": 500]), bounds: bounds),
            in: folded.generation.snapshot(asOf: bounds.asOf, source: log))
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `at a position it equals a fold of the log truncated there`(seed: UInt64) async throws {
        let log = IndexedHistory(RandomHistory(seed: seed).afterErasures)
        var random = SplitMix64(seed: seed)
        for _ in 0..<4 {
            let bounds = ReplayBounds(at: Position(random.next() % log.end.index))
            let folded = try await TemporaryGeneration.folding(DecodedLog(log), [Customer360.self], bounds)[0]
            for key in Self.keys {
                let (found, expected) = (try answer(key, bounds, log), try expected(key, bounds, folded, log))
                #expect(found == expected, "seed \(seed), position \(bounds.at?.index ?? 0), key \(key)")
            }
        }
    }

    @Test(arguments: 41...60 as ClosedRange<UInt64>)
    func `at a time it equals a fold of what had happened by then`(seed: UInt64) async throws {
        let log = IndexedHistory(RandomHistory(seed: seed).afterErasures)
        var random = SplitMix64(seed: seed)
        let moment = History.minute(Int64(random.next() % 260_000))
        let bounds = ReplayBounds(asOf: Timestamp(milliseconds: moment))
        let folded = try await TemporaryGeneration.folding(DecodedLog(log), [Customer360.self], bounds)[0]
        for key in Self.keys {
            let (found, expected) = (try answer(key, bounds, log), try expected(key, bounds, folded, log))
            #expect(found?["row"] == expected?["row"], "seed \(seed), minute \(moment), key \(key)")
        }
    }

    @Test func `past the end of the log is refused, since the answer would change`() async throws {
        var history = History()
        history.account("42")
        let log = IndexedHistory(history)
        for kind in [ViewQuestion.Kind.get("42"), .why("42", field: "owner"), .scan, .report] {
            let question = ViewQuestion(kind, try ViewParameters(), bounds: ReplayBounds(at: log.end))
            await #expect(throws: ViewError.pastEnd(log.end, end: log.end)) {
                _ = try await AsOfViews(DecodedLog(log)).snapshot(Customer360.self, for: question)
            }
        }
    }

    @Test func `without an index the whole view is folded`() async throws {
        var history = History()
        history.account("42")
        let log = RecordedHistory(events: history.events)
        let views = AsOfViews(DecodedLog(log))
        #expect(try views.entitySnapshot(Customer360.self, "42", ReplayBounds(at: .origin)) == nil)
        let question = ViewQuestion(.get("42"), try ViewParameters(), bounds: ReplayBounds(at: .origin))
        let box = try await views.snapshot(Customer360.self, for: question)
        #expect(try Customer360.answer(question, in: box.open())?.at("row.events") == 1)
    }
}
