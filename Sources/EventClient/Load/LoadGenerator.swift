import EventModel
import NIOCore
import NIOPosix

/// Puts a server under load from one thread, as a client of a benchmark should: it must not be the one measured.
public enum LoadGenerator {
    /// Connects, waits until every connection is greeted, runs the plan, and closes.
    ///
    /// - Parameter source: Makes the requests of the connection with this number, counted from 0.
    /// - Throws: ``ConnectError`` when there is no server, or when a connection is lost on the way.
    public static func run(
        _ plan: LoadPlan, at address: Address, source: @escaping @Sendable (Int) -> any LoadSource
    ) async throws(ConnectError) -> LoadResult {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let result = try await run(plan, at: address, on: group.next(), source)
            try? await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error as? ConnectError ?? .unreachable(address, why: "\(error)")
        }
    }

    private static func run(
        _ plan: LoadPlan, at address: Address, on loop: any EventLoop,
        _ source: @escaping @Sendable (Int) -> any LoadSource
    ) async throws -> LoadResult {
        let promise = loop.makePromise(of: LoadResult.self)
        let ledger = NIOLoopBoundBox.makeBoxSendingValue(LoadLedger(plan, promise), eventLoop: loop)
        var channels: [any Channel] = []
        do {
            for number in 0..<plan.clients {
                let bootstrap = ClientBootstrap(group: loop).channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(LoadConnection(ledger.value, source(number)))
                    }
                }
                let connecting =
                    switch address {
                    case .unixSocket(let path): bootstrap.connect(unixDomainSocketPath: path)
                    case .tcp(let host, let port): bootstrap.connect(host: host, port: port)
                    }
                channels.append(try await connecting.get())
            }
        } catch {
            promise.fail(error)
        }
        let result = await promise.futureResult.whenDone()
        for channel in channels { try? await channel.close().get() }
        return try result.get()
    }
}

extension EventLoopFuture where Value: Sendable {
    fileprivate func whenDone() async -> Result<Value, any Error> {
        do { return .success(try await get()) } catch { return .failure(error) }
    }
}

/// What all connections of a load share. Confined to their one event loop.
final class LoadLedger {
    private let plan: LoadPlan
    private let promise: EventLoopPromise<LoadResult>
    private var result = LoadResult()
    private var connections: [LoadConnection] = []
    private var askedCount = 0
    private var unansweredCount = 0
    private var start: UInt64 = 0
    private var deadline = UInt64.max

    init(_ plan: LoadPlan, _ promise: EventLoopPromise<LoadResult>) {
        self.plan = plan
        self.promise = promise
    }

    var inFlightMax: Int { plan.inFlight }

    /// A connection was greeted; the load begins with the last one.
    func greeted(_ connection: LoadConnection) {
        connections.append(connection)
        guard connections.count == plan.clients else { return }
        start = NIODeadline.now().uptimeNanoseconds
        if let seconds = plan.seconds { deadline = start + UInt64(seconds * 1e9) }
        for connection in connections { connection.begin(at: start) }
        endIfDone(start)
    }

    /// Whether another request may be sent now.
    func mayAsk(_ now: UInt64) -> Bool {
        now < deadline && askedCount < plan.requestCountMax ?? .max
    }

    func asked() {
        askedCount += 1
        unansweredCount += 1
    }

    func answered(_ nanoseconds: UInt64, itemCount: Int, errorCount: Int) {
        unansweredCount -= 1
        result.requestCount += 1
        result.itemCount += itemCount
        result.errorCount += errorCount
        result.latency.add(nanoseconds)
    }

    /// Ends the load when every request was answered and no further one was sent.
    func endIfDone(_ now: UInt64) {
        guard unansweredCount == 0 else { return }
        result.nanoseconds = now - start
        result.firstError = connections.lazy.compactMap(\.firstError).first
        connections = []
        promise.succeed(result)
    }

    func lost(_ why: String) {
        connections = []
        promise.fail(ConnectError.refused(.unavailable, "\(why). The load was not finished. Look at the server's log."))
    }
}
