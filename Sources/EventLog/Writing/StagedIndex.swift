internal import EventModel

/// The index of staged events, as far as somebody has asked for it.
struct StagedIndex {
    /// One behind the other, all but the last one full.
    private(set) var tails: [IndexTail] = []
    private var eventCount = 0
    private var keyCount = 0

    /// Comes up to the newest of the events.
    mutating func take(_ staged: StagedEvents) {
        var isFull = tails.isEmpty
        while eventCount < staged.count {
            if isFull { tails.append(IndexTail(start: staged.start.index + UInt64(eventCount))) }
            isFull = tails[tails.count - 1].add(staged.keys, staged.keyCounts, from: &eventCount, &keyCount)
        }
    }
}
