import CivilTime
import ProjectionRuntime

/// The facts of one customer by a moment, in order of time, with those of everybody who is part of it.
struct CustomerFacts {
    /// Ascending by (time, position).
    private(set) var facts: [Fact] = []
    /// Decision makers who left, as events.
    private(set) var departures: [Evidence] = []
    /// Changes from one owner to another. Each party had its own: that a merge brings two together is no change.
    private(set) var ownerChanges: [Evidence] = []
    /// Where the days begin.
    let zone: CivilZone

    /// The facts of an account and its members.
    ///
    /// - Parameter row: the account's own row, where the caller has read it already.
    init(
        of account: PartyKey, _ ties: Ties, row: CustomerRow? = nil, in snapshot: ViewSnapshot, _ moment: Moment
    ) throws(ViewError) {
        zone = moment.zone
        if ties.isAlone(account) {
            try add(account, row, nil, in: snapshot, moment)
        } else {
            for member in ties.members(of: account, in: moment.zone) {
                let known = member.party == account ? row : nil
                try add(member.party, known, member.links, in: snapshot, moment)
                if let departure = member.links?.departure, !departures.contains(departure) {
                    departures.append(departure)
                }
            }
        }
        sort()
    }

    /// Facts that are there already, in the order of their positions.
    init(_ facts: [Fact], _ moment: Moment) {
        zone = moment.zone
        take(facts, nil, isContact: false, moment)
        sort()
    }

    /// The part of these facts that had happened by an earlier day.
    func onDay(_ day: Int, _ moment: Moment) -> CustomerFacts {
        var earlier = self
        let moment = moment.onDay(day)
        earlier.facts = Array(facts.prefix { moment.includes($0.position, $0.time) })
        earlier.departures = departures.filter { $0.day <= day }
        earlier.ownerChanges = ownerChanges.filter { $0.day <= day }
        return earlier
    }

    /// Whether nothing is known.
    var isEmpty: Bool { facts.isEmpty && departures.isEmpty }

    private mutating func add(
        _ party: PartyKey, _ known: CustomerRow?, _ links: Links?, in snapshot: ViewSnapshot, _ moment: Moment
    ) throws(ViewError) {
        let stored = known == nil ? try snapshot.row(ChurnSignals.customers, party) : nil
        guard let row = known ?? stored else { return }
        var found: [Fact] = []
        if row.chunkCount > 0 {
            try snapshot.forEach(ChurnSignals.chunks, of: party) { _, chunk in found += chunk.facts }
        }
        take(found + row.facts, links, isContact: party.kind == .contact, moment)
    }

    /// Takes the facts of one party that count. A mail that came back is a reason only where it went to a decision
    /// maker.
    private mutating func take(_ found: [Fact], _ links: Links?, isContact: Bool, _ moment: Moment) {
        facts.reserveCapacity(facts.count + found.count)
        var owners: [(fact: Fact, owner: Ref)] = []
        for fact in found where moment.includes(fact.position, fact.time) {
            if fact.what == .bounced {
                guard isContact, let links, links.decides(at: fact.time) else { continue }
                departures.append(Evidence(fact, in: zone))
            } else if links?.isActive(at: fact.time) ?? true {
                facts.append(fact)
                if case .owned(let owner) = fact.what { owners.append((fact, owner)) }
            }
        }
        owners.sort { ($0.fact.time, $0.fact.position) < ($1.fact.time, $1.fact.position) }
        for (former, latter) in zip(owners, owners.dropFirst()) where former.owner != latter.owner {
            ownerChanges.append(Evidence(latter.fact, in: zone))
        }
    }

    private mutating func sort() {
        let isSorted = zip(facts, facts.dropFirst()).allSatisfy { ($0.time, $0.position) <= ($1.time, $1.position) }
        if !isSorted { facts.sort { ($0.time, $0.position) < ($1.time, $1.position) } }
        departures.sort { ($0.day, $0.position) < ($1.day, $1.position) }
    }
}
