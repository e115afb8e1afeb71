import EventModel

extension LogContract {
    static let appending = [
        LogContract("an empty log has nothing to read") { log in
            try expect(try await log.read(ReadRequest(.all)), is: [])
            try expect(try await log.read(ReadRequest(.all, direction: .backward)), is: [])
            try expect(try await log.stream(.account("a1")) == nil)
        },
        LogContract("positions and revisions are gapless from 0") { log in
            for index in 0..<12 {
                let receipt = try await log.append(
                    [Proposal.classified(id: "e\(index)-0"), Proposal.classified(id: "e\(index)-1")],
                    to: .account("a\(index % 3)"))
                try expect(receipt.position.index, is: UInt64(2 * index + 1))
                try expect(receipt.revision.index, is: UInt64(2 * (index / 3) + 1))
                try expect(!receipt.isDuplicate)
            }
            var revisions: [StreamName: UInt64] = [:]
            for (index, event) in try await log.everything().enumerated() {
                try expect(event.position.index, is: UInt64(index))
                try expect(event.revision.index, is: revisions[event.stream, default: 0])
                revisions[event.stream, default: 0] += 1
            }
            try expect(revisions.count, is: 3)
        },
        LogContract("an event comes back as it was sent") { log in
            var event = Proposal.assigned(
                to: "u9", id: "e1", source: "/crm/web", actor: "user:u7",
                time: Timestamp(milliseconds: 1_700_000_000_123))
            event.content.correlation = "c-1"
            event.content.causation = "e-0"
            event.content.reason = "territory"
            event.content.meta = Array(#"{"traceid":"t1"}"#.utf8)
            try await log.append([event], to: .account("a1"))
            let found = try await log.everything()
            try expect(found.count, is: 1)
            try expect(found[0].content, is: event.content)
            try expect(found[0].time, is: Timestamp(milliseconds: 1_700_000_000_123))
            try expect(found[0].stream, is: .account("a1"))
            try expect(found[0].recorded.milliseconds > 0)
        },
        LogContract("a log reads its own writes at once") { log in
            for index in 0..<20 {
                let receipt = try await log.append([Proposal.assigned(id: "e\(index)")], to: .account("a1"))
                let newest = try await log.read(ReadRequest(.stream(.account("a1")), count: 1, direction: .backward))
                try expect(newest.first?.position, is: receipt.position)
                let query = EventQuery([.init(terms: ["owner:u7"])])
                try expect(try await log.read(ReadRequest(.query(query), count: 100)).count, is: index + 1)
                try expect(try await log.stream(.account("a1"))?.revision, is: receipt.revision)
            }
        },
        LogContract("every expectation is met or refused as the stream stands") { log in
            func taken(_ expecting: ExpectedRevision, _ id: String) async throws {
                try await log.append([Proposal.classified(id: id)], to: .account("a1"), expecting: expecting)
            }
            func refused(_ expecting: ExpectedRevision, _ id: String) async throws {
                try await expectRefusal(.wrongRevision, from: log) { try await taken(expecting, id) }
            }
            try await refused(.streamExists, "r0")
            try await refused(.exactly(Revision(0)), "r1")
            try await taken(.noStream, "e0")
            try await refused(.noStream, "r2")
            try await refused(.exactly(Revision(1)), "r3")
            try await taken(.streamExists, "e1")
            try await taken(.exactly(Revision(1)), "e2")
            try await refused(.exactly(Revision(1)), "r4")
            try await refused(.exactly(Revision(.max >> 1)), "r5")
            try await taken(.any, "e3")
            try expect(try await log.stream(.account("a1"))?.revision, is: Revision(3))
            try await log.append([Proposal.classified(id: "e4")], to: .account("a2"), expecting: .any)
        },
        LogContract("several streams are appended together or not at all") { log in
            try await log.append([Proposal.classified(id: "e0")], to: .account("a1"))
            try await expectRefusal(.wrongRevision, from: log) {
                _ = try await log.append([
                    StreamAppend([Proposal.classified(id: "x0")], to: .account("a2"), expecting: .noStream),
                    StreamAppend([Proposal.classified(id: "x1")], to: .account("a1"), expecting: .noStream),
                ])
            }
            try expect(try await log.stream(.account("a2")) == nil)
            let receipts = try await log.append([
                StreamAppend([Proposal.classified(id: "x0")], to: .account("a2"), expecting: .noStream),
                StreamAppend(
                    [Proposal.classified(id: "x1"), Proposal.classified(id: "x2")], to: .account("a1"),
                    expecting: .exactly(Revision(0))),
            ])
            try expect(receipts.map(\.stream), is: [.account("a2"), .account("a1")])
            try expect(receipts.map(\.position.index), is: [1, 3])
            try expect(receipts.map(\.revision.index), is: [0, 2])
        },
        LogContract("a request may come back to a stream, and sees what it wrote there") { log in
            let receipts = try await log.append([
                StreamAppend([Proposal.classified(id: "e0")], to: .account("a1"), expecting: .noStream),
                StreamAppend([Proposal.classified(id: "e1")], to: .account("a2"), expecting: .noStream),
                StreamAppend([Proposal.classified(id: "e2")], to: .account("a1"), expecting: .exactly(Revision(0))),
            ])
            try expect(receipts.map(\.revision.index), is: [0, 0, 1])
        },
        LogContract("of many writers with one expectation exactly one wins") { log in
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        do throws(AppendError) {
                            try await log.append(
                                [Proposal.classified(id: "e\(index)")], to: .account("a1"), expecting: .noStream)
                            return true
                        } catch {
                            try expect(error.code, is: .wrongRevision)
                            return false
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            try expect(winners, is: 1)
            try expect(try await log.everything().count, is: 1)
        },
    ]
}
