import CivilTime

/// When a person was linked to a customer, and when as its decision maker. Contacts that were merged are one person,
/// and accounts that were merged one customer.
struct Links {
    private struct Step {
        let time: Int64
        let position: UInt64
        let link: TieKey
        let isActive: Bool
        let decides: Bool
    }

    private let accounts: Set<PartyKey>
    /// Of all links that the person ever had, to whatever account, by (time, position).
    private var steps: [Step] = []
    /// The event with which a decision maker left, if that is how things stand.
    private(set) var departure: Evidence?

    /// - Parameters:
    ///   - accounts: those that are the customer.
    ///   - person: the contacts that are the person, with everything that was said about each.
    ///   - zone: where the days of departures begin.
    init(to accounts: Set<PartyKey>, of person: [(contact: PartyKey, entries: [Ties.Entry])], in zone: CivilZone) {
        self.accounts = accounts
        for (contact, entries) in person {
            for entry in entries {
                for said in entry.assertions where said.kind.identity == nil {
                    steps.append(
                        Step(
                            time: said.time, position: said.position, link: TieKey(entry.other, contact),
                            isActive: said.kind == .linked || said.kind == .linkedAsDecisionMaker,
                            decides: said.kind == .linkedAsDecisionMaker || said.kind == .unlinkedAsDecisionMaker))
                }
            }
        }
        steps.sort { ($0.time, $0.position) < ($1.time, $1.position) }
        departure = departure(in: zone)
    }

    /// A decision maker has left with the last link as such, unless the person was linked again since.
    private func departure(in zone: CivilZone) -> Evidence? {
        var departure: Evidence?
        var deciding: Set<TieKey> = []
        for step in steps where accounts.contains(step.link.first) {
            let decided = deciding.remove(step.link) != nil
            if step.isActive {
                departure = nil
                if step.decides { deciding.insert(step.link) }
            } else if decided || step.decides, deciding.isEmpty {
                departure = Evidence(step.position, onDayOf: step.time, in: zone)
            }
        }
        return departure
    }

    /// Whether the person was linked to the customer at a time, and to no other one since: an event belongs to one
    /// account (READ_MODELS.md section 0).
    func isActive(at time: Int64) -> Bool {
        var ended: Set<TieKey> = []
        let newest = steps.last { step in
            guard step.time <= time, !ended.contains(step.link) else { return false }
            if !step.isActive { ended.insert(step.link) }
            return step.isActive
        }
        return newest.map { accounts.contains($0.link.first) } ?? false
    }

    /// Whether the person was linked to the customer as decision maker, whatever it is elsewhere.
    func decides(at time: Int64) -> Bool {
        var seen: Set<TieKey> = []
        return steps.reversed().contains { step in
            guard step.time <= time, accounts.contains(step.link.first) else { return false }
            return seen.insert(step.link).inserted && step.isActive && step.decides
        }
    }
}

/// An event that a signal rests on.
struct Evidence: Hashable, Sendable {
    /// The civil day of its time, counted from 1970-01-01.
    var day: Int
    var position: UInt64

    init(_ position: UInt64, onDayOf time: Int64, in zone: CivilZone) {
        day = zone.dayNumber(of: time)
        self.position = position
    }

    init(_ fact: Fact, in zone: CivilZone) { self.init(fact.position, onDayOf: fact.time, in: zone) }
}
