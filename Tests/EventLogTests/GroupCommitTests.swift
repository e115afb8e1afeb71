import EventModel
import EventTestKit
import RecordFormat
import Testing

@testable import EventLog

@Suite struct `A group commit` {
    @Test func `decides its requests in order`() async throws {
        try await withTemporaryLog { log, _ async throws in
            let requests = (0..<50).map {
                AppendRequest(
                    Proposal.classified(id: "e\($0)"), to: .account("a1"),
                    expecting: $0 % 2 == 0 ? .noStream : .exactly(Revision(UInt64($0 / 2))))
            }
            // Of the first who wants no stream; then e1 wants revision 0 and gets it, e3 wants 1, and so on.
            let outcomes = await log.outcomes(of: requests)
            let winners = outcomes.indices.filter { (try? outcomes[$0].get()) != nil }
            #expect(winners == [0] + Array(stride(from: 1, to: 50, by: 2)))
            #expect(try log.everything().map(\.content.key.id) == winners.map { "e\($0)" })
        }
    }

    @Test func `lets exactly one of many submissions win`() async throws {
        try await withTemporaryLog { log, _ async throws in
            await withTaskGroup(of: Int.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        let requests = (0..<40).map {
                            AppendRequest(
                                Proposal.classified(id: "w\(writer)-\($0)"), to: .account("race\($0)"),
                                expecting: .noStream)
                        }
                        return await log.outcomes(of: requests).count { (try? $0.get()) != nil }
                    }
                }
                let winnerCount = await group.reduce(0, +)
                #expect(winnerCount == 40)
            }
            #expect(try log.everything().count == 40)
        }
    }

    @Test func `sees the ids and revisions of its own requests`() async throws {
        try await withTemporaryLog { log, _ async throws in
            let event = Proposal.classified(id: "e0")
            let outcomes = await log.outcomes(of: [
                AppendRequest(event, to: .account("a1"), expecting: .noStream),
                AppendRequest(event, to: .account("a1"), expecting: .noStream),
                AppendRequest(Proposal.classified(as: "b", id: "e0"), to: .account("a1")),
                AppendRequest(Proposal.classified(id: "e1"), to: .account("a1"), expecting: .exactly(Revision(0))),
            ])
            let first = try outcomes[0].get()[0]
            let again = try outcomes[1].get()[0]
            #expect(!first.isDuplicate && again.isDuplicate && again.position == first.position)
            #expect(outcomes[2] == .failure(.duplicateID(firstAt: first.position)))
            #expect(try outcomes[3].get()[0].revision == Revision(1))
            let twice = Proposal.classified(id: "e2")
            let repeated = AppendRequest([StreamAppend([twice, twice], to: .account("a1"), expecting: .any)])
            #expect(await log.outcomes(of: [repeated]) == [.failure(.repeatedID)])
        }
    }

    @Test func `gives its events one recorded time`() async throws {
        try await withTemporaryLog { log, clock async throws in
            _ = await log.outcomes(
                of: (0..<10).map { AppendRequest(Proposal.classified(id: "e\($0)"), to: .account("a1")) })
            #expect(try log.everything().allSatisfy { $0.recorded == clock.now && $0.time == clock.now })
        }
    }

    @Test func `never goes back in recorded time when the clock does`() async throws {
        let place = try TemporaryLog()
        let start = place.clock.now
        try await place.withLog { log async throws in
            try await log.append([Proposal.classified(id: "e0")], to: .account("a1"))
            #expect(log.status.recordedAheadMilliseconds == 0)
            place.clock.advance(byMilliseconds: -60_000)
            #expect(log.status.recordedAheadMilliseconds == 60_000)
            try await log.append([Proposal.classified(id: "e1")], to: .account("a1"))
        }
        try await place.withLog { log async throws in
            try await log.append([Proposal.classified(id: "e2")], to: .account("a1"))
            place.clock.advance(byMilliseconds: 60_001)
            try await log.append([Proposal.classified(id: "e3")], to: .account("a1"))
            let late = Timestamp(milliseconds: start.milliseconds + 1)
            #expect(try log.everything().map(\.recorded) == [start, start, start, late])
        }
    }

    @Test func `is refused after closing, and reading goes on`() async throws {
        let place = try TemporaryLog()
        let log = try place.open()
        try await log.append([Proposal.classified(id: "e0")], to: .account("a1"))
        log.close()
        let outcome = await log.outcomes(of: [AppendRequest(Proposal.classified(id: "e1"), to: .account("a1"))])
        #expect(outcome == [.failure(.logFailed)])
        #expect(try log.everything().count == 1)
    }

    /// 65 requests of 1 MiB at once: more than may wait.
    @Test func `is refused as busy when too much waits`() async throws {
        try await withTemporaryLog(mapByteCount: 512 << 20) { log, _ async throws in
            let big = (0..<4).map { Proposal.classified(dataByteCount: Limits.eventDataByteCountMax, id: "p\($0)") }
            let request = AppendRequest([StreamAppend(big, to: .account("a1"), expecting: .any)])
            let outcomes = await log.outcomes(of: Array(repeating: request, count: 65))
            #expect(outcomes.allSatisfy { $0 == .failure(.busy(pendingByteCount: 0)) })
            #expect(AppendError.busy(pendingByteCount: 0).isRetryable)
            let alone = await log.outcomes(of: [request])
            #expect((try? alone[0].get()) != nil)
        }
    }
}

@Suite struct `The writer's memory of streams` {
    /// A request over more streams than are remembered still counts every stream's revisions on.
    @Test func `may forget in the middle of a request`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log async throws in
            for name in ["a1", "a2", "a3"] {
                try await log.append([Proposal.classified(id: name + "-0")], to: .account(name))
            }
            let index = try #require(log.index)
            let query = QueryReader(log.store, index, .ownersOnly)
            let history = History(log.store, index, query, streamCountMax: 1)
            var batch = Batch(from: log.end, recorded: place.clock.now, history)
            let request = AppendRequest(
                ["a1", "a2", "a3", "a1"].enumerated().map {
                    StreamAppend(
                        [Proposal.classified(id: "n\($0)")], to: .account($1),
                        expecting: .exactly(Revision($0 == 3 ? 1 : 0)))
                })
            var prepared = PreparedRequests(index.hasher)
            prepared.append(request)
            let receipts = try batch.decide(prepared)[0].get()
            #expect(receipts.map(\.revision.index) == [1, 1, 1, 2])
            let run = batch.sealed(of: log.identity)
            #expect(try (3..<7).map { try run.event(at: Position($0)).revision.index } == [1, 1, 1, 2])
        }
    }
}
