internal import EventModel

/// Walks the positions of one key in one direction, over all parts of a snapshot.
///
/// It reads one block ahead at most, so a page costs the blocks that it touches and a jump costs a search.
struct PostingCursor {
    private let key: ShortKey
    private let direction: ReadDirection
    private let snapshot: IndexSnapshot
    /// Positions found and not yet passed, in the direction of the walk.
    private var found: [UInt64] = []
    private var place = 0
    /// The part of the snapshot that `found` is from, or the next to be asked.
    private var part: Int
    private var isInPart = false
    /// The first block of that part, if it is a segment, that was not looked into. Forward only.
    private var block = 0
    /// Positions that the next look into a tail takes at most; it grows, so that a long walk stays linear.
    private var limit = 16

    init(_ key: UInt64, _ direction: ReadDirection, in snapshot: IndexSnapshot) {
        self.key = ShortKey(key)
        self.direction = direction
        self.snapshot = snapshot
        part = direction == .forward ? 0 : snapshot.partCount - 1
    }

    /// The next position of the key at or past a bound: not below it forward, not above it backward.
    ///
    /// Bounds may only move in the direction of the walk. The position found is not passed: the same bound
    /// gives it again.
    mutating func seek(_ bound: UInt64) throws(IndexError) -> UInt64? {
        while true {
            passFound(before: bound)
            if place < found.count { return found[place] }
            guard try load(bound) else { return nil }
        }
    }

    /// The position of which `count` others lie before in the direction of the walk, from a bound on or from its
    /// beginning.
    mutating func skip(_ count: UInt64, from start: UInt64? = nil) throws(IndexError) -> UInt64? {
        var bound: UInt64 = start ?? (direction == .forward ? 0 : .max)
        var left = count
        while try seek(bound) != nil, let last = found.last {
            let available = UInt64(found.count - place)
            if left < available { return found[place + Int(left)] }
            left -= available
            guard let next = last.next(direction) else { return nil }
            bound = next
        }
        return nil
    }

    private mutating func passFound(before bound: UInt64) {
        guard place < found.count, isPassed(found[place], bound) else { return }
        var low = place + 1
        var high = found.count
        // Mostly the very next one is meant.
        if low < high, !isPassed(found[low], bound) { high = low }
        while low < high {
            let middle = (low + high) / 2
            if isPassed(found[middle], bound) { low = middle + 1 } else { high = middle }
        }
        place = low
    }

    private func isPassed(_ position: UInt64, _ bound: UInt64) -> Bool {
        direction == .forward ? position < bound : position > bound
    }

    /// Looks for positions at or past a bound, part by part. Returns whether there are any.
    private mutating func load(_ bound: UInt64) throws(IndexError) -> Bool {
        found.removeAll(keepingCapacity: true)
        place = 0
        while part >= 0, part < snapshot.partCount {
            if isInReach(bound) {
                if part < snapshot.segments.count {
                    try load(bound, from: snapshot.segments[part])
                } else {
                    load(bound, from: snapshot.tail(part))
                }
                if !found.isEmpty {
                    isInPart = true
                    return true
                }
            }
            isInPart = false
            block = 0
            part += direction == .forward ? 1 : -1
        }
        return false
    }

    private func isInReach(_ bound: UInt64) -> Bool {
        switch direction {
        case .forward: part == snapshot.partCount - 1 || snapshot.start(of: part + 1) > bound
        case .backward: snapshot.start(of: part) <= bound
        }
    }

    private mutating func load(_ bound: UInt64, from segment: Segment) throws(IndexError) {
        if !isInPart, try !segment.mayContain(key) { return }
        switch direction {
        case .forward: try segment.collect(key, atOrAfter: bound, from: &block, to: &found)
        case .backward: try segment.collect(key, atOrBefore: bound, to: &found)
        }
    }

    private mutating func load(_ bound: UInt64, from tail: IndexTail) {
        switch direction {
        case .forward: tail.collect(key, atOrAfter: bound, to: &found)
        case .backward:
            tail.collect(key, atOrBefore: bound, limit: limit, to: &found)
            limit = min(limit * 8, IndexTail.eventCountMax)
        }
    }
}

extension UInt64 {
    /// The number that follows in a direction; `nil` at the end of all numbers.
    func next(_ direction: ReadDirection) -> UInt64? {
        switch direction {
        case .forward: self == .max ? nil : self + 1
        case .backward: self == 0 ? nil : self - 1
        }
    }
}
