import CanonicalJSON
import CivilTime
import ProjectionRuntime

/// How far leads came: captured, qualified, converted or disqualified, and how fast.
struct LeadCounts {
    private(set) var captured = 0
    private(set) var qualified = 0
    private(set) var converted = 0
    private(set) var disqualified = 0
    private(set) var open = 0
    private var recycled = 0
    private var outOfOrder = 0
    private var stages: [String: Int] = [:]
    private var durations: [Int64] = []

    mutating func add(_ lead: LeadHistory) {
        captured += 1
        if !lead.qualifiedStages.isEmpty { qualified += 1 }
        for stage in lead.qualifiedStages { stages[stage, default: 0] += 1 }
        if let duration = lead.millisecondsToConvert {
            converted += 1
            durations.append(duration)
        } else if lead.isDisqualified {
            disqualified += 1
        } else {
            open += 1
        }
        if lead.recycledCount > 0 { recycled += 1 }
        if lead.isOutOfOrder { outOfOrder += 1 }
    }

    /// Captured leads are converted, disqualified or open; `qualified` counts those that ever were.
    var json: JSON {
        [
            "captured": .from(captured), "qualified": .from(qualified), "converted": .from(converted),
            "disqualified": .from(disqualified), "open": .from(open), "recycled": .from(recycled),
            "qualified_stages": .object(stages.mapValues { .from($0) }),
            "conversion": Figures.rate(converted, of: captured),
            "to_convert": Figures.quantiles(of: durations), "out_of_order": .from(outOfOrder),
        ]
    }
}

/// What is asked about leads: those captured in a period, grouped by what.
struct LeadQuery: Sendable {
    /// The properties that leads can be grouped by; months are civil months.
    enum Grouping: String, CaseIterable, Sendable {
        case none, source, channel, campaign, partner, owner, month
        case monthConverted = "month_converted"
    }

    let grouping: Grouping
    let period: Period
    let cut: Cut
    let zone: CivilZone
    private let filters: [(grouping: Grouping, value: String)]

    init(_ parameters: ViewParameters) throws(ViewError) {
        grouping = try parameters.word("group_by", default: .none)
        zone = try parameters.zone()
        period = try parameters.period(in: zone)
        cut = try parameters.cut(in: zone)
        var filters: [(grouping: Grouping, value: String)] = []
        for property in [Grouping.source, .channel, .campaign, .partner, .owner] {
            if let value = try parameters.text(property.rawValue) { filters.append((property, value)) }
        }
        self.filters = filters
    }

    private func value(_ property: Grouping, of lead: LeadHistory) -> String? {
        switch property {
        case .none: nil
        case .source: lead.facts?.source
        case .channel: lead.facts?.channel
        case .campaign: lead.facts?.campaignID
        case .partner: lead.facts?.partnerID
        case .owner: lead.owner
        case .month: lead.capturedAt.map(zone.month)
        case .monthConverted: lead.convertedAt.map(zone.month)
        }
    }

    /// The lead conversion by group. Leads whose capture was never seen are counted apart.
    func report(over leads: some Sequence<LeadHistory>) -> JSON {
        var groups: [String?: LeadCounts] = grouping == .none ? [nil: LeadCounts()] : [:]
        var uncaptured = 0
        for lead in leads {
            guard let capturedAt = lead.capturedAt else {
                uncaptured += 1
                continue
            }
            guard period.contains(capturedAt), filters.allSatisfy({ value($0.grouping, of: lead) == $0.value }) else {
                continue
            }
            groups[value(grouping, of: lead), default: LeadCounts()].add(lead)
        }
        var members: JSON.Members = [
            "report": "leads", "without_capture": .from(uncaptured), "time_zone": .text(zone.name),
            "tz_data": .from(zone.release), "known_at": .from(cut.through),
        ]
        if grouping == .none {
            members["leads"] = groups[nil]?.json
        } else {
            members["groups"] = .array(
                sortedGroups(groups).map { ["key": .from($0.key), "leads": $0.counts.json] })
        }
        return .object(members)
    }
}

/// Groups in the order of their keys' UTF-8 bytes, the group without a key first.
func sortedGroups<Counts>(_ groups: [String?: Counts]) -> [(key: String?, counts: Counts)] {
    groups.map { (key: $0.key, counts: $0.value) }.sorted { left, right in
        guard let right = right.key else { return false }
        guard let left = left.key else { return true }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
