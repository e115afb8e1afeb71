import EventModel
import EventTestKit
import SeededRandom
import Testing

@testable import EventLog

/// Random queries over few types, terms and streams, so that most of them meet something.
private struct QueryWorld {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    mutating func event(_ id: Int) -> ProposedEvent {
        let time = Timestamp(milliseconds: 1_700_000_000_000 + .random(in: 0..<100, using: &random))
        let actor = pick(["", "user:u1", "user:u2"])
        return Bool.random(using: &random)
            ? Proposal.assigned(to: pick(["u1", "u2", "u3"]), id: "e\(id)", actor: actor, time: time)
            : Proposal.classified(as: pick(["a", "b"]), id: "e\(id)", actor: actor, time: time)
    }

    mutating func item() -> EventQuery.Item {
        let terms = [
            "owner:u1", "owner:u2", "owner:u9", "stream:account-a1", "stream:account-a2", "category:account",
            "actor:user:u1", "type:account.classified", "category:lead", "nothing",
        ]
        var item = EventQuery.Item()
        for _ in 0..<Int.random(in: 0...3, using: &random) { item.terms.append(pick(terms)) }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            item.types.append(pick(["account.classified", "account.owner_assigned", "lead.none"]))
        }
        return item
    }

    mutating func query() -> EventQuery { EventQuery((0..<Int.random(in: 1...3, using: &random)).map { _ in item() }) }

    mutating func range(_ base: Int64, _ width: Int64) -> TimeRange {
        func moment() -> Timestamp? {
            Bool.random(using: &random)
                ? Timestamp(milliseconds: base + .random(in: -5..<width + 5, using: &random)) : nil
        }
        return TimeRange(from: moment(), until: moment())
    }
}

@Suite struct `A query` {
    /// What a reader of every record would answer.
    private func answer(_ request: ReadRequest, _ events: [RecordedEvent]) -> [RecordedEvent] {
        let isForward = request.direction == .forward
        let wanted = events.filter { event in
            var index = event.position.index
            switch request.selection {
            case .all: break
            case .stream(let name):
                guard event.stream == name else { return false }
                index = event.revision.index
            case .query(let query):
                let terms = TermExtractor.ownersOnly.terms(of: event)
                let matches = query.items.contains { item in
                    (item.types.isEmpty || item.types.contains(event.content.type))
                        && item.terms.allSatisfy(terms.contains)
                }
                guard matches else { return false }
            }
            return request.from.map { isForward ? index >= $0 : index <= $0 } ?? true
                && request.recorded.contains(event.recorded) && request.time.contains(event.time)
        }
        return Array((isForward ? wanted : wanted.reversed()).prefix(request.count))
    }

    @Test(arguments: [0x9E_21, 0x9E_22, 0x9E_23] as [UInt64])
    func `finds what a reader of every record finds`(seed: UInt64) async throws {
        var world = QueryWorld(seed: seed)
        let place = try TemporaryLog()
        try await place.withLog { log in
            let start = place.clock.now.milliseconds
            for id in 0..<400 {
                if id % 3 == 0 { place.clock.advance(byMilliseconds: .random(in: 0..<4, using: &world.random)) }
                try await log.append([world.event(id)], to: .account(world.pick(["a1", "a2", "a3", "a4"])))
            }
            let width = place.clock.now.milliseconds - start
            let events = try log.everything()
            for round in 0..<1500 {
                let selection: ReadSelection =
                    switch round % 5 {
                    case 0: .all
                    case 1: .stream(.account(world.pick(["a1", "a2", "a9"])))
                    default: .query(world.query())
                    }
                var request = ReadRequest(selection, count: world.pick([1, 7, 100, 1000]))
                if Bool.random(using: &world.random) { request.from = .random(in: 0..<420, using: &world.random) }
                if Bool.random(using: &world.random) { request.direction = .backward }
                if round % 2 == 0 { request.recorded = world.range(start, width) }
                if round % 3 == 0 { request.time = world.range(1_700_000_000_000, 100) }
                let found = try log.read(request)
                let expected = answer(request, events)
                #expect(found.map(\.position) == expected.map(\.position), "seed \(seed), round \(round): \(request)")
            }
        }
    }

