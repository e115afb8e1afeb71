import EventModel

/// Streams of deals: opened, then won or lost, then reopened.
extension LogContract {
    static let lifecycles = [
        LogContract("an event that its stream's lifecycle does not allow is refused, and writes nothing") { log in
            try await refused([Proposal.dealWon(id: "x0")], by: log)
            try await log.append([Proposal.dealOpened("o1", id: "e0")], to: .deal("o1"))
            try await refused([Proposal.dealOpened("o1", id: "x1")], by: log)
            try await refused([Proposal.dealReopened(id: "x2")], by: log)
            try await log.append([Proposal.dealWon(id: "e1")], to: .deal("o1"))
            try await refused([Proposal.dealLost(id: "x3")], by: log)
            try await log.append([Proposal.dealReopened(id: "e2")], to: .deal("o1"))
            try await log.append([Proposal.dealLost(id: "e3")], to: .deal("o1"))
            try expect(try await log.everything().map(\.content.key.id), is: ["e0", "e1", "e2", "e3"])
        },
        LogContract("a refusal says the state, the event, and what is legal") { log in
            try await log.append([Proposal.dealOpened("o1", id: "e0")], to: .deal("o1"))
            try await log.append([Proposal.dealWon(id: "e1")], to: .deal("o1"))
            do {
                try await log.append([Proposal.dealLost(id: "x0")], to: .deal("o1"))
                try expect(false, "a deal that was won was lost")
            } catch let error as AppendError {
                let said = error.description
                try expect(said.contains("opportunity.lost") && said.contains("opportunity.reopened"), said)
                try expect(said.contains("'won'") || said.contains("'closed'"), said)
                try expect(!error.isRetryable)
            }
        },
        LogContract("the events of one request are applied one after the other") { log in
            try await refused(
                [Proposal.dealOpened("o1", id: "x0"), Proposal.dealWon(id: "x1"), Proposal.dealLost(id: "x2")], by: log)
            try await log.append(
                [Proposal.dealOpened("o1", id: "e0"), Proposal.dealWon(id: "e1"), Proposal.dealReopened(id: "e2")],
                to: .deal("o1"))
            try await log.append([Proposal.dealLost(id: "e3")], to: .deal("o1"))
        },
        LogContract("a request over several streams fails with the lifecycle of one of them") { log in
            try await log.append([Proposal.dealOpened("o1", id: "e0")], to: .deal("o1"))
            try await expectRefusal(.illegalTransition, from: log) {
                _ = try await log.append([
                    StreamAppend([Proposal.dealWon(id: "x0")], to: .deal("o1"), expecting: .any),
                    StreamAppend([Proposal.dealWon(id: "x1")], to: .deal("o2"), expecting: .any),
                ])
            }
            // What the refused request would have done to the first stream is forgotten.
            try await log.append([Proposal.dealLost(id: "e1")], to: .deal("o1"))
        },
        LogContract("of two that race for the end of a deal exactly one wins") { log in
            for deal in 0..<10 {
                let name = "o\(deal)"
                try await log.append([Proposal.dealOpened(name, id: "open\(deal)")], to: .deal(name))
                let winners = try await withThrowingTaskGroup(of: Int.self) { group in
                    for rival in 0..<8 {
                        group.addTask {
                            let id = "end\(deal)-\(rival)"
                            do throws(AppendError) {
                                try await log.append(
                                    [rival % 2 == 0 ? Proposal.dealWon(id: id) : Proposal.dealLost(id: id)],
                                    to: .deal(name))
                                return 1
                            } catch {
                                try expect(error.code, is: .illegalTransition)
                                return 0
                            }
                        }
                    }
                    return try await group.reduce(0, +)
                }
                try expect(winners, is: 1)
            }
            try expect(try await log.everything().count, is: 20)
        },
        LogContract("a retry returns its first receipt, though its event would not be legal any more") { log in
            try await log.append([Proposal.dealOpened("o1", id: "e0")], to: .deal("o1"))
            let first = try await log.append([Proposal.dealWon(id: "e1")], to: .deal("o1"))
            let again = try await log.append([Proposal.dealWon(id: "e1")], to: .deal("o1"))
            try expect(again.isDuplicate && !first.isDuplicate && again.position == first.position)
        },
    ]

    private static func refused(_ events: [ProposedEvent], by log: any LogUnderTest) async throws {
        try await expectRefusal(.illegalTransition, from: log) { try await log.append(events, to: .deal("o1")) }
    }
}
