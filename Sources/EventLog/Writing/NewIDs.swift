/// Which ids no segment of the index had at one moment.
///
/// Most ids are new, and to find that out takes a cache line of every segment. Here it is found out for many ids
/// together, and if they are very many by whoever prepares them: the writer then looks only at tails and at segments
/// made since.
struct NewIDs: Sendable {
    /// The position up to which segments were looked at.
    private var end: UInt64 = 0
    /// For each id, whether some segment may have it.
    private var isPossible: [Bool] = []

    /// Nothing is known of any id.
    init() {}

    /// Looks for ids by their keys.
    init(_ keys: [UInt64], in snapshot: IndexSnapshot) {
        let keys = keys.map { ShortKey($0) }
        isPossible = .init(repeating: false, count: keys.count)
        do throws(IndexError) {
            for segment in snapshot.segments { try segment.flag(keys, &isPossible) }
            end = snapshot.segments.last?.end ?? 0
        } catch {
            // The writer comes upon the same damage and refuses what it concerns.
            self = NewIDs()
        }
    }

    /// The position before which the id at a place does not stand.
    func searchStart(of place: Int) -> UInt64 { place < isPossible.count && !isPossible[place] ? end : 0 }
}
