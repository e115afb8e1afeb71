import EventModel
import EventTestKit
import Testing

@testable import EventLog

@Suite struct `A condition` {
    /// Events of two streams in turn, each stream with a type of its own: what both a type and the other's stream are
    /// asked for is nowhere, and found to be nowhere only at the end.
    private func fill(_ log: EventLog, eventCount: Int) async throws {
        for start in stride(from: 0, to: eventCount, by: 1000) {
            let outcomes = await log.outcomes(
                of: (start..<start + 1000).map { index in
                    index.isMultiple(of: 2)
                        ? AppendRequest(Proposal.classified(id: "e\(index)"), to: .account("a1"))
                        : AppendRequest(Proposal.assigned(id: "e\(index)"), to: .account("a2"))
                })
            #expect(outcomes.allSatisfy { (try? $0.get()) != nil })
        }
    }

    private let nowhere = EventQuery([
        .init(types: ["account.classified"], terms: ["stream:account-a2"]),
        .init(types: ["account.owner_assigned"], terms: ["stream:account-a1"]),
    ])

    private func append(_ id: String, to log: EventLog, after: Position?) async throws(AppendError) -> AppendReceipt? {
        try await log.append(
            [StreamAppend([Proposal.classified(id: id)], to: .account("a3"), expecting: .any)],
            unless: AppendCondition(unless: nowhere, after: after)
        ).first
    }

    @Test func `that takes too many steps is refused, and taken where it begins later`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log in
            // A step an event: each list in turn leads to the next event of the other.
            let eventCount = Limits.conditionStepCountMax + 1000
            try await fill(log, eventCount: eventCount / 1000 * 1000)
            let end = log.end
            let refusal = await #expect(throws: AppendError.self) { try await append("x1", to: log, after: nil) }
            #expect(refusal?.code == .limit)
            #expect(refusal?.description.contains("more than \(Limits.conditionStepCountMax) steps") == true)
            #expect(log.end == end)
            let receipt = try await append("x1", to: log, after: Position(end.index - 4000))
            #expect(receipt?.position == end)
        }
    }

    @Test func `that is broad gets BUSY when others of its commit took the steps, a narrow one never`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log in
            try await fill(log, eventCount: 7000)
            // A step an event of each item, 14,000 of the 16,384 that the conditions of a commit share.
            func broad(_ id: String) -> AppendRequest {
                AppendRequest(
                    [StreamAppend([Proposal.classified(id: id)], to: .account("a3"), expecting: .any)],
                    unless: AppendCondition(unless: nowhere))
            }
            let narrow = AppendRequest(
                [StreamAppend([Proposal.classified(id: "n")], to: .account("a4"), expecting: .any)],
                unless: AppendCondition(unless: EventQuery([.init(terms: ["stream:account-a4"])])))
            let outcomes = await log.outcomes(of: [broad("x1"), broad("x2"), broad("x3"), narrow])
            #expect(try outcomes[0].get().first?.position == Position(7000))
            #expect(outcomes[1] == .failure(.conditionsBusy) && outcomes[2] == .failure(.conditionsBusy))
            #expect(try outcomes[3].get().first?.position == Position(7001))
            let again = await log.outcomes(of: [broad("x2")])
            #expect(try again[0].get().first?.position == Position(7002))
        }
    }

    @Test func `that a query answers in few steps may look at the whole log`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log in
            try await fill(log, eventCount: 4000)
            #expect(try await append("x1", to: log, after: nil)?.position == Position(4000))
        }
    }
}
