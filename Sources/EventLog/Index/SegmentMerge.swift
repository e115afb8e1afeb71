/// Merges the pairs of neighbouring segments by key; of one key, the older segment's positions come first.
struct SegmentMerge {
    /// Bytes of distances from which on an entry is copied as it is. Smaller ones are joined with those that
    /// follow.
    private static let copiedByteCount = 128

    /// One input: its current block, spread out.
    private struct Input {
        let segment: Segment
        var page: EntryPage
        var place = 0
        var block = 0

        init(_ segment: Segment) throws(IndexError) {
            self.segment = segment
            page = EntryPage(end: segment.end)
            try load()
        }

        /// The key at hand; `.max` at the end.
        var key: UInt64 { place < page.count ? page.key(place) : .max }

        mutating func load() throws(IndexError) {
            place = 0
            page.removeAll()
            guard block < segment.blockCount else { return }
            try segment.read(block, into: &page)
            block += 1
        }

        /// Moves the entries of a key to the writer. Returns the key that follows.
        mutating func move(_ key: UInt64, to writer: inout SegmentWriter) throws(IndexError) -> UInt64 {
            while true {
                while place < page.count {
                    guard page.key(place) == key else { return page.key(place) }
                    if page.distances(place).count >= SegmentMerge.copiedByteCount {
                        try page.copy(place, to: &writer)
                    } else {
                        try page.forEachPosition(of: place) { position throws(IndexError) in
                            try writer.add(key, position)
                        }
                    }
                    place += 1
                }
                try load()
                guard page.count > 0 else { return .max }
            }
        }
    }

    private static let stepCount = 4096
    private var inputs: [Input] = []
    private var heads: [UInt64] = []

    /// A merge of segments in the order of their positions.
    init(_ segments: [Segment]) throws(IndexError) {
        for segment in segments {
            let input = try Input(segment)
            heads.append(input.key)
            inputs.append(input)
        }
    }

    /// Moves some thousand keys; `false` once all are moved.
    mutating func step(into writer: inout SegmentWriter) throws(IndexError) -> Bool {
        for _ in 0..<Self.stepCount {
            var best = 0
            for place in 1..<heads.count where heads[place] < heads[best] { best = place }
            let key = heads[best]
            guard key != .max else { return false }
            heads[best] = try inputs[best].move(key, to: &writer)
        }
        return true
    }
}
