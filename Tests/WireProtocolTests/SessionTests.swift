import EventModel
import SeededRandom
import Testing
import WireProtocol

private let appendCommand = line("LOG.INGEST {}")
private let readCommand = line("LOG.READ ALL")

private func newSession() -> SessionState { SessionState(SessionIdentity(connectionID: 7, serverVersion: "0.1.0")) }

/// Short names of actions: `S` a start, `W` a write in RESP2, `w` in RESP3, and the rest by their first letters.
private func shape(_ actions: [SessionState.Action]) -> String {
    actions.map { action in
        switch action {
        case .start: "S"
        case .write(_, .v2): "W"
        case .write(_, .v3): "w"
        case .stopReading: "stop"
        case .resumeReading: "resume"
        case .close: "close"
        }
    }.joined(separator: " ")
}

private func ticket(_ actions: [SessionState.Action]) throws -> SessionState.Ticket {
    try #require(actions.compactMap { if case .start(let ticket, _) = $0 { ticket } else { nil } }.first)
}

@Suite struct `A session` {
    @Test func `answers what needs nothing but the connection`() {
        var session = newSession()
        #expect(session.phase == .greeting)
        #expect(session.received(line("PING")) == [.write(.simple("PONG"), .v2)])
        #expect(session.phase == .ready)
        #expect(session.received(line("PING hi")) == [.write(.text("hi"), .v2)])
        #expect(session.received(line("CLIENT GETNAME")) == [.write(.null, .v2)])
        #expect(session.received(line("CLIENT SETNAME worker")) == [.write(.ok, .v2)])
        #expect(session.received(line("CLIENT GETNAME")) == [.write(.text("worker"), .v2)])
        #expect(session.received(line("CLIENT ID")) == [.write(.integer(7), .v2)])
        #expect(session.received(line("NONSENSE")) == [.write(.refusal(RequestError.unknownCommand), .v2)])
        #expect(session.received(line("CLIENT SETINFO LIB-NAME redis-py")) == [.write(.ok, .v2)])
        #expect(session.identity.libraryName == "redis-py")
    }

    @Test func `changes the dialect at HELLO's turn`() throws {
        var session = newSession()
        let start = session.received(readCommand)
        #expect(shape(start) == "S")
        #expect(session.received(line("HELLO 3 SETNAME w")) == [])
        #expect(session.received(line("PING")) == [])
        let actions = session.finished(try ticket(start), .array([]))
        #expect(shape(actions) == "W w w")
        guard case .write(let greeting, _) = actions[1] else { return }
        #expect(greeting["proto"] == .integer(3))
        #expect(greeting["id"] == .integer(7))
        #expect(session.version == .v3)
        #expect(session.identity.clientName == "w")
        #expect(shape(session.received(line("HELLO 9"))) == "w")
        #expect(session.version == .v3)
    }

