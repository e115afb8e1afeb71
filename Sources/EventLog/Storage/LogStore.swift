internal import EventModel
internal import LMDB
internal import RecordFormat
internal import Synchronization

/// Every record of the log: sealed ones in blocks, newer ones in memory as the journal has them.
///
/// Invariants
/// 1. Blocks cover positions 0 ..< s without gap; the tail covers s' ..< end with s' ≤ s, and is cut off only
///    after the commit of the blocks that cover it. A reader asks the tail first and then the blocks, so it
///    finds every position at every moment.
/// 2. Whatever is read from disk was compared with its checksum first.
final class LogStore: Sendable {
    private struct State {
        var sealedEnd: Position
        var tail: [RecordRun] = []
        var tailByteCount = 0

        /// The run of the tail that holds a position.
        func run(holding position: Position) -> RecordRun? {
            guard let first = tail.first, position >= first.first else { return nil }
            var (low, high) = (0, tail.count)
            while low < high {
                let middle = (low + high) / 2
                if tail[middle].end <= position { low = middle + 1 } else { high = middle }
            }
            return low < tail.count ? tail[low] : nil
        }
    }

    let blocks: BlockStore
    let personal: PersonalStore
    private let state: Mutex<State>

    /// Opens the databases of blocks and of sealed fields; ``take(_:)`` brings what the journal holds behind them.
    init(
        at directory: DataDirectory, isReadOnly: Bool, mapByteCount: Int, cacheByteCount: Int
    ) throws(LMDBError) {
        personal = try PersonalStore(at: directory.personal, isReadOnly: isReadOnly, mapByteCount: mapByteCount)
        blocks = try BlockStore(
            at: directory.log, isReadOnly: isReadOnly, mapByteCount: mapByteCount, cacheByteCount: cacheByteCount)
        state = Mutex(State(sealedEnd: .origin))
    }

    /// Finds out where blocks end, also when another process has written some.
    func refresh() throws(OpenError) {
        do throws(LMDBError) {
            let end = try blocks.end()
            state.withLock { $0.sealedEnd = end }
        } catch {
            throw .storage(error.description)
        }
    }

    /// The position after the newest record.
    var end: Position { state.withLock { $0.tail.last?.end ?? $0.sealedEnd } }

    /// The position after the newest sealed record.
    var sealedEnd: Position { state.withLock { $0.sealedEnd } }

    /// Where blocks end and the runs behind, the first perhaps sealed in part, as of one moment.
    var moment: (sealedEnd: Position, runs: [RecordRun]) { state.withLock { ($0.sealedEnd, $0.tail) } }

    /// Bytes of records that wait to be sealed.
    var unsealedByteCount: Int { state.withLock { $0.tailByteCount } }

    /// Whether so much waits to be sealed, in bytes or in commits.
    func isSealingDue(byteCount: Int, runCount: Int) -> Bool {
        state.withLock { $0.tailByteCount >= byteCount || $0.tail.count >= runCount }
    }

    /// Takes in a commit that the journal has on disk.
    func take(_ run: RecordRun) {
        state.withLock { state in
            state.tail.append(run)
            state.tailByteCount += run.bytes.count
        }
    }

    /// Lets go of what blocks cover after all, although their commit was answered with an error.
    func recognizeSealed() throws(LMDBError) { didSeal(to: try blocks.end()) }

    /// Lets go of what blocks cover up to a position.
    func didSeal(to end: Position) {
        state.withLock { state in
            state.sealedEnd = end
            let count = state.tail.firstIndex { $0.end > end } ?? state.tail.count
            for run in state.tail[..<count] { state.tailByteCount -= run.bytes.count }
            state.tail.removeFirst(count)
        }
    }
}

// MARK: - Reading

extension LogStore {
    /// The run that holds a position.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for one that is damaged or missing.
    func run(holding position: Position) throws(ReadError) -> RecordRun {
        if let run = runInMemory(holding: position) { return run }
        return try blocks.run(holding: position)
    }

