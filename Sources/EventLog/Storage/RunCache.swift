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
        /// Where each part stands in `entries`, by its number; −1 for one that is not here. Four bytes for 32 events of
        /// the log, and a look-up is one read.
        private var places: [Int32] = []
        var entries: [Entry] = []
        var byteCount = 0
        var hand = 0
        /// A sum over what was looked at, so that looking is not left out.
        var lookedSum: UInt64 = 0

        /// Where the part that holds a position stands in `entries`.
        subscript(position: Position) -> Int? {
            get {
                let number = Int(clamping: SealedBlock.partNumber(of: position))
                guard number < places.count, places[number] >= 0 else { return nil }
                return Int(places[number])
            }
            set {
                let number = Int(clamping: SealedBlock.partNumber(of: position))
                while number >= places.count { places.append(-1) }
                places[number] = newValue.map { Int32($0) } ?? -1
            }
        }
    }

    private let byteCountMax: Int
    private let state = Mutex(State())

    /// A cache of this many bytes, at most; 0 keeps nothing.
    init(byteCountMax: Int) { self.byteCountMax = byteCountMax }

    /// Bytes at the moment.
    var byteCount: Int { state.withLock { $0.byteCount } }

    func run(holding position: Position) -> RecordRun? {
        state.withLock { state in
            guard let place = state[position] else { return nil }
            state.entries[place].isUsed = true
            return state.entries[place].run
        }
    }

    /// The parts that hold some positions, `nil` for those that are not here.
    ///
    /// Each part stands somewhere else in memory, and taking one waits for whatever came before it. So the first rounds
    /// only look, at all parts at once and then at all records, which brings them near.
    func runs(holding positions: [Position]) -> [RecordRun?] {
        state.withLock { state in
            let places = positions.map { state[$0] }
            for place in places { if let place { state.lookedSum &+= state.entries[place].run.first.index } }
            for (place, position) in zip(places, positions) {
                if let place { state.lookedSum &+= state.entries[place].run.look(at: position) }
            }
            return places.map { place in
                guard let place else { return nil }
                state.entries[place].isUsed = true
                return state.entries[place].run
            }
        }
    }

    /// Takes a part in if no other has to give way.
    func insertIfRoom(_ run: RecordRun) {
        guard byteCount + run.bytes.count <= byteCountMax else { return }
        insert(run)
    }

    /// Takes a part in, unless it is here already or larger than the cache.
    func insert(_ run: RecordRun) {
        state.withLock { state in
            guard run.bytes.count <= byteCountMax, state[run.first] == nil else { return }
            let entry = Entry(run: run, isUsed: false)
            var place: Int?
            while state.byteCount + run.bytes.count > byteCountMax {
                if let emptied = place { Self.removeLast(into: emptied, &state) }
                place = Self.evict(&state)
            }
            if let place { state.entries[place] = entry } else { state.entries.append(entry) }
            state[run.first] = place ?? state.entries.count - 1
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
        state[run.first] = nil
        state.byteCount -= run.bytes.count
        state.hand = (state.hand + 1) % state.entries.count
        return place
    }

    /// Closes a free place with the last entry.
    private static func removeLast(into place: Int, _ state: inout State) {
        let last = state.entries.removeLast()
        if place < state.entries.count {
            state.entries[place] = last
            state[last.run.first] = place
        }
        if state.hand >= state.entries.count { state.hand = 0 }
    }
}
