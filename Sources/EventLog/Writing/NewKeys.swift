/// Which keys, of ids or of streams, the index did not have at one moment.
///
/// Most ids are new, and to find that out takes a cache line of every part of the index. Here it is found out for many
/// together, so that the processor waits for all of them at once; and if they are very many, the segments are asked
/// by whoever prepares them: the writer then looks only at tails and at segments made since.
struct NewKeys: Sendable {
    private let keys: [ShortKey]
    /// For each key, whether some part of the index may have it.
    private var isPossible: [Bool]
    /// The position up to which segments were looked at.
    private var end: UInt64 = 0
    /// Whether a segment could not be read: whoever looks for a key comes upon the same damage, and refuses what it
    /// concerns.
    private var isDamaged = false

    /// Looks for keys in segments.
    init(_ keys: [UInt64], in snapshot: IndexSnapshot) {
        self.keys = keys.map { ShortKey($0) }
        isPossible = .init(repeating: false, count: keys.count)
        lookInSegments(of: snapshot)
    }

    /// Looks at what the index has got since, and at its tails.
    mutating func look(in snapshot: IndexSnapshot) {
        lookInSegments(of: snapshot)
        for part in snapshot.segments.count..<snapshot.partCount { snapshot.tail(part).flag(keys, &isPossible) }
    }

    private mutating func lookInSegments(of snapshot: IndexSnapshot) {
        do throws(IndexError) {
            for segment in snapshot.segments where segment.end > end { try segment.flag(keys, &isPossible) }
            end = max(end, snapshot.segments.last?.end ?? 0)
        } catch {
            isDamaged = true
        }
    }

    /// Whether the key at a place is new for certain.
    func isNew(_ place: Int) -> Bool { !isDamaged && !isPossible[place] }
}
