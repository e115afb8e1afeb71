import EventModel

extension LogContract {
    /// Ten events over two streams: even positions in a1, odd in a2; every third assigns u1, the others classify.
    private static func fill(_ log: any LogUnderTest) async throws -> [RecordedEvent] {
        for index in 0..<10 {
            let event =
                index % 3 == 0 ? Proposal.assigned(to: "u1", id: "e\(index)") : Proposal.classified(id: "e\(index)")
            try await log.append([event], to: .account(index % 2 == 0 ? "a1" : "a2"))
        }
        return try await log.everything()
    }

    static let reading = [
        LogContract("the whole log is read from anywhere, both ways, as far as asked") { log in
            let all = try await fill(log)
            func read(_ from: UInt64?, _ count: Int, _ direction: ReadDirection) async throws -> [UInt64] {
                try await log.read(ReadRequest(.all, from: from, count: count, direction: direction))
                    .map(\.position.index)
            }
            try expect(all.map(\.position.index), is: Array(0..<10))
            try expect(try await read(nil, 3, .forward), is: [0, 1, 2])
            try expect(try await read(8, 3, .forward), is: [8, 9])
            try expect(try await read(10, 3, .forward), is: [])
            try expect(try await read(1 << 60, 3, .forward), is: [])
            try expect(try await read(nil, 3, .backward), is: [9, 8, 7])
            try expect(try await read(1, 3, .backward), is: [1, 0])
            try expect(try await read(0, 3, .backward), is: [0])
            try expect(try await read(1 << 60, 2, .backward), is: [9, 8])
        },
        LogContract("a stream is read from any revision, both ways, as far as asked") { log in
            _ = try await fill(log)
            func read(_ from: UInt64?, _ count: Int, _ direction: ReadDirection) async throws -> [UInt64] {
                let request = ReadRequest(.stream(.account("a2")), from: from, count: count, direction: direction)
                let events = try await log.read(request)
                try expect(
                    events.allSatisfy { $0.stream == .account("a2") && $0.position.index == 2 * $0.revision.index + 1 })
                return events.map(\.revision.index)
            }
            try expect(try await read(nil, 100, .forward), is: [0, 1, 2, 3, 4])
            try expect(try await read(2, 2, .forward), is: [2, 3])
            try expect(try await read(4, 9, .forward), is: [4])
            try expect(try await read(5, 9, .forward), is: [])
            try expect(try await read(nil, 2, .backward), is: [4, 3])
            try expect(try await read(2, 9, .backward), is: [2, 1, 0])
            try expect(try await read(99, 1, .backward), is: [4])
            let none = ReadRequest(.stream(.account("a9")))
            try expect(try await log.read(none), is: [])
        },
        LogContract("a stream's state names its first and newest event") { log in
            _ = try await fill(log)
            let state = try await log.stream(.account("a2"))
            try expect(state, is: StreamState(revision: Revision(4), first: Position(1), last: Position(9)))
        },
        LogContract("a query finds by type, by term, by both, and by either") { log in
            _ = try await fill(log)
            func read(_ items: EventQuery.Item...) async throws -> [UInt64] {
                try await log.read(ReadRequest(.query(EventQuery(items)))).map(\.position.index)
            }
            try expect(try await read(.init(types: ["account.owner_assigned"])), is: [0, 3, 6, 9])
            try expect(try await read(.init(types: ["account.classified"])), is: [1, 2, 4, 5, 7, 8])
            try expect(
                try await read(.init(types: ["account.classified", "account.owner_assigned"])), is: Array(0..<10))
            try expect(try await read(.init(terms: ["owner:u1"])), is: [0, 3, 6, 9])
            try expect(try await read(.init(terms: ["stream:account-a1"])), is: [0, 2, 4, 6, 8])
            try expect(try await read(.init(terms: ["category:account", "owner:u1"])), is: [0, 3, 6, 9])
            try expect(try await read(.init(terms: ["owner:u1", "stream:account-a1"])), is: [0, 6])
            try expect(
                try await read(.init(types: ["account.classified"], terms: ["stream:account-a1"])), is: [2, 4, 8])
            try expect(try await read(.init(types: ["account.classified"], terms: ["owner:u1"])), is: [])
            try expect(
                try await read(.init(terms: ["owner:u1"]), .init(terms: ["stream:account-a2"])),
                is: [0, 1, 3, 5, 6, 7, 9])
            try expect(try await read(.init(terms: ["owner:u2"])), is: [])
        },
        LogContract("a query goes on from anywhere, both ways, as far as asked") { log in
            _ = try await fill(log)
            let query = EventQuery([.init(terms: ["owner:u1"]), .init(terms: ["stream:account-a2"])])
            func read(_ from: UInt64?, _ count: Int, _ direction: ReadDirection) async throws -> [UInt64] {
                try await log.read(ReadRequest(.query(query), from: from, count: count, direction: direction))
                    .map(\.position.index)
            }
            try expect(try await read(2, 3, .forward), is: [3, 5, 6])
            try expect(try await read(3, 1, .forward), is: [3])
            try expect(try await read(10, 5, .forward), is: [])
            try expect(try await read(nil, 3, .backward), is: [9, 7, 6])
            try expect(try await read(4, 9, .backward), is: [3, 1, 0])
        },
        LogContract("a page ends where its bytes do, and the next one goes on there") { log in
            for index in 0..<8 {
                try await log.append(
                    [Proposal.classified(dataByteCount: Limits.eventDataByteCountMax - 1000, id: "e\(index)")],
                    to: .account("a1"))
            }
            let selections: [ReadSelection] = [
                .all, .stream(.account("a1")),
                .query(EventQuery([.init(types: ["account.classified"]), .init(terms: ["stream:account-a1"])])),
            ]
            for selection in selections {
                var positions: [UInt64] = []
                var pageCount = 0
                while positions.count < 8 {
                    let page = try await log.read(ReadRequest(selection, from: UInt64(positions.count), count: 100))
                    try expect(!page.isEmpty, "a page before the end has events")
                    positions += page.map(\.position.index)
                    pageCount += 1
                }
                try expect(positions, is: Array(0..<8))
                try expect(pageCount >= 2, "eight events of 255 KiB are no single page")
            }
        },
    ]

    static let following = [
        LogContract("following waits for the next event, and no longer than asked") { log in
            try expect(try await log.follow(from: .origin, count: 10, waitingMilliseconds: 50), is: [])
            async let waiting = log.follow(from: .origin, count: 10, waitingMilliseconds: 20_000)
            try await Task.sleep(for: .milliseconds(30))
            try await log.append([Proposal.classified(id: "e0")], to: .account("a1"))
            try expect(try await waiting.map(\.position.index), is: [0])
        },
        LogContract("following misses nothing and repeats nothing while others append") { log in
            let count = 400
            async let followed: [UInt64] = {
                var positions: [UInt64] = []
                while positions.count < count {
                    let page = try await log.follow(
                        from: Position(UInt64(positions.count)), count: 37, waitingMilliseconds: 10_000)
                    if page.isEmpty { break }
                    positions += page.map(\.position.index)
                }
                return positions
            }()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for index in 0..<count / 4 {
                            try await log.append(
                                [Proposal.classified(id: "w\(writer)-\(index)")], to: .account("a\(writer)"))
                        }
                    }
                }
                try await group.waitForAll()
            }
            try expect(try await followed, is: (0..<UInt64(count)).map { $0 })
        },
    ]
}
