import EventModel
import EventTestKit
import SeededRandom
import Testing

@testable import EventLog

@Suite struct `Lifecycles in the log` {
    @Test func `let one of two requests of one commit win`() async throws {
        try await withTemporaryLog { log, _ async throws in
            try await log.append([Proposal.dealOpened("o1", id: "e0")], to: .deal("o1"))
            let outcomes = await log.outcomes(of: [
                AppendRequest(Proposal.dealWon(id: "e1"), to: .deal("o1")),
                AppendRequest(Proposal.dealLost(id: "e2"), to: .deal("o1")),
                AppendRequest(Proposal.dealReopened(id: "e3"), to: .deal("o1")),
                AppendRequest(Proposal.dealOpened("o1", id: "e4"), to: .deal("o1")),
            ])
            #expect(outcomes.map { (try? $0.get()) != nil } == [true, false, true, false])
            let transition = IllegalTransition(
                state: "closed", attempted: "opportunity.lost", legal: ["opportunity.reopened"])
            #expect(outcomes[1] == .failure(.illegalTransition(.deal("o1"), transition)))
        }
    }

    @Test func `are derived again after a restart`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log async throws in
            try await log.append(
                [Proposal.dealOpened("o1", id: "e0"), Proposal.dealWon(id: "e1")], to: .deal("o1"))
        }
        try await place.withLog { log async throws in
            let outcomes = await log.outcomes(of: [
                AppendRequest(Proposal.dealLost(id: "x0"), to: .deal("o1")),
                AppendRequest(Proposal.dealReopened(id: "e2"), to: .deal("o1")),
                AppendRequest(Proposal.dealReopened(id: "x1"), to: .deal("o1")),
            ])
            #expect(outcomes.map { (try? $0.get()) != nil } == [false, true, false])
        }
    }

    @Test func `take what an import tells, and the state follows it`() async throws {
        try await withTemporaryLog { log, _ async throws in
            try await log.append([Proposal.dealOpened("o1", id: "e0")], to: .deal("o1"))
            // In one commit: an import ends the deal twice, and a service meets what it has left.
            let outcomes = await log.outcomes(of: [
                (Proposal.dealWon(id: "i0"), .deal("o1"), true), (Proposal.dealLost(id: "i1"), .deal("o1"), true),
                (Proposal.dealWon(id: "x0"), .deal("o1"), false), (Proposal.dealReopened(id: "e1"), .deal("o1"), false),
                (Proposal.dealOpened("o1", id: "i2"), .deal("o1"), true),
                (Proposal.dealWon(id: "i3"), .deal("o2"), true), (Proposal.dealReopened(id: "e2"), .deal("o2"), false),
            ])
            #expect(outcomes == [true, true, false, true, true, true, true])
            var found: [String] = []
            try log.forEachViolation { found.append("\($0.position) \($0.stream) \($0.transition.state)") }
            #expect(found == ["2 opportunity-o1 closed", "4 opportunity-o1 open", "5 opportunity-o2 none"])
        }
    }

    @Test func `are asked of no event whose type has none`() async throws {
        try await withTemporaryLog { log, _ async throws in
            var prepared = PreparedRequests(for: log)
            prepared.append(AppendRequest(Proposal.classified(id: "e0"), to: .account("a1")))
            prepared.append(AppendRequest(Proposal.dealOpened("o1", id: "e1"), to: .deal("o1")))
            #expect(prepared.parts.map(\.isGoverned) == [false, true])
            // Other events may stand between those of a lifecycle.
            try await log.append(
                [Proposal.dealOpened("o1", id: "e2"), Proposal.classified(id: "e3"), Proposal.dealWon(id: "e4")],
                to: .deal("o1"))
            try await log.append([Proposal.classified(id: "e5")], to: .deal("o1"))
            try await log.append([Proposal.dealReopened(id: "e6")], to: .deal("o1"))
        }
    }

    /// Services and imports over a few deals, in commits of up to eight requests, with restarts and a memory of two
    /// streams, against a dictionary.
    @Test(arguments: 1...12)
    func `decide as a dictionary does`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let place = try TemporaryLog()
        var model: [Int: Bool] = [:]
        var violationCount = 0
        var serial = 0
        for _ in 0..<4 {
            let log = try place.open()
            defer { log.close() }
            for _ in 0..<12 {
                var requests: [(ProposedEvent, StreamName, Bool)] = []
                var expected: [Bool] = []
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let (deal, kind) = (Int.random(in: 0..<5, using: &random), Int.random(in: 0..<5, using: &random))
                    let isImport = Int.random(in: 0..<4, using: &random) == 0
                    serial += 1
                    let id = "e\(serial)"
                    let event = [
                        Proposal.dealOpened("o\(deal)", id: id), Proposal.dealWon(id: id), Proposal.dealLost(id: id),
                        Proposal.dealReopened(id: id), Proposal.classified(id: id),
                    ][kind]
                    requests.append((event, .deal("o\(deal)"), isImport))
                    let isLegal = kind == 4 || model[deal] == [nil, true, true, false][kind]
                    expected.append(isLegal || isImport)
                    if !isLegal, isImport { violationCount += 1 }
                    if isLegal || isImport, kind < 4 { model[deal] = kind == 0 || kind == 3 }
                }
                let found = await log.outcomes(of: requests)
                #expect(found == expected, "seed \(seed)")
            }
            var found = 0
            try log.forEachViolation { _ in found += 1 }
            #expect(found == violationCount, "seed \(seed)")
        }
    }

    @Test func `are forgotten and read again`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log async throws in
            for deal in 0..<6 {
                try await log.append([Proposal.dealOpened("o\(deal)", id: "e\(deal)")], to: .deal("o\(deal)"))
            }
            let index = try #require(log.index)
            let query = QueryReader(log.store, index, .ownersOnly)
            let history = History(log.store, index, query, .dealsOnly, courseEntryCountMax: 2)
            var batch = Batch(from: log.end, recorded: place.clock.now, history)
            var prepared = PreparedRequests(index.hasher, .dealsOnly)
            for round in 0..<2 {
                for deal in 0..<6 {
                    prepared.append(AppendRequest(Proposal.dealWon(id: "w\(round)-\(deal)"), to: .deal("o\(deal)")))
                }
            }
            let outcomes = batch.decide(prepared)
            #expect((0..<12).map { (try? outcomes[$0].get()) != nil } == (0..<12).map { $0 < 6 })
        }
    }
}

extension EventLog {
    /// Hands over single events in one submission, those of an import as such; returns which were taken.
    fileprivate func outcomes(of events: [(ProposedEvent, StreamName, Bool)]) async -> [Bool] {
        var prepared = PreparedRequests(for: self)
        for (event, stream, isImport) in events {
            prepared.append(
                AppendRequest([StreamAppend([event], to: stream, expecting: .any)]), recordsViolations: isImport)
        }
        let outcomes = await withCheckedContinuation { continuation in
            submit(prepared) { continuation.resume(returning: $0) }
        }
        return events.indices.map { (try? outcomes[$0].get()) != nil }
    }
}
