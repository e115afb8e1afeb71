/// Who is part of whom, as merges, unmerges and conversions say. Parties are told apart by whatever names them.
///
/// It is made of the assertions that were known at a moment, so it is the map of that moment. The last assertion about
/// a party holds:
/// 1. Should the survivor of a merge have been part of the merged party, that is over: no way up leads in a circle.
/// 2. An unmerge takes parties out of the one that it names, whatever they were merged into on the way, and out of no
///    other. Of several that it names, who is part of whom is looked at before the first one is taken out.
/// 3. A conversion is never taken back. A later merge goes before it; when that is over, the lead is the account's.
public struct MergeMap<Party: Hashable & Sendable>: Sendable {
    /// What one event says of two parties.
    public struct Assertion: Sendable {
        /// Index of the event in the log; what one event says has one position.
        public let position: UInt64
        public let kind: Kind
        /// The survivor of a merge or unmerge, or the account of a conversion.
        public let whole: Party
        /// The party that was merged or restored, or the lead.
        public let part: Party

        public init(position: UInt64, _ kind: Kind, of part: Party, _ whole: Party) {
            (self.position, self.kind, self.part, self.whole) = (position, kind, part, whole)
        }
    }

    public enum Kind: Sendable { case merged, restored, converted }

    private var parents: [Party: Party] = [:]
    /// How many parties became part of each, without those that came with them.
    private var partCounts: [Party: Int] = [:]
    /// The party that stands for each one that does not stand alone.
    private var survivors: [Party: Party] = [:]
    /// The account of each lead that was converted.
    private var accounts: [Party: Party] = [:]

    /// The map as these assertions leave it, in any order; those of one event in the order that they are given.
    public init(_ assertions: [Assertion] = []) {
        var position: UInt64?
        var restored: [Party] = []
        let order = assertions.indices.sorted { (assertions[$0].position, $0) < (assertions[$1].position, $1) }
        for assertion in order.map({ assertions[$0] }) {
            if assertion.position != position {
                takeOut(restored)
                (position, restored) = (assertion.position, [])
            }
            switch assertion.kind {
            case .restored: if isPart(assertion.part, of: assertion.whole) { restored.append(assertion.part) }
            case .converted:
                accounts[assertion.part] = assertion.whole
                join(assertion.part, to: assertion.whole)
            case .merged: join(assertion.part, to: assertion.whole)
            }
        }
        takeOut(restored)
        settle()
    }

    /// What a party has become part of; `nil` for one that stands alone.
    public func parent(of party: Party) -> Party? { parents[party] }

    /// The party that stands for this one: itself, unless it was merged or converted.
    public func survivor(of party: Party) -> Party { survivors[party] ?? party }

    /// Walks each way up once, however many meet on it.
    private mutating func settle() {
        for party in parents.keys {
            var way: [Party] = []
            var current = party
            while survivors[current] == nil, let above = parents[current] {
                way.append(current)
                current = above
            }
            let survivor = survivors[current] ?? current
            for party in way { survivors[party] = survivor }
        }
    }

    /// Whether a party was merged into another, whatever it was merged into on the way; a conversion is no merge.
    private func isPart(_ party: Party, of whole: Party) -> Bool {
        var current = party
        while let above = parents[current], above != accounts[current] {
            if above == whole { return true }
            current = above
        }
        return false
    }

    private mutating func takeOut(_ parties: [Party]) {
        for party in parties { setParent(of: party, nil) }
        for party in parties { if let account = accounts[party] { join(party, to: account) } }
    }

    private mutating func join(_ party: Party, to parent: Party) {
        guard party != parent else { return }
        // Only who has parts can be above anybody.
        if partCounts[party, default: 0] > 0, isBelow(parent, party) {
            setParent(of: parent, accounts[parent].flatMap { isBelow($0, party) ? nil : $0 })
        }
        setParent(of: party, parent)
    }

    private mutating func setParent(of party: Party, _ parent: Party?) {
        if let former = parents[party] { partCounts[former, default: 0] -= 1 }
        if let parent { partCounts[parent, default: 0] += 1 }
        parents[party] = parent
    }

    /// Whether the way up from one party leads to another.
    private func isBelow(_ party: Party, _ other: Party) -> Bool {
        var current = party
        while current != other, let above = parents[current] { current = above }
        return current == other
    }
}
