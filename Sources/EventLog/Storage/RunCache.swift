internal import EventModel
internal import RecordFormat
internal import Synchronization

/// Unpacked parts of blocks that were read lately, bounded in bytes.
///
/// When it is full, a clock hand goes around: it spares a part that was read since it last came by, and drops
/// the first that was not.
final class RunCache: Sendable {
    private struct Entry {
        var run: RecordRun
        var isUsed: Bool
    }

    private struct State {
        var places: [UInt64: Int] = [:]
        var entries: [Entry] = []
        var byteCount = 0
        var hand = 0
    }

    private let byteCountMax: Int
    private let state = Mutex(State())

    /// A cache of this many bytes, at most; 0 keeps nothing.
    init(byteCountMax: Int) { self.byteCountMax = byteCountMax }

    /// Bytes at the moment.
    var byteCount: Int { state.withLock { $0.byteCount } }

    func run(holding position: Position) -> RecordRun? {
        state.withLock { state in
            guard let place = state.places[SealedBlock.partNumber(of: position)] else { return nil }
            state.entries[place].isUsed = true
            return state.entries[place].run
        }
    }

    /// Takes a part in if no other has to give way.
    func insertIfRoom(_ run: RecordRun) {
        guard byteCount + run.bytes.count <= byteCountMax else { return }
        insert(run)
    }

    /// Takes a part in, unless it is here already or larger than the cache.
    func insert(_ run: RecordRun) {
        let key = SealedBlock.partNumber(of: run.first)
        state.withLock { state in
            guard run.bytes.count <= byteCountMax, state.places[key] == nil else { return }
            let entry = Entry(run: run, isUsed: false)
            var place: Int?
            while state.byteCount + run.bytes.count > byteCountMax {
                if let emptied = place { Self.removeLast(into: emptied, &state) }
                place = Self.evict(&state)
            }
            if let place { state.entries[place] = entry } else { state.entries.append(entry) }
            state.places[key] = place ?? state.entries.count - 1
            state.byteCount += run.bytes.count
        }
    }

    /// Drops a part and returns its place, which is free now.
    private static func evict(_ state: inout State) -> Int {
        while state.entries[state.hand].isUsed {
            state.entries[state.hand].isUsed = false
            state.hand = (state.hand + 1) % state.entries.count
        }
        let place = state.hand
        let run = state.entries[place].run
        state.places[SealedBlock.partNumber(of: run.first)] = nil
        state.byteCount -= run.bytes.count
        state.hand = (state.hand + 1) % state.entries.count
        return place
    }

    /// Closes a free place with the last entry.
    private static func removeLast(into place: Int, _ state: inout State) {
        let last = state.entries.removeLast()
        if place < state.entries.count {
            state.entries[place] = last
            state.places[SealedBlock.partNumber(of: last.run.first)] = place
        }
        if state.hand >= state.entries.count { state.hand = 0 }
    }
}
