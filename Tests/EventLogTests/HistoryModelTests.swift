import EventLog
import EventModel
import EventTestKit
import SeededRandom
import Testing

/// The log as its promises say, in a few lines over arrays and dictionaries.
private struct LogModel {
    private(set) var events: [RecordedEvent] = []
    private var positions: [EventKey: Int] = [:]
    private var counts: [StreamName: Int] = [:]

    /// Decides one request; the code of the refusal where it is none.
    mutating func decide(_ request: AppendRequest, at now: Timestamp) -> Result<[AppendReceipt], ErrorCodeFailure> {
        let sent = request.appends.flatMap { append in append.events.map { (append.stream, $0) } }
        if Set(sent.map(\.1.content.key)).count < sent.count { return .failure(.init(code: .duplicateID)) }
        let known = sent.filter { positions[$0.1.content.key] != nil }
        if !known.isEmpty {
            let isRetry = sent.allSatisfy { stream, event in
                guard let place = positions[event.content.key] else { return false }
                return events[place].stream == stream && events[place].content.data == event.content.data
                    && events[place].content.type == event.content.type
            }
            return isRetry ? .success(receipts(of: request)) : .failure(.init(code: .duplicateID))
        }
        var staged = counts
        for append in request.appends {
            let head = staged[append.stream].map { Revision(UInt64($0 - 1)) }
            guard append.expecting.isMet(by: head) else { return .failure(.init(code: .wrongRevision)) }
            staged[append.stream, default: 0] += append.events.count
        }
        for (stream, event) in sent {
            positions[event.content.key] = events.count
            events.append(
                RecordedEvent(
                    position: Position(UInt64(events.count)), stream: stream,
                    revision: Revision(UInt64(counts[stream, default: 0])), time: event.time ?? now, recorded: now,
                    content: event.content))
            counts[stream, default: 0] += 1
        }
        return .success(receipts(of: request, isDuplicate: false))
    }

    private func receipts(of request: AppendRequest, isDuplicate: Bool = true) -> [AppendReceipt] {
        request.appends.compactMap { append in
            append.events.last.flatMap { positions[$0.content.key] }.map {
                AppendReceipt(
                    stream: append.stream, position: events[$0].position, revision: events[$0].revision,
                    isDuplicate: isDuplicate)
            }
        }
    }

    func read(_ request: ReadRequest) -> [RecordedEvent] {
        let wanted = events.filter { event in
            switch request.selection {
            case .all: true
            case .stream(let name): event.stream == name
            case .query(let query):
                query.items.contains { item in
                    let terms = TermExtractor.ownersOnly.terms(of: event)
                    return (item.types.isEmpty || item.types.contains(event.content.type))
                        && item.terms.allSatisfy(terms.contains)
                }
            }
        }
        func place(_ event: RecordedEvent) -> UInt64 {
            if case .stream = request.selection { event.revision.index } else { event.position.index }
        }
        let ordered =
            request.direction == .forward
            ? wanted.filter { place($0) >= request.from ?? 0 }
            : wanted.reversed().filter { place($0) <= request.from ?? .max }
        return Array(ordered.prefix(request.count))
    }

    func revision(of stream: StreamName) -> Revision? { counts[stream].map { Revision(UInt64($0 - 1)) } }
}

private struct ErrorCodeFailure: Error, Equatable { let code: ErrorCode }

/// Draws requests that often conflict, repeat or overlap.
private struct RequestMaker {
    var random: SplitMix64
    private var nextID = 0
    private var sent: [AppendRequest] = []

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func request(_ model: LogModel) -> AppendRequest {
        if let old = sent.randomElement(using: &random), Int.random(in: 0..<8, using: &random) == 0 { return old }
        var appends: [StreamAppend] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let stream = StreamName.account("s\(Int.random(in: 0..<12, using: &random))")
            let events = (0..<Int.random(in: 1...4, using: &random)).map { _ in event() }
            appends.append(StreamAppend(events, to: stream, expecting: expectation(model.revision(of: stream))))
        }
        let request = AppendRequest(appends)
        sent.append(request)
        return request
    }

    private mutating func event() -> ProposedEvent {
        nextID += 1
        let id = Int.random(in: 0..<40, using: &random) == 0 ? Int.random(in: 1...nextID, using: &random) : nextID
        let actor = ["", "user:u1", "user:u2"].randomElement(using: &random) ?? ""
        return Bool.random(using: &random)
            ? Proposal.assigned(to: "u\(Int.random(in: 0..<5, using: &random))", id: "e\(id)", actor: actor)
            : Proposal.classified(as: "t\(Int.random(in: 0..<3, using: &random))", id: "e\(id)", actor: actor)
    }

    private mutating func expectation(_ head: Revision?) -> ExpectedRevision {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .noStream
        case 1: .streamExists
        case 2: .exactly(Revision(UInt64.random(in: 0..<30, using: &random)))
        case 3...5: head.map { .exactly($0) } ?? .noStream
        default: .any
        }
    }

    mutating func read(_ model: LogModel) -> ReadRequest {
        let stream = StreamName.account("s\(Int.random(in: 0..<13, using: &random))")
        let terms = ["stream:" + stream.text, "owner:u\(Int.random(in: 0..<6, using: &random))", "actor:user:u1"]
        let types = ["account.owner_assigned", "account.classified"]
        let selection: ReadSelection =
            switch Int.random(in: 0..<3, using: &random) {
            case 0: .all
            case 1: .stream(stream)
            default:
                .query(
                    EventQuery(
                        (0..<Int.random(in: 1...3, using: &random)).map { _ in
                            .init(
                                types: Array(
                                    types.shuffled(using: &random).prefix(Int.random(in: 0...1, using: &random))),
                                terms: Array(
                                    terms.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random))))
                        }))
            }
        let from =
            Bool.random(using: &random) ? UInt64.random(in: 0...UInt64(model.events.count + 2), using: &random) : nil
        return ReadRequest(
            selection, from: from, count: Int.random(in: 1...60, using: &random),
            direction: Bool.random(using: &random) ? .forward : .backward)
    }
}

