import EventModel

/// Events for one request, in the order of the file, within the request's bounds.
public struct EventBatch: Hashable, Sendable {
    /// The events.
    public private(set) var events: [MappedEvent] = []
    private var byteCount = requestOverhead

    /// Bytes that a request needs besides its events.
    private static let requestOverhead = 256
    /// Bytes that RESP puts around one event: `$`, the length, and two line breaks.
    private static let eventOverhead = 16

    /// Bytes of an event that still fits into a request of its own.
    public static let eventByteCountMax = Limits.requestByteCountMax - requestOverhead - eventOverhead

    /// An empty batch.
    public init() {}

    /// Takes an event if it fits; `false` if it does not, and then the batch must be sent first.
    ///
    /// An empty batch takes every event of at most ``eventByteCountMax`` bytes.
    public mutating func take(_ event: MappedEvent, countMax: Int) -> Bool {
        let grown = byteCount + event.bytes.count + Self.eventOverhead
        guard events.isEmpty || (events.count < countMax && grown <= Limits.requestByteCountMax) else { return false }
        events.append(event)
        byteCount = grown
        return true
    }
}
