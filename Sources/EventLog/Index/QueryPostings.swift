internal import EventModel

/// The positions that may match a query, in one direction: a merge (OR of items) of intersections (AND of
/// terms, and of any of the types), computed from the index alone.
///
/// Keys collide, so each position is a candidate: the record decides.
struct QueryPostings {
    private var items: [ItemPostings]
    private let direction: ReadDirection
    /// Steps that are still allowed: a seek in a single list is one, and its first one, which looks into every part of
    /// the index, is ``openingStepCount``.
    private(set) var stepsLeft: Int

    /// What the first seek in a list costs, in steps.
    private static let openingStepCount = 4

    /// The candidates of a query of which every item names something, found in so many steps at most.
    init(
        _ query: EventQuery, _ direction: ReadDirection, _ hasher: TermHasher, in snapshot: IndexSnapshot,
        stepCountMax: Int = .max
    ) throws(IndexError) {
        let listCount = query.items.reduce(0) { $0 + $1.types.count + $1.terms.count }
        stepsLeft = stepCountMax - Self.openingStepCount * listCount
        guard stepsLeft >= 0 else { throw .tooManySteps }
        items = []
        for item in query.items { items.append(try ItemPostings(item, direction, hasher, in: snapshot)) }
        self.direction = direction
    }

    /// The candidates behind one key.
    init(_ cursor: PostingCursor, _ direction: ReadDirection) {
        items = [ItemPostings(cursor, direction)]
        self.direction = direction
        stepsLeft = .max
    }

    /// The next candidate at or past a bound; bounds may only move in the direction of the walk.
    mutating func seek(_ bound: UInt64) throws(IndexError) -> UInt64? {
        var next: UInt64?
        for place in items.indices {
            next = direction.nearer(next, try items[place].seek(bound, &stepsLeft))
        }
        return next
    }
}

/// The positions that may match one item: in each of several lists, each of them a merge of some.
struct ItemPostings {
    private var conjuncts: [[PostingCursor]]
    private let direction: ReadDirection

    init(_ cursor: PostingCursor, _ direction: ReadDirection) {
        conjuncts = [[cursor]]
        self.direction = direction
    }

    /// The lists of an item, the rarest first, since the first one sets the pace.
    init(
        _ item: EventQuery.Item, _ direction: ReadDirection, _ hasher: TermHasher, in snapshot: IndexSnapshot
    ) throws(IndexError) {
        self.direction = direction
        let keys = item.terms.map { [hasher.term($0)] } + (item.types.isEmpty ? [] : [item.types.map(hasher.type)])
        precondition(!keys.isEmpty, "an item without types and terms is no matter for the index")
        var weighed: [(weight: Int, cursors: [PostingCursor])] = []
        for list in keys {
            var weight = 0
            if keys.count > 1 {
                for key in list { weight += try snapshot.blockCount(of: ShortKey(key)) }
            }
            weighed.append((weight, list.map { PostingCursor($0, direction, in: snapshot) }))
        }
        conjuncts = weighed.sorted { $0.weight < $1.weight }.map(\.cursors)
    }

    /// The next position at or past a bound that is in every list (leapfrog join, Veldhuizen, ICDT 2014).
    ///
    /// - Parameter stepsLeft: what it takes is subtracted.
    mutating func seek(_ bound: UInt64, _ stepsLeft: inout Int) throws(IndexError) -> UInt64? {
        var candidate = bound
        while let first = try seek(candidate, in: 0, &stepsLeft) {
            candidate = first
            var isInAll = true
            for place in conjuncts.indices.dropFirst() where isInAll {
                guard let next = try seek(candidate, in: place, &stepsLeft) else { return nil }
                isInAll = next == candidate
                candidate = next
            }
            if isInAll { return candidate }
        }
        return nil
    }

    private mutating func seek(
        _ bound: UInt64, in conjunct: Int, _ stepsLeft: inout Int
    ) throws(IndexError) -> UInt64? {
        stepsLeft -= conjuncts[conjunct].count
        guard stepsLeft >= 0 else { throw .tooManySteps }
        var next: UInt64?
        for place in conjuncts[conjunct].indices {
            next = direction.nearer(next, try conjuncts[conjunct][place].seek(bound))
        }
        return next
    }
}

extension ReadDirection {
    /// Which of two positions comes first in this direction.
    func nearer(_ left: UInt64?, _ right: UInt64?) -> UInt64? {
        guard let left, let right else { return left ?? right }
        return self == .forward ? min(left, right) : max(left, right)
    }
}