@Suite struct `A random history` {
    @Test(arguments: [0xA11CE, 0xB0B, 0xC0FFEE, 0xDECADE] as [UInt64])
    func `goes as the model says`(seed: UInt64) async throws {
        let place = try TemporaryLog()
        var model = LogModel()
        var maker = RequestMaker(seed: seed)
        for opening in 0..<4 {
            let log = try place.open()
            for _ in 0..<30 {
                place.clock.advance(byMilliseconds: 7)
                // The requests of one submission are one commit here, since nobody else writes.
                let requests = (0..<Int.random(in: 1...12, using: &maker.random)).map { _ in maker.request(model) }
                let outcomes = await log.outcomes(of: requests)
                for (request, outcome) in zip(requests, outcomes) {
                    let expected = model.decide(request, at: place.clock.now)
                    let found = outcome.mapError { ErrorCodeFailure(code: $0.code) }
                    #expect(found == expected, "seed \(seed), opening \(opening), end \(model.events.count)")
                }
                let read = maker.read(model)
                #expect(try log.read(read) == model.read(read), "seed \(seed), \(read)")
            }
            #expect(try log.everything() == model.events, "seed \(seed)")
            log.close()
        }
        #expect(model.events.count > 500)
        let report = try place.open(isReadOnly: true).audit { _, _ in }
        #expect(report.findings.map(\.sentences) == [])
    }

    /// Enough events for many flushed tails and two merges; the look-ups must not notice.
    @Test func `of many events is found again by stream, term and id`() async throws {
        let seed: UInt64 = 0xB16
        let place = try TemporaryLog(mapByteCount: 1 << 30)
        var random = SplitMix64(seed: seed)
        var streams: [Int: [UInt64]] = [:]
        var owners: [Int: [UInt64]] = [:]
        let eventCount = 280_000
        let log = try place.open()
        for start in stride(from: 0, to: eventCount, by: 4000) {
            var requests: [AppendRequest] = []
            for index in start..<start + 4000 {
                let stream = Int.random(in: 0..<3000, using: &random)
                let owner = Int.random(in: 0..<50, using: &random)
                streams[stream, default: []].append(UInt64(index))
                owners[owner, default: []].append(UInt64(index))
                requests.append(
                    AppendRequest(Proposal.assigned(to: "u\(owner)", id: "e\(index)"), to: .account("s\(stream)")))
            }
            let outcomes = await log.outcomes(of: requests)
            #expect(outcomes.allSatisfy { (try? $0.get()) != nil })
        }
        for round in 0..<300 {
            let stream = Int.random(in: 0..<3000, using: &random)
            let held = streams[stream] ?? []
            let state = try log.stream(.account("s\(stream)"))
            #expect(state?.revision.index == UInt64(held.count - 1), "seed \(seed), round \(round)")
            #expect(state?.last.index == held.last)
            let page = try log.read(ReadRequest(.stream(.account("s\(stream)")), count: 1000))
            #expect(page.map(\.position.index) == held)
            let owner = Int.random(in: 0..<50, using: &random)
            let from = UInt64.random(in: 0..<UInt64(eventCount), using: &random)
            let query = EventQuery([.init(terms: ["owner:u\(owner)"])])
            let found = try log.read(ReadRequest(.query(query), from: from, count: 50))
            #expect(found.map(\.position.index) == Array((owners[owner] ?? []).filter { $0 >= from }.prefix(50)))
            let old = UInt64.random(in: 0..<UInt64(eventCount), using: &random)
            let event = try #require(try log.events(from: Position(old), count: 1).first)
            let again = await log.outcomes(of: [
                AppendRequest(ProposedEvent(event.content), to: event.stream, expecting: .noStream)
            ])
            #expect(try again[0].get()[0].position == event.position)
        }
        log.close()
    }
}
