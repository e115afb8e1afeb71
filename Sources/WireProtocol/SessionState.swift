import EventModel
import NIOCore

/// The life of one connection, without any input or output: `greeting → ready → draining → closed`.
///
/// Whoever owns the socket tells what happened, and performs the actions that come back, in order. Invariants:
/// 1. Replies leave in the order of their commands, whatever the order in which they were found.
/// 2. An append may start while earlier appends run. Everything else starts when all commands before it are
///    answered, and nothing starts while it runs: a connection reads its own writes.
/// 3. At most `Limits.pipelineDepthMax` commands and `WireLimits.pipelineByteCountMax` bytes (and one command more)
///    are read and not yet answered, plus one refusal.
/// 4. `HELLO` changes the dialect at its turn: replies before it are written in the old one, its own in the new one.
/// 5. After ``Action/close`` no further action comes back.
///
/// Every method adds to a list of actions that its caller keeps and empties, since one is called for each command.
public struct SessionState: Sendable {
    /// The place of a command on its connection, counted from 0.
    public struct Ticket: Hashable, Sendable {
        let index: UInt64
    }

    /// What the owner of the socket does next.
    public enum Action: Hashable, Sendable {
        /// Carry out the request, and tell ``SessionState/finished(_:_:into:)`` the reply.
        case start(Ticket, Request)
        /// Send the reply.
        case write(Reply, RESPVersion)
        /// Take no further bytes from the socket and decode no further command.
        case stopReading
        /// Go on with both.
        case resumeReading
        /// Close the connection when everything written has left.
        case close
    }

    /// Where the connection is in its life.
    public enum Phase: Hashable, Sendable {
        /// No whole command yet. The owner closes after `Limits.firstFrameMillisecondsMax`.
        case greeting
        /// Taking commands.
        case ready
        /// Taking no further command; closes when all are answered.
        case draining
        /// Gone.
        case closed
    }

    /// Where the connection is in its life.
    public private(set) var phase = Phase.greeting
    /// The dialect in which replies are written at the moment.
    public private(set) var version = RESPVersion.v2
    /// Whether the owner may decode another command: false between `stopReading` and `resumeReading`, and at the end.
    public private(set) var isReading = true
    /// What the connection says about itself.
    public private(set) var identity: SessionIdentity

    private var queue = CircularBuffer<Entry>()
    private var firstIndex: UInt64 = 0  // the ticket of the queue's first entry
    private var startedCount = 0  // entries at the front of the queue that wait for nothing but their answer
    private var isExclusiveRunning = false

    private var unansweredByteCount = 0  // of the frames in the queue

    private struct Entry {
        var state: State
        let byteCount: Int
    }

    private enum State {
        case waiting(Request)
        case running
        case answered(Reply)
    }

    /// A connection that was accepted just now.
    public init(_ identity: SessionIdentity) { self.identity = identity }

    /// Commands that were read and are not yet answered.
    public var unansweredCount: Int { queue.count }

    /// A whole command arrived. Ignored when the connection is draining.
    public mutating func received(_ command: Command, into actions: inout [Action]) {
        switch phase {
        case .greeting: phase = .ready
        case .ready: break
        case .draining, .closed: return
        }
        guard queue.count < Limits.pipelineDepthMax else {
            let error = RequestError.pastLimit(
                what: "commands without a reply", count: queue.count + 1, limit: Limits.pipelineDepthMax)
            return end(with: .refusal(error), &actions)
        }
        do throws(RequestError) {
            let request = try Request.parse(command)
            if case .connection(.quit) = request { return end(with: .value(.ok), &actions) }
            enqueue(.waiting(request), command.byteCount)
        } catch {
            enqueue(.answered(.refusal(error)), command.byteCount)
        }
        advance(&actions)
        let isFull = queue.count >= Limits.pipelineDepthMax || unansweredByteCount >= WireLimits.pipelineByteCountMax
        if isFull { stopReading(&actions) }
    }