    @Test func `runs appends side by side and answers them in order`() throws {
        var session = newSession()
        let first = session.received(appendCommand)
        let second = session.received(appendCommand)
        #expect(shape(first) == "S" && shape(second) == "S")
        #expect(session.finished(try ticket(second), .integer(2)) == [])
        #expect(
            session.finished(try ticket(first), .integer(1)) == [.write(.integer(1), .v2), .write(.integer(2), .v2)])
    }

    @Test func `starts a read when every append before it is answered, and nothing beside it`() throws {
        var session = newSession()
        let append = session.received(appendCommand)
        #expect(session.received(readCommand) == [])
        #expect(session.received(appendCommand) == [])
        #expect(session.received(line("PING")) == [])
        let read = session.finished(try ticket(append), .integer(1))
        #expect(shape(read) == "W S")
        let later = session.finished(try ticket(read), .array([]))
        #expect(shape(later) == "W S")
        #expect(shape(session.finished(try ticket(later), .integer(2))) == "W W")
        #expect(session.unansweredCount == 0)
    }

    @Test func `stops reading at the depth and resumes at half of it`() throws {
        var session = newSession()
        var tickets: [SessionState.Ticket] = []
        for _ in 1..<Limits.pipelineDepthMax {
            let actions = session.received(appendCommand)
            #expect(shape(actions) == "S")
            tickets.append(try ticket(actions))
        }
        let last = session.received(appendCommand)
        #expect(shape(last) == "S stop")
        #expect(!session.isReading)
        for index in 0..<(Limits.pipelineDepthMax / 2 - 1) {
            #expect(shape(session.finished(tickets[index], .ok)) == "W")
        }
        #expect(shape(session.finished(tickets[Limits.pipelineDepthMax / 2 - 1], .ok)) == "W resume")
        #expect(session.isReading)
    }

    @Test func `stops reading at four mebibytes that wait and resumes at half of it`() throws {
        var session = newSession()
        let large = Command(appendCommand.arguments, byteCount: 1 << 20)
        let tickets = try (0..<3).map { _ in try ticket(session.received(large)) }
        let last = session.received(large)
        #expect(shape(last) == "S stop")
        #expect(shape(session.finished(tickets[0], .ok)) == "W")
        #expect(shape(session.finished(tickets[1], .ok)) == "W resume")
        #expect(session.isReading && session.unansweredCount == 2)
    }

    @Test func `refuses one command past the depth and drains`() throws {
        var session = newSession()
        var tickets: [SessionState.Ticket] = []
        for _ in 0..<Limits.pipelineDepthMax { tickets.append(try ticket(session.received(appendCommand))) }
        #expect(session.received(appendCommand) == [])
        #expect(session.phase == .draining)
        #expect(session.received(appendCommand) == [])
        var actions: [SessionState.Action] = []
        for ticket in tickets { actions += session.finished(ticket, .ok) }
        #expect(actions.count == Limits.pipelineDepthMax + 2)
        #expect(shape(actions.suffix(3)) == "W W close")
    }

    @Test func `QUIT is answered last, and nothing after it`() throws {
        var session = newSession()
        let append = session.received(appendCommand)
        #expect(shape(session.received(line("QUIT"))) == "stop")
        #expect(session.received(line("PING")) == [])
        #expect(
            session.finished(try ticket(append), .integer(1)) == [.write(.integer(1), .v2), .write(.ok, .v2), .close])
        #expect(session.phase == .closed)
        var idle = newSession()
        #expect(shape(idle.received(line("QUIT"))) == "stop W close")
    }

    @Test func `a protocol error is told after the replies before it`() throws {
        var session = newSession()
        let append = session.received(appendCommand)
        #expect(shape(session.failed(.malformedLength)) == "stop")
        #expect(session.failed(.malformedLength) == [])
        let actions = session.finished(try ticket(append), .integer(1))
        #expect(actions == [.write(.integer(1), .v2), .write(.refusal(ProtocolError.malformedLength), .v2), .close])
    }

    @Test func `drains at once when idle, and after its work when not`() throws {
        var idle = newSession()
        #expect(shape(idle.drain()) == "stop close")
        #expect(idle.drain() == [])
        var busy = newSession()
        let append = busy.received(appendCommand)
        #expect(busy.received(readCommand) == [])
        #expect(shape(busy.drain()) == "stop")
        let read = busy.finished(try ticket(append), .ok)
        #expect(shape(read) == "W S")
        #expect(shape(busy.finished(try ticket(read), .ok)) == "W close")
    }

    @Test func `drops replies after the connection is lost`() throws {
        var session = newSession()
        let append = session.received(appendCommand)
        session.lost()
        #expect(session.finished(try ticket(append), .ok) == [])
        #expect(session.received(appendCommand) == [])
        #expect(session.drain() == [])
    }

    @Test func `stops the process when a request is finished twice`() async {
        await #expect(processExitsWith: .failure) {
            var session = SessionState(SessionIdentity(connectionID: 1, serverVersion: "0.1.0"))
            let command = Command([Array("LOG.INGEST".utf8), Array("{}".utf8)], byteCount: 2)
            var actions: [SessionState.Action] = []
            session.received(command, into: &actions)
            guard case .start(let ticket, _)? = actions.first else { return }
            session.finished(ticket, .value(.ok), into: &actions)
            session.finished(ticket, .value(.ok), into: &actions)
        }
    }

    @Test(arguments: 1...300) func `keeps order under any schedule`(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var world = ScheduledSession()
        for _ in 0..<400 {
            if Bool.random(using: &random), world.session.isReading {
                world.send(Int.random(in: 0..<4, using: &random))
            } else {
                world.finishOne(using: &random)
            }
        }
        while !world.running.isEmpty { world.finishOne(using: &random) }
        #expect(world.problems == [], "seed \(seed)")
        #expect(world.written == world.sent, "seed \(seed)")
        #expect(world.session.unansweredCount == 0, "seed \(seed)")
    }
}

/// A session, a client that numbers its commands, and a server that answers with the number, in any order.
private struct ScheduledSession {
    var session = newSession()
    var running: [(ticket: SessionState.Ticket, number: Int64, isAppend: Bool)] = []
    var sent: [Int64] = []
    var written: [Int64] = []
    var problems: [String] = []

    mutating func send(_ kind: Int) {
        let number = Int64(sent.count)
        sent.append(number)
        switch kind {
        case 0, 1: perform(session.received(line("LOG.INGEST \(number)")))
        case 2: perform(session.received(line("LOG.READ ALL FROM \(number)")))
        default: perform(session.received(line("PING \(number)")))
        }
        if session.unansweredCount > Limits.pipelineDepthMax { problems.append("too deep") }
    }

    mutating func finishOne(using random: inout SplitMix64) {
        guard !running.isEmpty else { return }
        let done = running.remove(at: Int.random(in: 0..<running.count, using: &random))
        perform(session.finished(done.ticket, .integer(done.number)))
    }

    private mutating func perform(_ actions: [SessionState.Action]) {
        for action in actions {
            switch action {
            case .start(let ticket, let request): start(ticket, request)
            case .write(let reply, _):
                written.append(reply.value?.integer ?? reply.value?.text.flatMap { Int64($0) } ?? -1)
            case .stopReading, .resumeReading: break
            case .close: problems.append("closed")
            }
        }
    }

    private mutating func start(_ ticket: SessionState.Ticket, _ request: Request) {
        var number: Int64 = -1
        if case .log(.ingest(let lines)) = request, let text = lines.first {
            number = Int64(String(decoding: text, as: UTF8.self)) ?? -1
        }
        if case .log(.read(let page)) = request { number = Int64(page.read.from ?? 0) }
        if !request.isAppend, !running.isEmpty || Int64(written.count) != number {
            problems.append("overlap at \(number)")
        }
        if running.contains(where: { !$0.isAppend }) { problems.append("beside a read at \(number)") }
        running.append((ticket, number, request.isAppend))
    }
}
