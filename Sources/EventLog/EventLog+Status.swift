internal import DurableFiles
public import EventModel

/// What is known of a log as a whole.
public struct LogStatus: Sendable {
    /// The position after the newest event.
    public let end: Position
    /// The position up to which events are sealed in compressed blocks.
    public let sealedEnd: Position
    /// Bytes of the database's file in use.
    public let usedByteCount: Int
    /// Bytes of it that may ever be used.
    public let maxByteCount: Int
    /// Bytes of events that wait in the journal to be sealed.
    public let unsealedByteCount: Int
    /// Bytes that the log's disk has free; `nil` if it does not say.
    public let freeByteCount: Int?
    /// Bytes of the disk that stay free: what an append needs past them is refused with `LOGFULL`. `nil` for a log that
    /// is opened for reading only.
    public let reserveByteCount: Int?
    /// Whether the log takes events.
    public let isWritable: Bool
    /// How far the newest recorded time lies ahead of the clock, in milliseconds; 0 as a rule. Recorded times never go
    /// back: behind a clock that was set forward by mistake they stand still until it has caught up.
    public let recordedAheadMilliseconds: Int64
    /// Why the newest sealing failed; `nil` if it did not.
    public let sealingFailure: String?
    /// Events whose index entries are on disk; those behind are in memory, and read from the log after a crash.
    public let indexedEventCount: UInt64
    /// Bytes of the index on disk.
    public let indexByteCount: Int
    /// Why the newest flush of the index failed, or what of it is damaged; `nil` if all is well.
    public let indexFailure: String?

    /// What an acknowledgement means.
    public static let durability = "synced before the acknowledgement"
}

extension EventLog {
    /// What is known of the log as a whole.
    public var status: LogStatus {
        let index = index?.status
        return LogStatus(
            end: end, sealedEnd: store.sealedEnd, usedByteCount: store.blocks.usedByteCount,
            maxByteCount: store.blocks.maxByteCount, unsealedByteCount: store.unsealedByteCount,
            freeByteCount: DurableFiles.space(at: directory.log)?.free, reserveByteCount: reserveByteCount,
            isWritable: isWritable, recordedAheadMilliseconds: recordedAheadMilliseconds,
            sealingFailure: sealer?.newestFailure,
            indexedEventCount: index?.flushedEventCount ?? 0, indexByteCount: index?.byteCount ?? 0,
            indexFailure: index?.problem)
    }

    private var recordedAheadMilliseconds: Int64 {
        guard end > .origin, let newest = try? store.event(at: Position(end.index - 1)) else { return 0 }
        return max(newest.recorded.milliseconds - clock().milliseconds, 0)
    }
}
