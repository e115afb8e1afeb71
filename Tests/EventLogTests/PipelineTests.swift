import EventModel
import EventTestKit
import RecordFormat
import SeededRandom
import Testing

@testable import EventLog

@Suite struct `A batch behind one that the disk has in hand` {
    @Test func `decides as if that were part of the log`() async throws {
        let seed: UInt64 = 0xB47C
        var knownCount = 0
        try await forEachRound(seed: seed) { world, log, history, round in
            let (first, second) = (world.requests(for: log, round), world.requests(for: log, round))
            var before = world.batch(log, history)
            _ = before.decide(first)
            var behind = world.batch(log, history, behind: before)
            let outcomes = behind.decide(second)
            // What one batch decides about its own requests, other tests have established.
            var whole = world.batch(log, history)
            _ = whole.decide(first)
            #expect(outcomes.all == whole.decide(second).all, "seed \(seed), round \(round)")
            #expect(records(&before) + records(&behind) == records(&whole), "seed \(seed), round \(round)")
            for case .success(let receipts) in outcomes.all {
                knownCount += receipts.count { $0.isDuplicate && $0.position < log.end }
            }
        }
        #expect(knownCount > 10, "seed \(seed)")
    }

    @Test func `decides again without it when the disk has refused it`() async throws {
        let seed: UInt64 = 0xB47D
        var changedCount = 0
        try await forEachRound(seed: seed) { world, log, history, round in
            let (lost, kept) = (world.requests(for: log, round), world.requests(for: log, round))
            var before = world.batch(log, history)
            _ = before.decide(lost)
            let told = Told()
            var commit = Commit(world.batch(log, history, behind: before))
            commit.add(Submission(prepared: kept) { told.outcomes = $0.all }, at: world.clock.now)
            commit.complete(nil)
            let reckonedWithIt = told.outcomes
            commit.restart(in: world.batch(log, history))
            commit.complete(nil)
            var alone = world.batch(log, history)
            #expect(told.outcomes == alone.decide(kept).all, "seed \(seed), round \(round)")
            let (sealed, expected) = (commit.sealed(of: log.identity), alone.sealed(of: log.identity))
            #expect(sealed.bytes == expected.bytes, "seed \(seed), round \(round)")
            changedCount += reckonedWithIt == told.outcomes ? 0 : 1
        }
        #expect(changedCount > 50, "seed \(seed)")
    }

    @Test func `records what comes later at a later time, and never at an earlier one`() async throws {
        try await withTemporaryLog { log, clock async throws in
            let index = try #require(log.index)
            let history = History(log.store, index, QueryReader(log.store, index, .ownersOnly))
            var batch = Batch(from: log.end, recorded: clock.now, history)
            for (number, moment) in [clock.now, Timestamp(milliseconds: clock.now.milliseconds + 7)].enumerated() {
                var prepared = PreparedRequests(for: log)
                prepared.append(AppendRequest(Proposal.classified(id: "e\(number)"), to: .account("a1")))
                _ = batch.decide(prepared, at: moment)
            }
            let run = batch.sealed(of: log.identity)
            let recorded = try (0..<2).map { try run.event(at: Position($0)).recorded.milliseconds }
            #expect(recorded == [clock.now.milliseconds, clock.now.milliseconds + 7])
            #expect(batch.staged.recorded?.milliseconds == recorded[1])
        }
    }

    @Test func `reckons with the log alone once that is part of it`() async throws {
        try await withTemporaryLog { log, clock async throws in
            let index = try #require(log.index)
            let history = History(log.store, index, QueryReader(log.store, index, .ownersOnly))
            let request = AppendRequest(Proposal.classified(id: "e0"), to: .account("a1"), expecting: .noStream)
            var prepared = PreparedRequests(for: log)
            prepared.append(request)
            var before = Batch(from: log.end, recorded: clock.now, history)
            #expect(try before.decide(prepared)[0].get().first?.isDuplicate == false)
            var behind = Batch(from: before.staged.end, recorded: clock.now, history, behind: before.staged)
            #expect(try behind.decide(prepared)[0].get().first?.isDuplicate == true)
            // Here nobody has recorded it: the batch no longer knows better.
            behind.settle()
            #expect(try behind.decide(prepared)[0].get().first?.isDuplicate == false)
        }
    }
}

