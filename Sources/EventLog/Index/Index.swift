internal import Dispatch
internal import EventModel
internal import LMDB
internal import Synchronization

/// Index keys → positions: derived, complete up to the last acknowledged event, never synced on the
/// append path.
///
/// Invariants
/// 1. Segments cover positions 0 ..< a, frozen tails a ..< b, the tail b ..< end of the log.
/// 2. Only the writer adds; only the flush queue writes segments. A crash loses tails alone, which are
///    read again from the log.
/// 3. A look-up takes tails first and segments second, and believes segments only below the oldest
///    tail it took: a flush in between shows nothing twice.
final class Index: Sendable {
    /// Events of one tail: about 10 MB of memory.
    static let tailEventCount = 32_768
    /// Frozen tails that may wait for the disk before the writer waits too.
    static let frozenTailCountMax = 8

    private struct State {
        var frozen: [IndexTail] = []
        var tail: IndexTail
    }

    let hasher: TermHasher
    private let segments: SegmentStore
    private let state: Mutex<State>
    private let flushQueue = DispatchQueue(label: "rapport.index")

    init(at directory: String, extractorVersion: UInt32, isReadOnly: Bool) throws(LMDBError) {
        segments = try SegmentStore(at: directory, extractorVersion: extractorVersion, isReadOnly: isReadOnly)
        hasher = segments.hasher
        let end = Position(try segments.reader().manifest.end)
        state = Mutex(State(tail: IndexTail(start: end)))
    }

    /// The position from which the log must be read again after opening.
    var end: Position { state.withLock { $0.tail.end } }

    /// A snapshot of the segments, for many look-ups in a row.
    func segmentReader() throws(LMDBError) -> SegmentReader { try segments.reader() }

    /// The position before which everything is in segments.
    var segmentsEnd: Position { state.withLock { ($0.frozen.first ?? $0.tail).start } }

    /// Adds the keys of consecutive events. Called by the writer alone.
    func add(_ events: [[UInt64]], flushing: Bool = true) {
        let frozenCount = state.withLock { state in
            for keys in events { state.tail.add(keys) }
            guard flushing, state.tail.eventCount >= Self.tailEventCount else { return 0 }
            state.frozen.append(state.tail)
            state.tail = IndexTail(start: state.tail.end)
            return state.frozen.count
        }
        guard frozenCount > 0 else { return }
        flushQueue.async { self.flushOldest() }
        if frozenCount > Self.frozenTailCountMax { flushQueue.sync {} }
    }

    /// Waits until every flush that was begun has ended.
    func drain() { flushQueue.sync {} }

    private func flushOldest() {
        while let oldest = state.withLock({ $0.frozen.first }) {
            do throws(LMDBError) {
                try segments.flush(oldest)
                state.withLock { _ = $0.frozen.removeFirst() }
            } catch {
                // The tail stays in memory and goes on answering; it is tried again with the next one.
                return
            }
        }
    }

    /// Hands the positions of a key to `body` in order until it returns `false`.
    ///
    /// - Parameters:
    ///   - start: the first position of interest; by default the oldest forward, the newest backward.
    ///   - reader: a snapshot of the segments to use, unless a flush has overtaken it.
    func forEach(
        _ key: UInt64, from start: Position? = nil, _ direction: ReadDirection, using reader: SegmentReader? = nil,
        _ body: (Position) -> Bool
    ) throws(LMDBError) {
        let (tailPositions, frozen, bound) = state.withLock { state in
            (state.tail.positions(of: key), state.frozen, (state.frozen.first ?? state.tail).start.index)
        }
        // A snapshot from before the flush of a tail that is no longer here would leave a gap.
        let reader = if let reader, reader.manifest.end >= bound { reader } else { try segments.reader() }
        let start = start?.index ?? (direction == .forward ? 0 : .max)
        let inTails = frozen.isEmpty ? tailPositions : frozen.flatMap { $0.positions(of: key) } + tailPositions
        switch direction {
        case .forward:
            let goesOn = try reader.forEach(key, from: start, .forward) { $0 >= bound || body(Position($0)) }
            guard goesOn else { return }
            for position in inTails where position >= start {
                guard body(Position(position)) else { return }
            }
        case .backward:
            for position in inTails.reversed() where position <= start {
                guard body(Position(position)) else { return }
            }
            _ = try reader.forEach(key, from: start, .backward) { $0 >= bound || body(Position($0)) }
        }
    }
}
