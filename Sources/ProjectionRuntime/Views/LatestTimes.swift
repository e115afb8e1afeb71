internal import EventModel
internal import Synchronization

/// The greatest time among the events up to a position: the moment that an answer as known at that position stands for.
///
/// One mark per block of the log is kept, 8 bytes each, so a question reads less than a block: no more events than the
/// log unpacks at once. The marks grow with the log; making them costs one walk over the events' heads, 0.1 to
/// 0.2 s for a million, which ``prepare(for:)`` takes before the first question has to.
final class LatestTimes: Sendable {
    /// Events of a block.
    static let blockEventCount: UInt64 = 32
    /// Blocks that a question walks over in one go, with the help of other cores.
    private static let questionBlockCount: UInt64 = 1024
    /// Blocks that are walked over in one go when nobody waits for them: questions wait for a fifth of a millisecond.
    private static let preparedBlockCount: UInt64 = 32

    /// The greatest time before the end of each block.
    private let marks = Mutex<[Timestamp]>([])
    /// Questions that walk themselves: what they walk over is not walked over beside them.
    private let questionCount = Atomic(0)

    /// Marks what the log holds, as far as the task is not cancelled before.
    func prepare(for source: any EventSource) async throws(ViewError) {
        while !Task.isCancelled {
            guard questionCount.load(ordering: .relaxed) == 0 else {
                try? await Task.sleep(for: .milliseconds(5), clock: .suspending)
                continue
            }
            let end = source.end.index / Self.blockEventCount
            guard try mark(upTo: end, atMost: Self.preparedBlockCount, in: source) else { return }
            await Task.yield()
        }
    }

    /// The greatest time at a position that the log has.
    func latest(at position: Position, in source: any EventSource) throws(ViewError) -> Timestamp? {
        let block = position.index / Self.blockEventCount
        questionCount.add(1, ordering: .relaxed)
        defer { questionCount.subtract(1, ordering: .relaxed) }
        while try mark(upTo: block, atMost: Self.questionBlockCount, in: source) {}
        var latest = marks.withLock { $0.prefix(Int(block)).last }
        let start = block * Self.blockEventCount
        try forEachTime(from: start, Int(position.index - start + 1), in: source) { _, time in
            latest = max(latest ?? time, time)
        }
        return latest
    }

    /// Marks the next blocks before one; `false` if all of them are marked.
    private func mark(
        upTo block: UInt64, atMost count: UInt64, in source: any EventSource
    ) throws(ViewError) -> Bool {
        var (first, latest) = marks.withLock { ($0.count, $0.last) }
        guard first < block else { return false }
        let start = UInt64(first) * Self.blockEventCount
        let end = min(block, UInt64(first) + count) * Self.blockEventCount
        var new: [Timestamp] = []
        try forEachTime(from: start, Int(end - start), in: source) { position, time in
            let greatest = max(latest ?? time, time)
            latest = greatest
            if position.next.index.isMultiple(of: Self.blockEventCount) { new.append(greatest) }
        }
        // Somebody else may have marked some of them meanwhile.
        marks.withLock { marks in marks += new.dropFirst(marks.count - first) }
        return !new.isEmpty
    }

    private func forEachTime(
        from start: UInt64, _ count: Int, in source: any EventSource, _ body: (Position, Timestamp) -> Void
    ) throws(ViewError) {
        do throws(ReadError) {
            try source.forEachEvent(from: Position(start), count: count) { body($0.position, $0.time) }
        } catch {
            throw .log("\(error)")
        }
    }
}