    /// The run that holds a position, if it needs no unpacking.
    func runInMemory(holding position: Position) -> RecordRun? {
        state.withLock { $0.run(holding: position) } ?? blocks.runInMemory(holding: position)
    }

    /// The runs that hold some positions, `nil` for those that need unpacking.
    func runsInMemory(holding positions: [Position]) -> [RecordRun?] {
        let inTail = state.withLock { state in positions.map { state.run(holding: $0) } }
        // Mostly all are on one side.
        guard inTail.contains(where: { $0 == nil }) else { return inTail }
        return zip(inTail, blocks.runsInMemory(holding: positions)).map { $0 ?? $1 }
    }

    /// The events from a position on, in order, until `body` returns `false`.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for a record that is damaged or missing.
    func forEach(
        from start: Position, atMost count: Int = .max, _ body: (RecordedEvent, _ byteCount: Int) -> Bool
    ) throws(ReadError) {
        var failure: ReadError?
        try forEachRecord(from: start, .forward, atMost: count) { record in
            do throws(RecordError) {
                return body(try record.event(), record.bytes.count)
            } catch {
                failure = .corruptRecord(at: record.position, why: error.description)
                return false
            }
        }
        if let failure { throw failure }
    }

    /// The records from a position on, in place, forward or backward, until `body` returns `false`.
    ///
    /// - Parameters:
    ///   - count: How many are wanted, as far as that is known: no more are unpacked ahead.
    ///   - isHelped: Whether another core may unpack ahead; of no use to one of many readers.
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for a record that is damaged or missing.
    func forEachRecord(
        from start: Position, _ direction: ReadDirection, atMost count: Int = .max, isHelped: Bool = true,
        _ body: (borrowing RecordView) -> Bool
    ) throws(ReadError) {
        let end = end
        let isForward = direction == .forward
        let last = Position(min(end.index, start.index &+ UInt64(count)))
        var scan = RunScan(self, before: last, isHelped: isHelped)
        defer { scan.cancel() }
        var next: Position? = start
        while let position = next, position < end {
            let run = try isForward ? scan.run(holding: position) : run(holding: position)
            var current = position.index
            do throws(RecordError) {
                next = try run.forEach(from: position, direction) { record in
                    current = isForward ? current + 1 : current - min(current, 1)
                    return body(record)
                }
            } catch {
                throw .corruptRecord(at: Position(current), why: error.description)
            }
        }
    }

    /// Whether there are any sealed fields, in the journal or apart.
    var hasSealedFields: Bool {
        get throws(ReadError) {
            if try personal.holdsFields { return true }
            for run in moment.runs {
                for index in run.first.index..<run.end.index {
                    var isFound = false
                    try? run.withRecord(at: Position(index)) { record throws(RecordError) in
                        isFound = record.holdsSealedFields
                    }
                    if isFound { return true }
                }
            }
            return false
        }
    }

    /// The sealed fields of a record, slot by slot; `nil` for each that is deleted.
    func sealedFields(of record: borrowing RecordView) throws(ReadError) -> [SealedFields?] {
        let slots: [PersonalSlot]
        do throws(RecordError) {
            if record.holdsSealedFields { return try record.sealedFields() }
            slots = try record.slots()
        } catch {
            throw .corruptRecord(at: record.position, why: error.description)
        }
        var fields: [SealedFields?] = []
        for (place, slot) in slots.enumerated() {
            let found = try personal.fields(at: record.position, slot: place)
            fields.append(found.map { SealedFields(slot: slot, blob: $0.blob, contentTag: $0.contentTag) })
        }
        return fields
    }

    /// The event at a position.
    func event(at position: Position) throws(ReadError) -> RecordedEvent {
        let run = try run(holding: position)
        do throws(RecordError) {
            return try run.event(at: position)
        } catch {
            throw .corruptRecord(at: position, why: error.description)
        }
    }
}
