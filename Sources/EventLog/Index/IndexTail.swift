internal import EventModel

/// The newest part of the index, in memory: what is not yet in a segment.
///
/// Entries of one key are chained from the newest to the oldest, so adding one costs a dictionary
/// look-up and no allocation of its own.
struct IndexTail: Sendable {
    private struct Entry {
        let position: UInt64
        let previous: Int32
    }

    /// The first position that this tail covers.
    let start: Position
    /// The position after the last one it covers.
    private(set) var end: Position
    private var newest: [UInt64: Int32] = [:]
    private var entries: [Entry] = []

    init(start: Position) {
        self.start = start
        end = start
    }

    var eventCount: Int { Int(end.index - start.index) }

    /// Adds the keys of the event at ``end``.
    mutating func add(_ keys: [UInt64]) {
        for key in keys {
            let entry = Int32(entries.count)
            let previous = newest.updateValue(entry, forKey: key) ?? -1
            entries.append(Entry(position: end.index, previous: previous))
        }
        end = end.next
    }

    /// Hands the positions of a key to `body`, newest first, until it returns `false`.
    func forEachNewestFirst(_ key: UInt64, _ body: (UInt64) -> Bool) {
        var next = newest[key] ?? -1
        while next >= 0 {
            let entry = entries[Int(next)]
            guard body(entry.position) else { return }
            next = entry.previous
        }
    }

    /// The positions of a key, oldest first.
    func positions(of key: UInt64) -> [UInt64] {
        var positions: [UInt64] = []
        forEachNewestFirst(key) { position in
            // An event that has one term twice stands twice in a row.
            if positions.last != position { positions.append(position) }
            return true
        }
        return positions.reversed()
    }

    /// Every key in ascending order.
    var sortedKeys: [UInt64] { newest.keys.sorted() }
    var keyCount: Int { newest.count }
}
