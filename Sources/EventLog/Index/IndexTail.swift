internal import EventModel
internal import Synchronization

/// A part of the index in memory: what is not yet in a segment.
///
/// An open-addressing table maps a short key to its newest entry; entries of one key are chained from the
/// newest to the oldest. Adding a key is a probe and two stores; nothing is allocated but the arrays.
///
/// Invariants
/// 1. `entries` are in the order of their positions; an entry never changes, so a walk may let go of the
///    lock between two steps.
/// 2. No key has two entries of one position.
/// 3. At least half of the table is empty.
final class IndexTail: Sendable {
    /// Events of one tail at most, far fewer than an entry has room for.
    static let eventCountMax = 65_536
    /// Entries of one tail at most: about 20 MB of memory. Six keys an event make about 8 MB.
    static let entryCountMax = 1 << 20
    /// Entries that one hold of the lock may look at, and events that it may add.
    private static let stepCount = 256
    /// Keys that are fetched from memory together before they are added.
    fileprivate static let fetchedKeyCount = 128

    fileprivate struct Contents {
        var eventCount: UInt64 = 0
        /// Short key ‖ position - start: see ``ShortKey/entry(_:)``.
        var entries: [UInt64] = []
        /// Place + 1 of the entry of the same key before; 0 for none.
        var previous: [UInt32] = []
        /// Place + 1 of a key's newest entry; 0 for none.
        var table: [UInt32]
        /// The place in the caller's keys up to which they were fetched, and a sum over what was fetched.
        var fetchedEnd = 0
        var fetchedSum: UInt64 = 0
    }

    /// The first position that this tail covers.
    let start: UInt64
    private let contents: Mutex<Contents>

    /// An empty tail.
    ///
    /// - Parameter entryCount: how many entries are expected; more are fine.
    init(start: UInt64, expecting entryCount: Int = 2048) {
        self.start = start
        var contents = Contents(table: [])
        contents.entries.reserveCapacity(entryCount)
        contents.previous.reserveCapacity(entryCount)
        var slotCount = 4096
        while slotCount < 2 * entryCount { slotCount *= 2 }
        contents.table = [UInt32](repeating: 0, count: slotCount)
        self.contents = Mutex(contents)
    }

    /// The position after the last one that this tail covers.
    var end: UInt64 { start + contents.withLock { $0.eventCount } }
    var entryCount: Int { contents.withLock { $0.entries.count } }

    /// Adds consecutive events from the given places on, until they or this tail are at their end.
    ///
    /// - Returns: whether this tail is full.
    func add(_ keys: [UInt64], _ counts: [UInt16], from event: inout Int, _ key: inout Int) -> Bool {
        while event < counts.count {
            let isFull = contents.withLock { contents in
                let stop = min(event + Self.stepCount, counts.count)
                contents.fetchedEnd = key
                while event < stop {
                    let keyEnd = key + Int(counts[event])
                    guard contents.hasRoom(for: keyEnd - key) else { return true }
                    contents.add(keys, key..<keyEnd)
                    key = keyEnd
                    event += 1
                }
                return false
            }
            if isFull { return true }
        }
        return false
    }

    /// Whether there is an entry of a key.
    func contains(_ key: ShortKey) -> Bool { contents.withLock { $0.newest(key) > 0 } }

    /// Sets the flag of each key that has an entry.
    func flag(_ keys: [ShortKey], _ flags: inout [Bool]) {
        for start in stride(from: 0, to: keys.count, by: Self.stepCount) {
            let some = start..<min(start + Self.stepCount, keys.count)
            contents.withLock { contents in
                contents.fetch(keys[some].lazy.map(\.number))
                for place in some where !flags[place] { flags[place] = contents.newest(keys[place]) > 0 }
            }
        }
    }

    /// Appends positions of a key at or after a bound, oldest first: all of them.
    func collect(_ key: ShortKey, atOrAfter bound: UInt64, to positions: inout [UInt64]) {
        let first = positions.count
        walk(key) { position in
            guard position >= bound else { return false }
            positions.append(position)
            return true
        }
        positions[first...].reverse()
    }

    /// Appends at most `limit` positions of a key at or before a bound, newest first.
    func collect(_ key: ShortKey, atOrBefore bound: UInt64, limit: Int, to positions: inout [UInt64]) {
        let end = positions.count + limit
        walk(key) { position in
            if position <= bound { positions.append(position) }
            return positions.count < end
        }
    }

    /// The entries in the order of their short keys, and within a key of their positions.
    func sortedEntries() -> [UInt64] {
        RadixSort.sortedByKey(contents.withLock { $0.entries })
    }

    private func walk(_ key: ShortKey, _ body: (UInt64) -> Bool) {
        var place: UInt32?
        repeat {
            place = contents.withLock { contents in
                var next = place ?? contents.newest(key)
                for _ in 0..<Self.stepCount {
                    guard next > 0 else { return 0 }
                    let entry = Int(next) - 1
                    guard body(start + ShortKey.offset(of: contents.entries[entry])) else { return 0 }
                    next = contents.previous[entry]
                }
                return next
            }
        } while place != 0
    }
}

extension IndexTail.Contents {
    func hasRoom(for keyCount: Int) -> Bool {
        eventCount < IndexTail.eventCountMax
            && (eventCount == 0 || entries.count + keyCount <= IndexTail.entryCountMax)
    }

    /// Adds the keys of one event.
    mutating func add(_ keys: [UInt64], _ range: Range<Int>) {
        while 2 * (entries.count + range.count) > table.count { grow() }
        if range.upperBound > fetchedEnd {
            fetchedEnd = min(range.lowerBound + IndexTail.fetchedKeyCount, keys.count)
            fetch(keys[range.lowerBound..<fetchedEnd].lazy.map { ShortKey($0).number })
        }
        for place in range { add(ShortKey(keys[place])) }
        eventCount += 1
    }

    /// Reads what looking for keys will read. The reads depend on nothing, so the processor waits for
    /// all of them at once instead of one after the other, which halves the time of adding.
    fileprivate mutating func fetch(_ keys: some Sequence<UInt64>) {
        let mask = table.count - 1
        for key in keys {
            let newest = table[Int(truncatingIfNeeded: key) & mask]
            if newest > 0 { fetchedSum &+= entries[Int(newest) - 1] }
        }
    }

    func newest(_ key: ShortKey) -> UInt32 { table[slot(of: key)] }

    private mutating func add(_ key: ShortKey) {
        let entry = key.entry(eventCount)
        let slot = slot(of: key)
        let newest = table[slot]
        if newest > 0, entries[Int(newest) - 1] == entry { return }
        entries.append(entry)
        previous.append(newest)
        table[slot] = UInt32(entries.count)
    }

    /// Where a key stands, or would stand.
    private func slot(of key: ShortKey) -> Int {
        let mask = table.count - 1
        var slot = Int(truncatingIfNeeded: key.number) & mask
        while true {
            let newest = table[slot]
            if newest == 0 || ShortKey(of: entries[Int(newest) - 1]) == key { return slot }
            slot = (slot + 1) & mask
        }
    }

    private mutating func grow() {
        table = [UInt32](repeating: 0, count: table.count * 4)
        for place in entries.indices { table[slot(of: ShortKey(of: entries[place]))] = UInt32(place + 1) }
    }
}
