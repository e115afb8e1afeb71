import CRMEvents
import CivilTime

/// The contracts and subscriptions of a customer.
struct Commitments: Sendable {
    /// A contract in force.
    struct Contract: Sendable {
        var activeDay: Int
        /// The last day on which notice can be given; `nil` for a contract without an end.
        var noticeDay: Int?
        /// The newest of its events.
        var position: UInt64
    }

    fileprivate struct Terms {
        var isOurs = false
        var term = ContractTerm()
        var position: UInt64 = 0
    }

    /// Contracts in force, by their activation.
    let contracts: [Contract]
    /// Since when a subscription runs, for each that does.
    let liveSince: [Evidence]
    /// Whether subscriptions are paused and none runs.
    let isPaused: Bool
    /// The first end of a contract, or cancellation of a subscription, on each day.
    let ends: [Evidence]

    /// The commitments as of a day.
    init(_ facts: [Fact], asOf today: Int, in zone: CivilZone) {
        var terms: [Ref: Terms] = [:]
        var subscriptions: [Ref: (state: Fact.Subscription, since: Evidence)] = [:]
        var ends: [Evidence] = []
        for fact in facts {
            let evidence = Evidence(fact, in: zone)
            switch fact.what {
            case .contractDrafted(let ref, _, _, _), .contractAmended(let ref, _, _, _), .contractActivated(let ref, _),
                .contractRenewed(let ref, _), .contractEnded(let ref, _):
                terms[ref, default: Terms()].take(fact)
            case .subscribed(let ref):
                if subscriptions[ref] == nil { subscriptions[ref] = (.live, evidence) }
            case .subscriptionBecame(let ref, let state):
                let known = subscriptions[ref]
                if state == .canceled, known?.state != .canceled { ends.append(evidence) }
                let since = known?.state == state ? known?.since ?? evidence : evidence
                subscriptions[ref] = (state, since)
            default: continue
            }
        }
        contracts = terms.values.compactMap { $0.contract(asOf: today) }.sorted {
            ($0.activeDay, $0.position) < ($1.activeDay, $1.position)
        }
        liveSince = subscriptions.values.filter { $0.state == .live }.map(\.since)
            .sorted { ($0.day, $0.position) < ($1.day, $1.position) }
        isPaused = liveSince.isEmpty && subscriptions.values.contains { $0.state == .paused }
        ends += terms.values.compactMap { terms in
            guard terms.isOurs, terms.term.activeDay != nil, let day = terms.term.endedDay, day <= today else {
                return nil
            }
            return Evidence(day: Int(day), position: terms.position)
        }
        self.ends = ends.sorted { ($0.day, $0.position) < ($1.day, $1.position) }
    }

    /// Whether something runs.
    var isOpen: Bool { !contracts.isEmpty || !liveSince.isEmpty }

    /// The first day of the oldest commitment that runs.
    var openSince: Int? {
        (contracts.map(\.activeDay) + liveSince.map(\.day)).min()
    }
}

extension Commitments.Terms {
    fileprivate mutating func take(_ fact: Fact) {
        position = max(position, fact.position)
        switch fact.what {
        case .contractDrafted(_, let end, let notice, let renewsItself):
            guard !isOurs else { return }
            isOurs = true
            term.endDay = Self.day(end)
            term.noticeDays = Int64(notice)
            term.renewsItself = renewsItself
        case .contractAmended(_, let end, let notice, let renewsItself):
            if let end { term.endDay = Self.day(end) }
            if let notice { term.noticeDays = Int64(notice) }
            if let renewsItself { term.renewsItself = renewsItself }
        case .contractActivated(_, let day): term.activeDay = term.activeDay ?? day
        case .contractRenewed(_, let end): term.endDay = end
        case .contractEnded(_, let day): term.endedDay = term.endedDay ?? day
        default: break
        }
    }

    fileprivate func contract(asOf today: Int) -> Commitments.Contract? {
        guard isOurs, let activeDay = term.activeDay, term.isInForce(on: Int32(clamping: today)) else { return nil }
        return Commitments.Contract(
            activeDay: Int(activeDay), noticeDay: term.noticeDeadline.map { Int($0) }, position: position)
    }

    /// A contract without an end is kept as one whose end never comes.
    private static func day(_ end: Int32) -> Int32? { end < .max ? end : nil }
}

extension Evidence {
    init(day: Int, position: UInt64) {
        self.day = day
        self.position = position
    }
}
