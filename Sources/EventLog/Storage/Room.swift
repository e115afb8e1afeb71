internal import DurableFiles
internal import EventModel

/// Whether there is room for more events: within the log's own bound, and on its disk.
///
/// Writing stops with `LOGFULL` while enough is left to seal what the journal holds and to do everything else that
/// a server does, long before the disk itself refuses. It belongs to whoever carries the commit (``Writer``).
final class Room {
    /// Bytes between two looks at the disk.
    private static let lookByteCount = 1 << 20

    private let directory: String
    private let store: LogStore
    /// Bytes of the disk that are left free.
    let reserveByteCount: Int
    private var byteCountUntilLook = 0

    /// - Parameter reserveByteCount: by default a tenth of the disk, at least 64 MiB and at most 1 GiB.
    init(_ directory: String, _ store: LogStore, reserveByteCount: Int?) {
        self.directory = directory
        self.store = store
        let total = DurableFiles.space(at: directory)?.total ?? 0
        self.reserveByteCount = reserveByteCount ?? min(max(total / 10, 64 << 20), 1 << 30)
    }

    /// What is answered when the disk itself has refused.
    var diskFull: AppendError {
        .diskFull(freeByteCount: DurableFiles.space(at: directory)?.free ?? 0, reserveByteCount: reserveByteCount)
    }

    /// Why a frame of this size is not taken; `nil` if it is.
    func refusal(for frameByteCount: Int) -> AppendError? {
        // What waits may not compress at all; LMDB needs some pages of its own to store it.
        let waiting = store.unsealedByteCount + frameByteCount
        let needed = store.blocks.usedByteCount + waiting + waiting / 16 + (128 << 10)
        if needed > store.blocks.maxByteCount { return .logFull(byteCount: store.blocks.maxByteCount) }

        byteCountUntilLook -= frameByteCount
        guard byteCountUntilLook <= 0, let free = DurableFiles.space(at: directory)?.free else { return nil }
        guard free - waiting >= reserveByteCount else {
            return .diskFull(freeByteCount: free, reserveByteCount: reserveByteCount + waiting)
        }
        byteCountUntilLook = Self.lookByteCount
        return nil
    }
}
