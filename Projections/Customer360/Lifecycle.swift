import CanonicalJSON
import ProjectionRuntime

/// The stages of a customer's life with us, as intervals: moves backwards are kept.
///
/// Whatever somebody set by hand (`account.classified`, scheme `lifecycle`) holds until it is set again. Else the
/// highest stage that the facts give: customer from the first win or order on, opportunity while one is open, then SQL,
/// MQL, lead and subscriber from the first event that says so. Whose only deals were lost, and of whom nothing else is
/// known, is an other.
struct Lifecycle {
    struct Interval: Equatable {
        let stage: String
        /// Milliseconds since 1970.
        let from: Int64
        /// The event that began it.
        let position: UInt64
    }

    /// By time.
    private(set) var intervals: [Interval] = []

    init(of sources: [PartyKey], in snapshot: ViewSnapshot) throws(ViewError) {
        var facts: [LifecycleRow.Fact] = []
        for source in sources {
            facts += try snapshot.row(Customer360.lifecycleTable, source)?.facts ?? []
        }
        self.init(facts)
    }

    init(_ facts: [LifecycleRow.Fact]) {
        var seen: Set<LifecycleRow.Kind> = []
        var openCount = 0
        var byHand = ""
        let facts = facts.sorted { ($0.time, $0.position) < ($1.time, $1.position) }
        for (index, fact) in facts.enumerated() {
            switch fact.kind {
            case .dealOpened: openCount += 1
            case .dealClosed: openCount -= 1
            case .byHand: byHand = fact.stage
            case .subscribed, .captured, .mql, .sql, .bought: seen.insert(fact.kind)
            }
            // A win closes the deal and makes a customer: what one event says counts together.
            if index + 1 < facts.count, facts[index + 1].position == fact.position { continue }
            let derived = Self.stage(seen, hasOpenDeal: openCount > 0) ?? (intervals.isEmpty ? nil : "other")
            guard let stage = byHand.isEmpty ? derived : byHand, stage != intervals.last?.stage else { continue }
            intervals.append(Interval(stage: stage, from: fact.time, position: fact.position))
        }
    }

    private static func stage(_ seen: Set<LifecycleRow.Kind>, hasOpenDeal: Bool) -> String? {
        if seen.contains(.bought) { return "customer" }
        if hasOpenDeal { return "opportunity" }
        if seen.contains(.sql) { return "sql" }
        if seen.contains(.mql) { return "mql" }
        if seen.contains(.captured) { return "lead" }
        return seen.contains(.subscribed) ? "subscriber" : nil
    }

    var json: JSON {
        let list: [JSON] = intervals.enumerated().map { index, interval in
            [
                "from_ms": .integer(interval.from), "position": .integer(Int64(clamping: interval.position)),
                "stage": .text(interval.stage),
                "until_ms": .from(index + 1 < intervals.count ? intervals[index + 1].from : nil),
            ]
        }
        return [
            "intervals": .array(list), "since_ms": .from(intervals.last?.from), "stage": .from(intervals.last?.stage),
        ]
    }
}