    /// The request of a ticket was carried out, in whatever order.
    ///
    /// A reply to a connection that is closed already is dropped. Finishing a ticket twice is a programmer's error.
    public mutating func finished(_ ticket: Ticket, _ reply: Reply, into actions: inout [Action]) {
        guard phase != .closed else { return }
        guard ticket.index >= firstIndex, ticket.index - firstIndex < queue.count,
            case let index = Int(ticket.index - firstIndex), case .running = queue[offset: index].state
        else { preconditionFailure("a request was finished that is not running; each ticket is finished once") }
        queue[offset: index].state = .answered(reply)
        isExclusiveRunning = false  // had it been an append, no exclusive request would run beside it
        advance(&actions)
    }

    /// The bytes are not RESP: answers what came before, then the error, then closes.
    public mutating func failed(_ error: ProtocolError, into actions: inout [Action]) {
        switch phase {
        case .greeting, .ready: end(with: .refusal(error), &actions)
        case .draining, .closed: break
        }
    }

    /// The peer will send nothing more, or the server shuts down: answers what was read, then closes.
    public mutating func drain(into actions: inout [Action]) {
        switch phase {
        case .greeting, .ready:
            phase = .draining
            stopReading(&actions)
            advance(&actions)
        case .draining, .closed: break
        }
    }

    /// The connection is gone. Replies that come later are dropped.
    public mutating func lost() {
        phase = .closed
        isReading = false
        queue.removeAll()
        unansweredByteCount = 0
    }
}

extension SessionState {
    private mutating func enqueue(_ state: State, _ byteCount: Int) {
        queue.append(Entry(state: state, byteCount: byteCount))
        unansweredByteCount += byteCount
    }

    /// Queues a last reply.
    private mutating func end(with reply: Reply, _ actions: inout [Action]) {
        phase = .draining
        enqueue(.answered(reply), 0)
        stopReading(&actions)
        advance(&actions)
    }

    private mutating func stopReading(_ actions: inout [Action]) {
        guard isReading else { return }
        isReading = false
        actions.append(.stopReading)
    }

    /// Writes what is answered, starts what may start, until neither is possible.
    private mutating func advance(_ actions: inout [Action]) {
        repeat { writeAnswered(&actions) } while startNext(&actions)
        if phase == .draining, queue.isEmpty {
            phase = .closed
            actions.append(.close)
        }
        if phase == .ready, !isReading, queue.count <= Limits.pipelineDepthMax / 2,
            unansweredByteCount <= WireLimits.pipelineByteCountMax / 2
        {
            isReading = true
            actions.append(.resumeReading)
        }
    }

    private mutating func writeAnswered(_ actions: inout [Action]) {
        while let first = queue.first, case .answered(let reply) = first.state {
            queue.removeFirst()
            firstIndex += 1
            startedCount = max(0, startedCount - 1)
            unansweredByteCount -= first.byteCount
            actions.append(.write(reply, version))
        }
    }

    /// Starts the next request in the queue if it may; `false` if nothing changed.
    private mutating func startNext(_ actions: inout [Action]) -> Bool {
        guard startedCount < queue.count else { return false }
        let index = startedCount
        guard case .waiting(let request) = queue[offset: index].state else {
            startedCount += 1  // a refusal, which waits only for its turn
            return true
        }
        guard request.isAppend ? !isExclusiveRunning : index == 0 else { return false }
        startedCount += 1
        if case .connection(let request) = request {
            if case .hello(let hello) = request { version = hello.version ?? version }
            queue[offset: index].state = .answered(.value(identity.reply(to: request, version: version)))
        } else {
            isExclusiveRunning = !request.isAppend
            queue[offset: index].state = .running
            actions.append(.start(Ticket(index: firstIndex + UInt64(index)), request))
        }
        return true
    }
}

extension CircularBuffer {
    fileprivate subscript(offset offset: Int) -> Element {
        get { self[index(startIndex, offsetBy: offset)] }
        set { self[index(startIndex, offsetBy: offset)] = newValue }
    }
}
