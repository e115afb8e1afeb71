/// The requests of one connection under load.
///
/// Called on one thread only. What can be made before the clock starts should be: `next` is inside the timed part.
public protocol LoadSource: AnyObject {
    /// Appends one whole command to the bytes; `false` when there is nothing more to ask.
    func next(_ bytes: inout [UInt8]) -> Bool

    /// A reply came; its outermost array has so many elements (0 when it is none). Returns how many items it stands
    /// for in the rate.
    func answered(elementCount: Int) -> Int
}

/// How much load, and for how long: `clients` connections with `inFlight` requests on each.
public struct LoadPlan: Sendable {
    /// Connections.
    public var clients: Int
    /// Requests of one connection that are sent and not yet answered.
    public var inFlight: Int
    /// Requests of all connections together; `nil` for no bound.
    public var requestCountMax: Int?
    /// Seconds after which nothing more is sent; `nil` for no bound.
    public var seconds: Double?

    /// A plan from its parts. Without a count and a time it ends when the sources do.
    public init(clients: Int, inFlight: Int, requestCountMax: Int? = nil, seconds: Double? = nil) {
        self.clients = clients
        self.inFlight = inFlight
        self.requestCountMax = requestCountMax
        self.seconds = seconds
    }
}

/// What a load brought.
public struct LoadResult: Sendable {
    /// Requests that were answered.
    public internal(set) var requestCount = 0
    /// What the answers stand for: events, pages or streams.
    public internal(set) var itemCount = 0
    /// Refusals, also of single elements.
    public internal(set) var errorCount = 0
    /// The first refusal, with its code in front.
    public internal(set) var firstError: String?
    /// From the first request sent to the last one answered.
    public internal(set) var nanoseconds: UInt64 = 0
    /// From a request's sending to the end of its reply.
    public internal(set) var latency = LatencyHistogram()

    /// Adds what one reply brought.
    mutating func add(itemCount: Int, errorCount: Int, nanoseconds: UInt64) {
        requestCount += 1
        self.itemCount += itemCount
        self.errorCount += errorCount
        latency.add(nanoseconds)
    }

    /// Items a second.
    public var itemsPerSecond: Double { nanoseconds == 0 ? 0 : Double(itemCount) / Double(nanoseconds) * 1e9 }
    /// Requests a second.
    public var requestsPerSecond: Double { nanoseconds == 0 ? 0 : Double(requestCount) / Double(nanoseconds) * 1e9 }
}
