internal import Dispatch
public import EventModel
internal import RecordFormat

/// Histories: what lies anywhere in the log and is wanted at once, such as all that concerns one customer.
extension EventLog {
    public func positions(
        of streams: [StreamName], matching items: [EventQuery.Item], before end: Position
    ) throws(ReadError) -> [Position] {
        let reader = try queryReader()
        return try QueryReader.reading { () throws(IndexError) in
            let snapshot = reader.index.snapshot
            var found: Set<UInt64> = []
            for stream in streams {
                let cursor = PostingCursor(reader.index.hasher.stream(stream), .forward, in: snapshot)
                var postings = ItemPostings(cursor, .forward)
                try postings.collect(before: end.index, to: &found)
            }
            for item in items {
                var postings = try ItemPostings(item, .forward, reader.index.hasher, in: snapshot)
                try postings.collect(before: end.index, to: &found)
            }
            return found.sorted().map { Position($0) }
        }
    }

    public func forEachEvent(at positions: [Position], _ body: (borrowing EventView) -> Void) throws(ReadError) {
        var reader = RecordReader(store)
        for start in stride(from: 0, to: positions.count, by: LogStore.togetherCountMax) {
            let some = positions[start..<min(start + LogStore.togetherCountMax, positions.count)]
            store.unpackTogether(some)
            for position in some {
                try reader.withRecord(at: position) { record throws(RecordError) in
                    body(try record.view(personal: record.hasSlots ? .sealed(purpose: record.slots()[0].purpose) : nil))
                }
            }
        }
    }
}

extension ItemPostings {
    /// Adds all positions before an end.
    fileprivate mutating func collect(before end: UInt64, to found: inout Set<UInt64>) throws(IndexError) {
        var next: UInt64? = 0
        var stepsLeft = Int.max
        while let bound = next, let position = try seek(bound, &stepsLeft), position < end {
            found.insert(position)
            next = position.next(.forward)
        }
    }
}

extension LogStore {
    /// Positions that ``unpackTogether(_:)`` takes at once, at most.
    static let togetherCountMax = 256

    /// Unpacks the parts that hold some positions, on all cores, so that reading them finds them in the cache.
    ///
    /// A part that is damaged is left for the reader to come upon.
    func unpackTogether(_ positions: ArraySlice<Position>) {
        var cold: [Position] = []
        for position in positions where runInMemory(holding: position) == nil {
            if cold.last.map(SealedBlock.partNumber) != SealedBlock.partNumber(of: position) { cold.append(position) }
        }
        guard cold.count > 1 else { return }
        DispatchQueue.concurrentPerform(iterations: cold.count) { [cold] place in _ = try? run(holding: cold[place]) }
    }
}
