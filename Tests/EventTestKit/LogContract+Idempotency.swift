import EventModel

extension LogContract {
    static let idempotency = [
        LogContract("a retry returns the first receipt, marked duplicate") { log in
            let events = [Proposal.classified(id: "e0"), Proposal.classified(id: "e1")]
            let first = try await log.append(events, to: .account("a1"), expecting: .noStream)
            try await log.append([Proposal.classified(id: "e2")], to: .account("a1"))
            let again = try await log.append(events, to: .account("a1"), expecting: .noStream)
            try expect(again.isDuplicate && !first.isDuplicate)
            try expect(again.position, is: first.position)
            try expect(again.revision, is: first.revision)
            try expect(try await log.everything().count, is: 3)
        },
        LogContract("a retry by another actor is the same event") { log in
            let first = try await log.append(
                [Proposal.classified(id: "e0", actor: "user:u1")], to: .account("a1"))
            let again = try await log.append(
                [Proposal.classified(id: "e0", actor: "user:u2")], to: .account("a1"))
            try expect(again.isDuplicate && again.position == first.position)
            try expect(try await log.everything().map(\.content.actor), is: ["user:u1"])
        },
        LogContract("a retry without the time is the same event") { log in
            let time = Timestamp(milliseconds: 1_700_000_000_000)
            let first = try await log.append([Proposal.classified(id: "e0", time: time)], to: .account("a1"))
            let again = try await log.append([Proposal.classified(id: "e0")], to: .account("a1"))
            try expect(again.isDuplicate && again.position == first.position)
            try expect(try await log.everything().map(\.time), is: [time])
        },
        LogContract("a retry over several streams returns every first receipt") { log in
            let request = [
                StreamAppend([Proposal.classified(id: "e0")], to: .account("a1"), expecting: .noStream),
                StreamAppend([Proposal.classified(id: "e1")], to: .account("a2"), expecting: .noStream),
            ]
            let first = try await log.append(request)
            let again = try await log.append(request)
            try expect(again.map(\.position), is: first.map(\.position))
            try expect(again.allSatisfy(\.isDuplicate))
        },
        LogContract("an id with other content is refused") { log in
            let time = Timestamp(milliseconds: 1_700_000_000_000)
            try await log.append([Proposal.classified(as: "a", id: "e0", time: time)], to: .account("a1"))
            var otherReason = Proposal.classified(as: "a", id: "e0", time: time)
            otherReason.content.reason = "other"
            let others = [
                (Proposal.classified(as: "b", id: "e0", time: time), StreamName.account("a1")),
                (Proposal.assigned(id: "e0", time: time), .account("a1")),
                (Proposal.classified(as: "a", id: "e0", time: time), .account("a2")),
                (Proposal.classified(as: "a", id: "e0", time: Timestamp(milliseconds: 1)), .account("a1")),
                (otherReason, .account("a1")),
            ]
            for (event, stream) in others {
                try await expectRefusal(.duplicateID, from: log) { try await log.append([event], to: stream) }
            }
            // The same id of another source is another event.
            try await log.append([Proposal.classified(as: "b", id: "e0", source: "/other")], to: .account("a1"))
            try expect(try await log.everything().count, is: 2)
        },
        LogContract("a request that is partly there is refused") { log in
            try await log.append([Proposal.classified(id: "e0")], to: .account("a1"))
            try await expectRefusal(.duplicateID, from: log) {
                try await log.append(
                    [Proposal.classified(id: "e0"), Proposal.classified(id: "e1")], to: .account("a1"))
            }
            try await expectRefusal(.duplicateID, from: log) {
                _ = try await log.append([
                    StreamAppend([Proposal.classified(id: "e2")], to: .account("a2"), expecting: .any),
                    StreamAppend([Proposal.classified(id: "e0")], to: .account("a1"), expecting: .any),
                ])
            }
        },
        LogContract("a request with one id twice is refused") { log in
            try await expectRefusal(.duplicateID, from: log) {
                try await log.append(
                    [Proposal.classified(id: "e0"), Proposal.classified(id: "e0")], to: .account("a1"))
            }
        },
        LogContract("an id is looked at before the revision") { log in
            try await log.append([Proposal.classified(as: "a", id: "e0")], to: .account("a1"))
            try await expectRefusal(.duplicateID, from: log) {
                try await log.append(
                    [Proposal.classified(as: "b", id: "e0")], to: .account("a1"), expecting: .noStream)
            }
        },
        LogContract("retries that overtake each other record every event once") { log in
            try await withThrowingTaskGroup(of: AppendReceipt.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        try await log.append([Proposal.classified(id: "e\(index % 6)")], to: .account("a\(index % 6)"))
                    }
                }
                var fresh = 0
                for try await receipt in group where !receipt.isDuplicate { fresh += 1 }
                try expect(fresh, is: 6)
            }
            try expect(try await log.everything().count, is: 6)
        },
    ]

    static let limits = [
        LogContract("a request without events is refused") { log in
            try await expectRefusal(.syntax, from: log) { _ = try await log.append([]) }
            try await expectRefusal(.syntax, from: log) { try await log.append([], to: .account("a1")) }
        },
        LogContract("a request takes as many events as it may, and not one more") { log in
            let events = (0...Limits.requestEventCountMax).map { Proposal.classified(id: "e\($0)") }
            try await expectRefusal(.tooLarge, .limit, from: log) { try await log.append(events, to: .account("a1")) }
            let receipt = try await log.append(Array(events.dropLast()), to: .account("a1"))
            try expect(receipt.revision.index, is: UInt64(Limits.requestEventCountMax - 1))
        },
        LogContract("an event takes as many bytes of data as it may, and not one more") { log in
            try await log.append(
                [Proposal.classified(dataByteCount: Limits.eventDataByteCountMax, id: "e0")], to: .account("a1"))
            try await expectRefusal(.tooLarge, .invalidEvent, from: log) {
                try await log.append(
                    [Proposal.classified(dataByteCount: Limits.eventDataByteCountMax + 1, id: "e1")],
                    to: .account("a1"))
            }
        },
        LogContract("an actor takes as many bytes as it may, and not one more") { log in
            let most = "user:" + String(repeating: "u", count: Limits.nameByteCountMax - 5)
            try await log.append([Proposal.classified(id: "e0", actor: most)], to: .account("a1"))
            try await expectRefusal(.tooLarge, .limit, .invalidEvent, from: log) {
                try await log.append([Proposal.classified(id: "e1", actor: most + "u")], to: .account("a1"))
            }
        },
    ]
}
