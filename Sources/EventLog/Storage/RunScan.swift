internal import Dispatch
internal import EventModel
internal import RecordFormat

/// Finds the runs of a scan that goes forward; those of sealed blocks are unpacked ahead of it (``PartsAhead``).
struct RunScan {
    /// Records for which parts are fetched together, and a helper is worth its start.
    private static let recordCountMin: UInt64 = 8 * UInt64(SealedBlock.partRecordCount)

    private let store: LogStore
    /// The position behind the last record that is wanted, as far as that is known.
    private let end: Position
    /// The helper's; none where it would take a core from others.
    private let queue: DispatchQueue?
    /// The parts that the scan is in, and those behind them.
    private var current: PartsAhead?
    private var next: PartsAhead?

    init(_ store: LogStore, before end: Position, isHelped: Bool) {
        self.store = store
        self.end = end
        queue = isHelped ? DispatchQueue(label: "rapport.scan") : nil
    }

    /// The run that holds a position: the first one of the scan, or the one behind that of the call before.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for one that is damaged or missing.
    mutating func run(holding position: Position) throws(ReadError) -> RecordRun {
        if let current, position < current.end { return try current.run(holding: position) }
        (current, next) = (next, nil)
        if current == nil {
            if let run = store.runInMemory(holding: position) { return run }
            current = try ahead(from: position)
        }
        guard let current else { return try store.run(holding: position) }
        if queue != nil { next = try ahead(from: current.end) }
        return try current.run(holding: position)
    }

    /// Ends what was begun and is not needed; nothing of the store is held afterwards.
    func cancel() {
        current?.cancel()
        next?.cancel()
        queue?.sync {}
    }

    /// The next parts, a helper at work on them; `nil` where it would not pay.
    private func ahead(from position: Position) throws(ReadError) -> PartsAhead? {
        guard position.index + Self.recordCountMin <= end.index, store.runInMemory(holding: position) == nil
        else { return nil }
        let parts = try store.blocks.packedParts(from: position, before: end)
        guard !parts.isEmpty else { return nil }
        let ahead = PartsAhead(from: position, parts) { [store] part throws(RecordError) in
            try store.blocks.unpackAhead(part)
        }
        if let queue { ahead.begin(on: queue) }
        return ahead
    }
}
