internal import EventModel
internal import Synchronization

/// The greatest time among the events up to a position: the moment that an answer as known at that position stands for.
///
/// One mark per block of the log is kept, 8 bytes each, so a question reads less than a block: no more events than the
/// log unpacks at once. The marks are made when they are first needed and grow with the log; that costs one walk over
/// the events' heads.
final class LatestTimes: Sendable {
    /// Events of a block.
    static let blockEventCount: UInt64 = 64

    /// The greatest time before the end of each block.
    private let marks = Mutex<[Timestamp]>([])

    /// The greatest time at a position of the log.
    func latest(at position: Position, in source: any EventSource) throws(ViewError) -> Timestamp? {
        let block = Int(position.index / Self.blockEventCount)
        let known = marks.withLock { $0 }
        let first = min(known.count, block)
        var latest = first > 0 ? known[first - 1] : nil
        let start = UInt64(first) * Self.blockEventCount
        var new: [Timestamp] = []
        do throws(ReadError) {
            try source.forEachEvent(from: Position(start), count: Int(position.index - start + 1)) { event in
                let greatest = max(latest ?? event.time, event.time)
                latest = greatest
                if event.position.next.index.isMultiple(of: Self.blockEventCount) { new.append(greatest) }
            }
        } catch {
            throw .log("\(error)")
        }
        marks.withLock { marks in
            if marks.count == known.count, known.count <= block { marks += new }
        }
        return latest
    }
}