    @Test func `of a history finds the streams and matches of all items, each event once`() async throws {
        let seed: UInt64 = 0xDCD
        var world = QueryWorld(seed: seed)
        try await TemporaryLog().withLog { log in
            for id in 0..<400 {
                try await log.append([world.event(id)], to: .account(world.pick(["a1", "a2", "a3", "a4"])))
                // Some in blocks, some in the journal.
                if id == 300 { try log.seal() }
            }
            let events = try log.everything()
            for round in 0..<300 {
                let streams = Set((0..<round % 3).map { _ in StreamName.account(world.pick(["a1", "a2", "a9"])) })
                let items = world.query().items.filter { !$0.types.isEmpty || !$0.terms.isEmpty }
                let end = Position(.random(in: 0..<420, using: &world.random))
                let expected = events.filter { event in
                    let isAsked =
                        streams.contains(event.stream)
                        || !items.isEmpty && EventQuery(items).matches(event, .ownersOnly)
                    return isAsked && event.position < end
                }
                // In a log so small no two keys share the part that the index keeps.
                let found = try log.positions(of: Array(streams), matching: items, before: end)
                #expect(found == expected.map(\.position), "seed \(seed), round \(round)")
                var lent: [String] = []
                try log.forEachEvent(at: found) { lent.append(String(copyingUTF8: $0.id)) }
                #expect(lent == expected.map(\.content.key.id), "seed \(seed), round \(round)")
            }
        }
    }

    @Test func `as a condition finds the first match past a position`() async throws {
        let seed: UInt64 = 0xDCB
        var world = QueryWorld(seed: seed)
        try await TemporaryLog().withLog { log in
            for id in 0..<200 {
                try await log.append([world.event(id)], to: .account(world.pick(["a1", "a2"])))
            }
            let events = try log.everything()
            let index = try #require(log.index)
            let reader = QueryReader(log.store, index, .ownersOnly)
            for round in 0..<500 {
                let query = world.query()
                let after: UInt64? =
                    Bool.random(using: &world.random) ? .random(in: 0..<210, using: &world.random) : nil
                let request = ReadRequest(.query(query), from: after.map { $0 + 1 }, count: 1)
                var stepsLeft = Limits.conditionStepCountMax
                let found = try reader.firstMatch(
                    query, after: after.map { Position($0) }, in: index.snapshot, stepsLeft: &stepsLeft,
                    waiting: { events[Int($0.index)] })
                #expect(found == answer(request, events).first?.position, "seed \(seed), round \(round)")
            }
        }
    }

    @Test func `matches an event of the same batch as it matches a recorded one`() async throws {
        let seed: UInt64 = 0xDCC
        var world = QueryWorld(seed: seed)
        let place = try TemporaryLog()
        try await place.withLog { log in
            let index = try #require(log.index)
            let history = History(log.store, index, QueryReader(log.store, index, .ownersOnly))
            for id in 0..<100 {
                let before = log.end
                let event = world.event(id)
                let stream = StreamName.account(world.pick(["a1", "a2"]))
                let queries = (0..<20).map { _ in world.query() }
                let isRefused = queries.map { query in
                    var prepared = PreparedRequests(index.hasher)
                    prepared.append(AppendRequest(event, to: stream))
                    let after = id == 0 ? nil : Position(before.index - 1)
                    prepared.append(
                        AppendRequest(
                            [StreamAppend([world.event(1000 + id)], to: stream, expecting: .any)],
                            unless: AppendCondition(unless: query, after: after)))
                    var batch = Batch(from: before, recorded: place.clock.now, history)
                    return batch.decide(prepared)[1] == .failure(.conditionFailed(at: before))
                }
                try await log.append([event], to: stream)
                let recorded = try #require(try log.read(ReadRequest(.all, count: 1, direction: .backward)).first)
                for (query, isRefused) in zip(queries, isRefused) {
                    let request = ReadRequest(.query(query), from: UInt64(id))
                    let expected = !answer(request, [recorded]).isEmpty
                    #expect(isRefused == expected, "seed \(seed)")
                    #expect(query.matches(recorded, .ownersOnly) == expected, "seed \(seed)")
                }
            }
        }
    }