/// What a completion was told.
private final class Told: @unchecked Sendable {
    var outcomes: [Result<[AppendOutcomes.Receipt], AppendError>] = []
}

/// Random requests over few streams, deals and ids, so that they get in each other's way.
private struct World {
    var random: SplitMix64
    let clock: ManualClock
    /// The newest requests, some of which are sent again.
    private var sent: [AppendRequest] = []

    init(seed: UInt64, _ clock: ManualClock) {
        random = SplitMix64(seed: seed)
        self.clock = clock
    }

    func batch(_ log: EventLog, _ history: History, behind before: Batch? = nil) -> Batch {
        Batch(
            from: before?.staged.end ?? log.end, recorded: clock.now, history, behind: before?.staged, expecting: 100,
            eventCount: 1)
    }

    mutating func requests(for log: EventLog, _ round: Int) -> PreparedRequests {
        var prepared = PreparedRequests(for: log)
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            prepared.append(request(round), recordsViolations: Int.random(in: 0..<8, using: &random) == 0)
        }
        return prepared
    }

    /// Lets the log take some of it.
    mutating func record(in log: EventLog, _ round: Int) async throws {
        _ = await log.outcomes(of: (0..<4).map { _ in request(round) } + sent.suffix(8))
    }

    private mutating func request(_ round: Int) -> AppendRequest {
        if Int.random(in: 0..<6, using: &random) == 0, let again = sent.randomElement(using: &random) { return again }
        sent = sent.suffix(30) + [newRequest(round)]
        return sent[sent.count - 1]
    }

    private mutating func newRequest(_ round: Int) -> AppendRequest {
        let streamCount = Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1
        return AppendRequest(
            (0..<streamCount).map { _ in
                let id = "e\(Int.random(in: 0..<12, using: &random) + 4 * round)"
                let number = Int.random(in: 0..<4, using: &random)
                let expecting: [ExpectedRevision] = [
                    .any, .any, .any, .noStream, .streamExists, .exactly(Revision(UInt64(round / 40))),
                ]
                let isDeal = Bool.random(using: &random)
                let event = [
                    Proposal.dealOpened("o\(number)", id: id), Proposal.dealWon(id: id), Proposal.dealReopened(id: id),
                    Proposal.dealLost(id: id), Proposal.classified(id: id),
                ][isDeal ? Int.random(in: 0..<5, using: &random) : 4]
                return StreamAppend(
                    [event], to: isDeal ? .deal("o\(number)") : .account("a\(number)"),
                    expecting: expecting[Int.random(in: 0..<6, using: &random)])
            })
    }
}

/// 200 rounds over a log that grows, so that some of what is asked stands there. Each has a memory of its own, which
/// knows of the log what it reads there.
private func forEachRound(
    seed: UInt64, _ body: (inout World, EventLog, History, _ round: Int) throws -> Void
) async throws {
    let place = try TemporaryLog()
    try await place.withLog { log async throws in
        let index = try #require(log.index)
        var world = World(seed: seed, place.clock)
        for round in 0..<200 {
            if round % 4 == 0 { try await world.record(in: log, round) }
            let query = QueryReader(log.store, index, .ownersOnly)
            try body(&world, log, History(log.store, index, query, .dealsOnly), round)
        }
    }
}

private func records(_ batch: inout Batch) -> [UInt8] {
    Array(batch.sealed(of: "").bytes.dropFirst(JournalFrame.headerByteCount))
}

extension AppendOutcomes {
    fileprivate var all: [Result<[Receipt], AppendError>] { (0..<count).map { self[$0].map { Array($0) } } }
}
