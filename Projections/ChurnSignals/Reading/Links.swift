import CivilTime

/// When a contact was linked to an account, and when as its decision maker.
struct Links {
    /// From a time on, until the next entry of the same account.
    private struct Step {
        var time: Int64
        var position: UInt64
        var account: PartyKey
        var isActive: Bool
        var decides: Bool
    }

    private let account: PartyKey
    /// Of all accounts that the contact was ever linked to, by (time, position).
    private var steps: [Step] = []
    /// The event with which a decision maker left, if that is how things stand.
    private(set) var departure: Evidence?

    /// - Parameters:
    ///   - entries: everything that was said about the contact, by the other party.
    ///   - zone: where the days of departures begin.
    init(to account: PartyKey, of entries: [Ties.Entry], in zone: CivilZone) {
        self.account = account
        for entry in entries {
            for said in entry.assertions {
                let isActive = said.kind == .linked || said.kind == .linkedAsDecisionMaker
                let decides = said.kind == .linkedAsDecisionMaker || said.kind == .unlinkedAsDecisionMaker
                guard said.kind.identity == nil else { continue }
                steps.append(
                    Step(
                        time: said.time, position: said.position, account: entry.other, isActive: isActive,
                        decides: decides))
            }
        }
        steps.sort { ($0.time, $0.position) < ($1.time, $1.position) }
        var decided = false
        for step in steps where step.account == account {
            let leaves = !step.isActive && (decided || step.decides)
            departure = leaves ? Evidence(step.position, onDayOf: step.time, in: zone) : step.isActive ? nil : departure
            decided = step.isActive && step.decides
        }
    }

    /// Whether the contact was linked to the account at a time, and to no other one since: an event belongs to one
    /// account (READ_MODELS.md section 0).
    func isActive(at time: Int64) -> Bool { step(at: time)?.account == account }

    /// Whether it was linked to the account as decision maker, whatever it is elsewhere.
    func decides(at time: Int64) -> Bool {
        steps.last { $0.account == account && $0.time <= time }.map { $0.isActive && $0.decides } ?? false
    }

    /// The newest link that was active at a time.
    private func step(at time: Int64) -> Step? {
        var ended: Set<PartyKey> = []
        return steps.last { step in
            guard step.time <= time, !ended.contains(step.account) else { return false }
            if !step.isActive { ended.insert(step.account) }
            return step.isActive
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
