public import EventModel
internal import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: Sendable {
    private let milliseconds: Mutex<Int64>

    /// A clock at an instant; by default 2026-01-05T09:30:00Z.
    public init(milliseconds: Int64 = 1_767_605_400_000) { self.milliseconds = Mutex(milliseconds) }

    /// What the clock shows.
    public var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    /// Moves the clock, forward or back.
    public func advance(byMilliseconds distance: Int64) { milliseconds.withLock { $0 += distance } }
}
