internal import EventModel
internal import Synchronization

/// The greatest time among the events up to a position: the moment that an answer as known at that position stands for.
///
/// One mark per block of the log is kept, 8 bytes each, so a question reads less than a block. The marks are made when
/// they are first needed and grow with the log; that costs one walk over the events' heads.
final class LatestTimes: Sendable {
    /// Events of a block.
    static let blockEventCount: UInt64 = 256

    /// The greatest time before the end of each block.
    private let marks = Mutex<[Timestamp]>([])

    /// The greatest time at a position of the log.
    func latest(at position: Position, in source: any EventSource) throws(ViewError) -> Timestamp? {
        let block = Int(position.index / Self.blockEventCount)
        let known = marks.withLock { $0 }
        var latest = known.count >= block && block > 0 ? known[block - 1] : nil
        if known.count < block {
            latest = known.last
            var new: [Timestamp] = []
            for number in known.count..<block {
                latest = try Self.greatest(
                    latest, from: UInt64(number) * Self.blockEventCount, count: Self.blockEventCount, in: source)
                if let latest { new.append(latest) }
            }
            marks.withLock { marks in
                if marks.count == known.count { marks += new }
            }
        }
        let start = UInt64(block) * Self.blockEventCount
        return try Self.greatest(latest, from: start, count: position.index - start + 1, in: source)
    }

    private static func greatest(
        _ known: Timestamp?, from start: UInt64, count: UInt64, in source: any EventSource
    ) throws(ViewError) -> Timestamp? {
        var latest = known
        do throws(ReadError) {
            try source.forEachEvent(from: Position(start), count: Int(count)) { event in
                latest = max(latest ?? event.time, event.time)
            }
        } catch {
            throw .log("\(error)")
        }
        return latest
    }
}