    @Test func `as a condition finds the first match among the log and all of its own batch`() async throws {
        let seed: UInt64 = 0xDCE
        var world = QueryWorld(seed: seed)
        let place = try TemporaryLog()
        try await place.withLog { log in
            let index = try #require(log.index)
            let history = History(log.store, index, QueryReader(log.store, index, .ownersOnly))
            for round in 0..<40 {
                let before = log.end
                let requests = (0..<Int.random(in: 1...12, using: &world.random)).map { number in
                    AppendRequest(
                        world.event(1000 * round + number), to: .account(world.pick(["a1", "a2", "a3"])))
                }
                let conditions = (0..<30).map { _ in
                    let after = UInt64.random(in: 0..<before.index + 14, using: &world.random)
                    return AppendCondition(
                        unless: world.query(), after: Bool.random(using: &world.random) ? Position(after) : nil)
                }
                var batch = Batch(from: before, recorded: place.clock.now, history)
                var prepared = PreparedRequests(index.hasher)
                for request in requests { prepared.append(request) }
                let last = StreamAppend([world.event(1000 * round + 999)], to: .account("a4"), expecting: .noStream)
                // Several of one batch, those after the first with its index at hand.
                for condition in conditions { prepared.append(AppendRequest([last], unless: condition)) }
                let outcomes = batch.decide(prepared)
                var isFirst = true
                for request in requests { _ = await log.outcomes(of: [request]) }
                let events = try log.everything()
                for (number, condition) in conditions.enumerated() {
                    let from = condition.after.map { $0.index + 1 }
                    let request = ReadRequest(.query(condition.query), from: from, count: 1)
                    let outcome = outcomes[requests.count + number]
                    // One that nothing speaks against is recorded, and is looked for no more: the rest are its copies.
                    guard isFirst else { continue }
                    if let match = answer(request, events).first {
                        #expect(
                            outcome == .failure(.conditionFailed(at: match.position)), "seed \(seed), round \(round)")
                    } else {
                        #expect((try? outcome.get())?.first?.isDuplicate == false, "seed \(seed), round \(round)")
                        isFirst = false
                    }
                }
            }
        }
    }

    @Test func `that finds nothing gives way among many records, and goes on where it stopped`() async throws {
        try await TemporaryLog().withLog { log in
            let count = 2 * QueryReader.examinedCountMax + 500
            for start in stride(from: 0, to: count, by: 1000) {
                let requests = (start..<min(start + 1000, count)).map { number in
                    AppendRequest(
                        Proposal.classified(id: "e\(number)", time: Timestamp(milliseconds: 5)), to: .account("a1"))
                }
                _ = await log.outcomes(of: requests)
            }
            let last = Proposal.classified(id: "late", time: Timestamp(milliseconds: 9))
            try await log.append([last], to: .account("a1"))
            let types = ReadSelection.query(EventQuery([.init(types: ["account.classified"])]))
            for selection in [ReadSelection.all, .stream(.account("a1")), types] {
                for direction in [ReadDirection.forward, .backward] {
                    var request = ReadRequest(selection, count: 10, direction: direction)
                    request.time = TimeRange(from: Timestamp(milliseconds: 1), until: Timestamp(milliseconds: 3))
                    var places: [UInt64] = []
                    var place: UInt64?
                    repeat {
                        place = try log.readRecords(request, goingOnAt: place) { _ in Issue.record("lent a record") }
                        if let place { places.append(place) }
                    } while place != nil
                    let step = UInt64(QueryReader.examinedCountMax)
                    #expect(places == (direction == .forward ? [step, 2 * step] : [500, 500 + step].reversed()))
                    request.time = TimeRange(from: Timestamp(milliseconds: 9))
                    #expect(try log.read(request).map(\.content.key.id) == ["late"])
                }
            }
        }
    }

    /// Intersections and unions over segments and tails, against sets.
    @Test func `joins lists from all parts of the index`() throws {
        let seed: UInt64 = 0x10_14
        var random = SplitMix64(seed: seed)
        let directory = try TemporaryDirectory()
        let store = try SegmentStore(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
        let names = (0..<12).map { "t:\($0)" }
        var positions: [String: Set<UInt64>] = [:]
        var (tails, end): ([IndexTail], UInt64) = ([], 0)
        for _ in 0..<6 {
            let tail = IndexTail(start: end)
            for _ in 0..<Int.random(in: 1...4000, using: &random) {
                let own = names.indices.filter { Int.random(in: 0...$0 * $0, using: &random) == 0 }.map { names[$0] }
                for name in own { positions[name, default: []].insert(end) }
                var (place, key) = (0, 0)
                _ = tail.add(own.map(store.hasher.term), [UInt16(own.count)], from: &place, &key)
                end += 1
            }
            tails.append(tail)
        }
        let snapshot = IndexSnapshot(
            segments: try tails[..<4].map { try store.write($0) }, frozen: [tails[4]], tail: tails[5])
        for round in 0..<400 {
            let items = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                EventQuery.Item(
                    terms: (0..<Int.random(in: 1...3, using: &random)).map { _ in
                        names.randomElement(using: &random) ?? ""
                    })
            }
            let matching = items.reduce(into: Set<UInt64>()) { all, item in
                all.formUnion(
                    item.terms.dropFirst().reduce(positions[item.terms[0]] ?? []) {
                        $0.intersection(positions[$1] ?? [])
                    })
            }
            let direction: ReadDirection = Bool.random(using: &random) ? .forward : .backward
            var bound: UInt64? = .random(in: 0..<end, using: &random)
            let start = bound ?? 0
            var expected = matching.filter { direction == .forward ? $0 >= start : $0 <= start }.sorted()
            if direction == .backward { expected.reverse() }
            var postings = try QueryPostings(EventQuery(items), direction, store.hasher, in: snapshot)
            var found: [UInt64] = []
            while let next = bound, let position = try postings.seek(next) {
                found.append(position)
                bound = position.next(direction)
            }
            #expect(found == expected, "seed \(seed), round \(round)")
        }
    }
}
