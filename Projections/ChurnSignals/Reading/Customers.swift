import EventModel
import ProjectionRuntime

/// The customers of a snapshot as of a moment: accounts that nobody merged into another, in the order of their ids.
struct Customers {
    private let snapshot: ViewSnapshot
    private let moment: Moment
    private let ties: Ties
    /// Accounts that have no facts of their own, but perhaps those of others; ascending by name.
    private let named: [PartyKey]

    init(_ snapshot: ViewSnapshot, _ moment: Moment) throws(ViewError) {
        self.snapshot = snapshot
        self.moment = moment
        let ties = try Ties(snapshot, moment)
        self.ties = ties
        named = ties.accounts.sorted { Self.isBefore($0.name, $1.name) }
    }

    /// Hands each customer of whom something is known to `body` until it returns `false`. `from` includes.
    func forEach(
        from: String? = nil, _ body: (_ account: String, _ facts: CustomerFacts) throws(ViewError) -> Bool
    ) throws(ViewError) {
        let start = PartyKey.account(from ?? "")
        var waiting = named[...].drop { Self.isBefore($0.name, start.name) }
        var goesOn = true
        try snapshot.forEach(ChurnSignals.customers, from: start) { party, row throws(ViewError) in
            guard party.kind == .account else { return false }
            while goesOn, let next = waiting.first, Self.isBefore(next.name, party.name) {
                waiting.removeFirst()
                goesOn = try visit(next, CustomerRow(), body)
            }
            if waiting.first == party { waiting.removeFirst() }
            if goesOn { goesOn = try visit(party, row, body) }
            return goesOn
        }
        while goesOn, let next = waiting.popFirst() { goesOn = try visit(next, CustomerRow(), body) }
    }

    /// The facts of one customer; of nobody, none.
    func facts(of account: String) throws(ViewError) -> CustomerFacts {
        try CustomerFacts(of: .account(account), ties, in: snapshot, moment)
    }

    private func visit(
        _ party: PartyKey, _ row: CustomerRow, _ body: (String, CustomerFacts) throws(ViewError) -> Bool
    ) throws(ViewError) -> Bool {
        guard ties.isAlone(party) || ties.survivor(of: party) == party else { return true }
        let facts = try CustomerFacts(of: party, ties, row: row, in: snapshot, moment)
        return facts.isEmpty ? true : try body(party.id, facts)
    }

    /// The order of the keys: bytes, and a shorter name before a longer one that begins like it.
    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

extension CustomerFacts {
    /// The facts of the customer that an account belongs to, itself or its survivor; `nil` if nothing is known.
    static func find(
        _ account: String, in snapshot: ViewSnapshot, _ moment: Moment
    ) throws(ViewError) -> (account: String, facts: CustomerFacts)? {
        let party = PartyKey.account(account)
        let ties = try Ties(around: party, in: snapshot, moment)
        let survivor = ties.survivor(of: party)
        let around = survivor == party ? ties : try Ties(around: survivor, in: snapshot, moment)
        let facts = try CustomerFacts(of: survivor, around, in: snapshot, moment)
        return facts.isEmpty ? nil : (survivor.id, facts)
    }
}
