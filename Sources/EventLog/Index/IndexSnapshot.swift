/// One consistent state of the index. Segments and frozen tails never change; the newest tail only grows.
///
/// Segments cover positions 0 ..< a, frozen tails a ..< b, the tail b and up.
final class IndexSnapshot: Sendable {
    let segments: [Segment]
    let frozen: [IndexTail]
    let tail: IndexTail

    init(segments: [Segment], frozen: [IndexTail] = [], tail: IndexTail) {
        self.segments = segments
        self.frozen = frozen
        self.tail = tail
    }

    /// This state with more tails behind it, which only the caller knows.
    func followed(by tails: [IndexTail]) -> IndexSnapshot {
        guard let last = tails.last else { return self }
        return IndexSnapshot(segments: segments, frozen: frozen + [tail] + tails.dropLast(), tail: last)
    }

    /// Segments and tails together; in the order of positions.
    var partCount: Int { segments.count + frozen.count + 1 }

    /// The first position of a part.
    func start(of part: Int) -> UInt64 {
        part < segments.count ? segments[part].start : tail(part).start
    }

    /// The tail that is a part behind the segments.
    func tail(_ part: Int) -> IndexTail {
        let place = part - segments.count
        return place < frozen.count ? frozen[place] : tail
    }

    /// Whether any part may have a key: cheaper than a walk that finds nothing.
    func mayContain(_ key: UInt64) throws(IndexError) -> Bool {
        let key = ShortKey(key)
        if tail.contains(key) { return true }
        for tail in frozen where tail.contains(key) { return true }
        for segment in segments where try segment.mayContain(key) { return true }
        return false
    }

    /// Appends every position of some keys, in no order.
    func collect(_ keys: [UInt64], to positions: inout [UInt64]) throws(IndexError) {
        let keys = keys.map { ShortKey($0) }
        for segment in segments {
            var isPossible = [Bool](repeating: false, count: keys.count)
            try segment.flag(keys, &isPossible)
            for (place, key) in keys.enumerated() where isPossible[place] {
                var block = 0
                var count: Int
                repeat {
                    count = positions.count
                    try segment.collect(key, atOrAfter: 0, from: &block, to: &positions)
                } while positions.count > count
            }
        }
        for part in segments.count..<partCount {
            for key in keys { tail(part).collect(key, atOrAfter: 0, to: &positions) }
        }
    }

    /// How common a key is, as a number of blocks; tails count as one.
    func blockCount(of key: ShortKey) throws(IndexError) -> Int {
        var sum = 1
        for segment in segments where try segment.mayContain(key) { sum += segment.blockCount(of: key) }
        return sum
    }
}
