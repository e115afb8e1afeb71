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
        var endDay = Int(Int32.max)
        var noticeDays = 0
        var activeDay: Int?
        var endedDay: Int?
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

    /// The commitments as of a day; a contract is in force from its effective date to its end.
    init(_ facts: [Fact], asOf today: Int, in zone: CivilZone) {
        var terms: [Ref: Terms] = [:]
        var subscriptions: [Ref: (state: Fact.Subscription, since: Evidence)] = [:]
        var ends: [Evidence] = []
        for fact in facts {
            let evidence = Evidence(fact, in: zone)
            switch fact.what {
            case .contractDrafted(let ref, _, _), .contractAmended(let ref, _, _), .contractActivated(let ref, _),
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
            guard terms.isOurs, terms.activeDay != nil, let day = terms.endedDay, day <= today else { return nil }
            return Evidence(day: day, position: terms.position)
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
        case .contractDrafted(_, let end, let notice):
            isOurs = true
            endDay = Int(end)
            noticeDays = Int(notice)
        case .contractAmended(_, let end, let notice):
            if let end { endDay = Int(end) }
            if let notice { noticeDays = Int(notice) }
        case .contractActivated(_, let day): activeDay = activeDay ?? Int(day)
        case .contractRenewed(_, let end): endDay = Int(end)
        case .contractEnded(_, let day): endedDay = Int(day)
        default: break
        }
    }

    fileprivate func contract(asOf today: Int) -> Commitments.Contract? {
        guard isOurs, let activeDay, activeDay <= today, endedDay.map({ $0 > today }) ?? true else { return nil }
        let hasEnd = endDay < Int(Int32.max)
        return Commitments.Contract(
            activeDay: activeDay, noticeDay: hasEnd ? endDay - noticeDays : nil, position: position)
    }
}

extension Evidence {
    init(day: Int, position: UInt64) {
        self.day = day
        self.position = position
    }
}
