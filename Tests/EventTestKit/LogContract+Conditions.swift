import EventModel

/// The compliance cases of dynamic consistency boundaries (dcb.events, "Specification" and its test cases):
/// consistency, atomicity with the batch, and gapless positions under parallel writers.
extension LogContract {
    /// Ten events as in the cases of reading: every third assigns u1 (0, 3, 6, 9), the others classify.
    private static func fill(_ log: any LogUnderTest) async throws {
        for index in 0..<10 {
            let event =
                index % 3 == 0 ? Proposal.assigned(to: "u1", id: "e\(index)") : Proposal.classified(id: "e\(index)")
            try await log.append([event], to: .account(index % 2 == 0 ? "a1" : "a2"))
        }
    }

    private static func append(
        _ id: String, to log: any LogUnderTest, expecting: ExpectedRevision = .any, unless items: [EventQuery.Item],
        after: UInt64?
    ) async throws -> AppendReceipt {
        let receipts = try await log.append(
            [StreamAppend([Proposal.classified(id: id)], to: .account("a3"), expecting: expecting)],
            unless: AppendCondition(unless: EventQuery(items), after: after.map { Position($0) }))
        return receipts[0]
    }

    static let conditions = [
        LogContract("an append is taken when nothing matches its condition past the position") { log in
            try await fill(log)
            let taken: [(items: [EventQuery.Item], after: UInt64?)] = [
                ([.init(terms: ["owner:u1"])], 9), ([.init(types: ["account.owner_assigned"])], 9),
                ([.init(types: ["account.classified"], terms: ["owner:u1"])], nil),
                ([.init(terms: ["owner:u1", "stream:account-a2"])], 9), ([.init(terms: ["owner:u2"])], nil),
                ([.init(terms: ["owner:u2"]), .init(types: ["account.created"])], nil),
                ([.init(types: ["account.classified"], terms: ["stream:account-a1"])], 8),
                ([.init(terms: ["owner:u1"])], 1 << 60),
            ]
            for (index, condition) in taken.enumerated() {
                let receipt = try await append(
                    "x\(index)", to: log, unless: condition.items, after: condition.after)
                try expect(receipt.position.index, is: UInt64(10 + index))
                try expect(!receipt.isDuplicate)
            }
        },
        LogContract("an append is refused when an event past the position matches by type, term, both or either") {
            log in
            try await fill(log)
            let refused: [(items: [EventQuery.Item], after: UInt64?)] = [
                ([.init(terms: ["owner:u1"])], 8), ([.init(terms: ["owner:u1"])], nil),
                ([.init(types: ["account.owner_assigned"])], 0), ([.init(types: ["account.classified"])], 7),
                ([.init(types: ["account.created", "account.classified"])], 7),
                ([.init(types: ["account.owner_assigned"], terms: ["stream:account-a1"])], 5),
                ([.init(terms: ["owner:u1", "stream:account-a2"])], 8),
                ([.init(terms: ["owner:u2"]), .init(terms: ["stream:account-a2"])], 8),
                ([.init(types: ["account.created"]), .init(terms: ["owner:u1"])], nil),
            ]
            for (index, condition) in refused.enumerated() {
                try await expectRefusal(.condition, from: log) {
                    _ = try await append("x\(index)", to: log, unless: condition.items, after: condition.after)
                }
            }
        },
        LogContract("an empty log meets every condition") { log in
            let receipt = try await append("x0", to: log, unless: [.init(types: ["account.classified"])], after: nil)
            try expect(receipt.position, is: .origin)
            try await expectRefusal(.condition, from: log) {
                _ = try await append("x1", to: log, unless: [.init(types: ["account.classified"])], after: nil)
            }
            // The event at the position itself is known to whoever decided.
            _ = try await append("x2", to: log, unless: [.init(types: ["account.classified"])], after: 0)
        },
        LogContract("of many appends under one condition exactly one wins") { log in
            try await fill(log)
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        do throws(AppendError) {
                            _ = try await log.append(
                                [
                                    StreamAppend(
                                        [Proposal.assigned(to: "u9", id: "x\(index)")], to: .account("b\(index)"),
                                        expecting: .noStream)
                                ],
                                unless: AppendCondition(unless: EventQuery([.init(terms: ["owner:u9"])])))
                            return true
                        } catch {
                            try expect(error.code, is: .condition)
                            return false
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            try expect(winners, is: 1)
            try expect(try await log.everything().count, is: 11)
        },
        LogContract("a refused condition writes nothing to any stream of its request") { log in
            try await fill(log)
            try await expectRefusal(.condition, from: log) {
                _ = try await log.append(
                    [
                        StreamAppend([Proposal.classified(id: "x0")], to: .account("b1"), expecting: .noStream),
                        StreamAppend([Proposal.classified(id: "x1")], to: .account("b2"), expecting: .noStream),
                    ], unless: AppendCondition(unless: EventQuery([.init(terms: ["owner:u1"])]), after: Position(8)))
            }
            try expect(try await log.stream(.account("b1")) == nil)
        },
        LogContract("a retried append returns its first receipt, though its own event would fail its condition") {
            log in
            let items = [EventQuery.Item(types: ["account.classified"])]
            let first = try await append("x0", to: log, unless: items, after: nil)
            let again = try await append("x0", to: log, unless: items, after: nil)
            try expect(again.isDuplicate && !first.isDuplicate)
            try expect(again.position, is: first.position)
            try expect(try await log.everything().count, is: 1)
        },
        LogContract("a condition and an expectation must both hold") { log in
            try await fill(log)
            let quiet = [EventQuery.Item(terms: ["owner:u2"])]
            try await expectRefusal(.wrongRevision, from: log) {
                _ = try await append("x0", to: log, expecting: .streamExists, unless: quiet, after: nil)
            }
            try await expectRefusal(.condition, from: log) {
                _ = try await append(
                    "x1", to: log, expecting: .noStream, unless: [.init(terms: ["owner:u1"])], after: nil)
            }
            _ = try await append("x2", to: log, expecting: .noStream, unless: quiet, after: nil)
        },
        LogContract("positions grow without gaps while many write, with and without conditions") { log in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        var last: Position?
                        for index in 0..<40 {
                            let receipt = try await log.append(
                                [
                                    StreamAppend(
                                        [Proposal.classified(id: "w\(writer)-\(index)")], to: .account("w\(writer)"),
                                        expecting: index == 0 ? .noStream : .exactly(Revision(UInt64(index - 1))))
                                ],
                                unless: AppendCondition(
                                    unless: EventQuery([.init(terms: ["stream:account-w\(writer)"])]), after: last))
                            try expect(last.map { $0 < receipt[0].position } ?? true)
                            last = receipt[0].position
                        }
                    }
                }
                try await group.waitForAll()
            }
            let all = try await log.everything()
            try expect(all.map(\.position.index), is: Array(0..<320))
        },
    ]
}
