internal import Dispatch
internal import EventModel
internal import Synchronization

/// Index keys → positions: derived, complete up to the last event added, never synced on the append path.
///
/// Invariants
/// 1. A snapshot covers positions 0 ..< end without gap: segments, then frozen tails, then the tail.
/// 2. Only the writer adds and freezes; only the flush queue turns frozen tails into segments; only the
///    merge queue replaces segments by one. Each change is on disk before the snapshot shows it.
/// 3. A look-up takes one snapshot and holds no lock while it reads segments. A crash loses tails alone,
///    which are read again from the log.
final class Index: Sendable {
    /// Frozen tails that may wait for the disk before the writer waits too.
    static let frozenTailCountMax = 6
    /// Segments from which on a flush waits for merges.
    static let segmentCountMax = 128

    let hasher: TermHasher
    private let store: SegmentStore
    private let isReadOnly: Bool
    private let current: Mutex<IndexSnapshot>
    /// Held while segments are replaced, manifest included.
    private let installation = Mutex(())
    private let failure = Mutex<String?>(nil)
    private let isClosing = Atomic(false)
    private let flushQueue = DispatchQueue(label: "rapport.index.flush")
    private let mergeQueue = DispatchQueue(label: "rapport.index.merge", qos: .utility)

    /// Opens the index of a directory, or begins one if there is none that this build can go on with.
    ///
    /// - Parameter log: the identity of the log that is indexed.
    init(at directory: String, of log: String, extractorVersion: UInt32, isReadOnly: Bool) throws(IndexError) {
        store = try SegmentStore(at: directory, of: log, extractorVersion: extractorVersion, isReadOnly: isReadOnly)
        hasher = store.hasher
        self.isReadOnly = isReadOnly
        let end = store.opened.last?.end ?? 0
        current = Mutex(IndexSnapshot(segments: store.opened, tail: IndexTail(start: end)))
    }

    /// The state as of now; it stays whole whatever is flushed or merged meanwhile.
    var snapshot: IndexSnapshot { current.withLock { $0 } }

    /// The position from which the log must be read again after opening.
    var end: Position { Position(snapshot.tail.end) }

    /// Adds the keys of consecutive events: `counts[i]` of them for the i-th. Called by the writer alone.
    func add(keys: [UInt64], counts: [UInt16]) {
        var event = 0
        var key = 0
        while event < counts.count, snapshot.tail.add(keys, counts, from: &event, &key) { freeze() }
    }

    /// Waits until every flush and merge that was begun has ended.
    func drain() {
        flushQueue.sync {}
        mergeQueue.sync {}
    }

    /// Waits for flushes, and gives up merges: they begin again after the next opening.
    func close() {
        isClosing.store(true, ordering: .relaxed)
        drain()
    }

    /// Makes the full tail wait for its flush, and begins a new one.
    private func freeze() {
        let frozenCount = current.withLock { current in
            let tail = IndexTail(start: current.tail.end, expecting: current.tail.entryCount)
            current = IndexSnapshot(segments: current.segments, frozen: current.frozen + [current.tail], tail: tail)
            return current.frozen.count
        }
        guard !isReadOnly else { return }
        flushQueue.async { self.flushAll() }
        if frozenCount > Self.frozenTailCountMax { flushQueue.sync {} }
    }

    private func flushAll() {
        while let oldest = snapshot.frozen.first {
            do throws(IndexError) {
                if snapshot.segments.count >= Self.segmentCountMax { mergeQueue.sync {} }
                let segment = try store.write(oldest)
                try replace(0..<0, by: segment)
                failure.withLock { $0 = nil }
            } catch {
                // The tail stays in memory and goes on answering; it is tried again with the next one.
                failure.withLock { $0 = error.description }
                return
            }
            mergeQueue.async { self.mergeAll() }
        }
    }

    private func mergeAll() {
        while !isClosing.load(ordering: .relaxed) {
            let segments = snapshot.segments
            guard let range = SegmentStore.mergeable(segments) else { return }
            do throws(IndexError) {
                guard
                    let merged = try store.merge(
                        Array(segments[range]), until: { isClosing.load(ordering: .relaxed) })
                else { return }
                try replace(range, by: merged)
                store.remove(Array(segments[range]))
            } catch {
                // The segments stay and go on answering; the next flush tries again.
                failure.withLock { $0 = error.description }
                return
            }
        }
    }

    /// Puts a segment in the place of some, or of the oldest frozen tail if the range is empty.
    ///
    /// Flushes add at the right end only, so the places of a merge stay what they were.
    private func replace(_ range: Range<Int>, by segment: Segment) throws(IndexError) {
        try installation.withLock { _ throws(IndexError) in
            var segments = snapshot.segments
            if range.isEmpty { segments.append(segment) } else { segments.replaceSubrange(range, with: [segment]) }
            do throws(IndexError) {
                try store.commit(segments)
            } catch {
                store.remove([segment])
                throw error
            }
            current.withLock { current in
                current = IndexSnapshot(
                    segments: segments, frozen: Array(current.frozen.dropFirst(range.isEmpty ? 1 : 0)),
                    tail: current.tail)
            }
        }
    }
}

// MARK: - Looking up

extension Index {
    /// A walk over the positions of a key.
    func cursor(_ key: UInt64, _ direction: ReadDirection) -> PostingCursor {
        PostingCursor(key, direction, in: snapshot)
    }

    /// Hands the positions of a key to `body` in order until it returns `false`.
    ///
    /// Keys collide: compare the record.
    func forEach(
        _ key: UInt64, from start: Position? = nil, _ direction: ReadDirection, _ body: (Position) -> Bool
    ) throws(IndexError) {
        var cursor = cursor(key, direction)
        var bound = start?.index ?? (direction == .forward ? 0 : .max)
        while let position = try cursor.seek(bound) {
            guard body(Position(position)), let next = position.next(direction) else { return }
            bound = next
        }
    }

    /// The newest position of a key; `nil` if it has none. Keys collide: compare the record.
    func newest(_ key: UInt64) throws(IndexError) -> Position? {
        var cursor = cursor(key, .backward)
        return try cursor.seek(.max).map { Position($0) }
    }
}

// MARK: - Status

extension Index {
    /// What an operator may want to know.
    struct Status: Sendable {
        /// Events whose keys are in the index.
        var eventCount: UInt64
        /// Events among them whose keys are in segments.
        var flushedEventCount: UInt64
        var segmentCount: Int
        /// Bytes of the segments' files.
        var byteCount: Int
        /// Tails that wait for the disk; more than ``Index/frozenTailCountMax`` mean that flushes fail.
        var frozenTailCount: Int
        /// Segments that will be built anew at the next opening.
        var damagedSegmentCount: Int
        /// Why the newest flush or merge failed, if it did. It is tried again.
        var failure: String?

        /// What an operator should know, if anything.
        var problem: String? {
            guard damagedSegmentCount > 0 else { return failure }
            return "\(damagedSegmentCount) segments of the index are damaged; the next start builds them anew"
        }
    }

    var status: Status {
        let snapshot = snapshot
        return Status(
            eventCount: snapshot.tail.end, flushedEventCount: snapshot.segments.last?.end ?? 0,
            segmentCount: snapshot.segments.count,
            byteCount: snapshot.segments.reduce(0) { $0 + $1.byteCount }, frozenTailCount: snapshot.frozen.count,
            damagedSegmentCount: snapshot.segments.count(where: \.isDamaged), failure: failure.withLock { $0 })
    }
}
