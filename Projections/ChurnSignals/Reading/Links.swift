import CivilTime

/// When a contact was linked to an account, and when as its decision maker.
struct Links {
    /// From a time on, until the next entry.
    private struct Step {
        var time: Int64
        var isActive: Bool
        var decides: Bool
    }

    private var steps: [Step] = []
    /// The event with which a decision maker left, if that is how things stand.
    let departure: Evidence?

    /// - Parameter zone: where the days of departures begin.
    init(_ assertions: [TieRow.Assertion], in zone: CivilZone) {
        var departure: Evidence?
        var decided = false
        for assertion in assertions.sorted(by: { ($0.time, $0.position) < ($1.time, $1.position) }) {
            switch assertion.kind {
            case .linked, .linkedAsDecisionMaker:
                decided = assertion.kind == .linkedAsDecisionMaker
                departure = nil
                steps.append(Step(time: assertion.time, isActive: true, decides: decided))
            case .unlinked, .unlinkedAsDecisionMaker:
                if decided || assertion.kind == .unlinkedAsDecisionMaker {
                    departure = Evidence(assertion.position, onDayOf: assertion.time, in: zone)
                }
                decided = false
                steps.append(Step(time: assertion.time, isActive: false, decides: false))
            case .merged, .restored, .converted: break
            }
        }
        self.departure = departure
    }

    /// Whether the contact was linked at a time.
    func isActive(at time: Int64) -> Bool { step(at: time)?.isActive ?? false }

    /// Whether it was linked as decision maker.
    func decides(at time: Int64) -> Bool { step(at: time)?.decides ?? false }

    private func step(at time: Int64) -> Step? { steps.last { $0.time <= time } }
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
