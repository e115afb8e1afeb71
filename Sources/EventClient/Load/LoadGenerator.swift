internal import Dispatch

/// Puts a server under load from one thread, as a client of a benchmark should: it must not be the one measured.
///
/// One epoll over all connections, one receiving and one sending call for a request, replies counted where they
/// arrive: about 4 µs of processor time a request, three of them the kernel's.
public enum LoadGenerator {
    /// Connects, waits until every connection is greeted, runs the plan, and closes.
    ///
    /// - Parameter source: Makes the requests of the connection with this number, counted from 0.
    /// - Throws: ``ConnectError`` when there is no server, or when a connection is lost on the way.
    public static func run(
        _ plan: LoadPlan, at address: Address, source: @escaping @Sendable (Int) -> any LoadSource
    ) async throws(ConnectError) -> LoadResult {
        let outcome = await withCheckedContinuation { continuation in
            DispatchQueue(label: "rapport.load").async {
                continuation.resume(
                    returning: Result { () throws(ConnectError) in
                        var run = try LoadRun(plan, at: address, source)
                        return try run.run()
                    })
            }
        }
        return try outcome.get()
    }
}

/// A load from its first request to its last reply, on the thread that calls.
private struct LoadRun {
    private let plan: LoadPlan
    private let poller: LoadPoller
    private var connections: [LoadConnection] = []
    private var result = LoadResult()
    private var askedCount = 0
    private var unansweredCount = 0
    private var deadline = UInt64.max

    init(_ plan: LoadPlan, at address: Address, _ source: (Int) -> any LoadSource) throws(ConnectError) {
        self.plan = plan
        poller = LoadPoller(socketCountMax: plan.clients)
        for number in 0..<plan.clients {
            connections.append(try LoadConnection(to: address, source(number), inFlightMax: plan.inFlight))
            poller.add(connections[number].socket, as: number)
        }
    }

    mutating func run() throws(ConnectError) -> LoadResult {
        let start = LoadClock.nanoseconds
        if let seconds = plan.seconds { deadline = start + UInt64(seconds * 1e9) }
        for number in connections.indices {
            for _ in 0..<plan.inFlight { ask(number, start) }
            send(number)
        }
        var now = start
        var room = [UInt8](repeating: 0, count: 256 << 10)
        var ready: [Int] = []
        while unansweredCount > 0 {
            poller.wait(into: &ready)
            for number in ready { now = try serve(number, &room) ?? now }
        }
        result.nanoseconds = now - start
        result.firstError = connections.lazy.compactMap(\.firstError).first
        return result
    }

    /// Takes what has arrived for a connection, and asks again for each reply. Returns when that was.
    private mutating func serve(_ number: Int, _ room: inout [UInt8]) throws(ConnectError) -> UInt64? {
        if connections[number].isBlocked { send(number) }
        guard let byteCount = connections[number].socket.receive(into: &room) else { return nil }
        guard byteCount > 0 else { throw LoadConnection.lost("the server closed a connection") }
        let now = LoadClock.nanoseconds
        var offset = 0
        while let reply = try connections[number].nextReply(in: room.span.extracting(0..<byteCount), from: &offset) {
            guard let (sent, itemCount) = connections[number].answered(reply) else { continue }
            unansweredCount -= 1
            result.add(itemCount: itemCount, errorCount: reply.errorCount, nanoseconds: now - sent)
            ask(number, now)
        }
        send(number)
        return now
    }

    /// Makes another request, if one may be sent now.
    private mutating func ask(_ number: Int, _ now: UInt64) {
        guard now < deadline, askedCount < plan.requestCountMax ?? .max, connections[number].ask(now) else { return }
        askedCount += 1
        unansweredCount += 1
    }

    private mutating func send(_ number: Int) {
        let wasBlocked = connections[number].isBlocked
        connections[number].send()
        let isBlocked = connections[number].isBlocked
        if isBlocked != wasBlocked { poller.setSending(isBlocked, connections[number].socket, as: number) }
    }
}
