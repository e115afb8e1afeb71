import CanonicalJSON
import EventModel
import ProjectionRuntime

/// How far leads came: captured, qualified, converted or disqualified, and how fast.
struct LeadCounts {
    private var captured = 0
    private var qualified = 0
    private var converted = 0
    private var disqualified = 0
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
        }
        if lead.isOutOfOrder { outOfOrder += 1 }
    }

    /// Captured leads are converted, disqualified or open; `qualified` counts those that ever were.
    var json: JSON {
        [
            "captured": .from(captured), "qualified": .from(qualified), "converted": .from(converted),
            "disqualified": .from(disqualified), "open": .from(captured - converted - disqualified),
            "qualified_stages": .object(stages.mapValues { .from($0) }),
            "conversion": Figures.rate(converted, of: captured),
            "to_convert": Figures.quantiles(of: durations), "out_of_order": .from(outOfOrder),
        ]
    }
}

/// What is asked about leads: those captured in a period, grouped by what.
struct LeadQuery: Sendable {
    /// The properties that leads can be grouped by; months are civil months in UTC.
    enum Grouping: String, CaseIterable, Sendable {
        case none, source, channel, campaign, owner, month
        case monthConverted = "month_converted"
    }

    let grouping: Grouping
    let period: Period
    let limit: Int64?
    let source: String?
    let channel: String?
    let campaign: String?
    let owner: String?

    init(_ parameters: ViewParameters) throws(ViewError) {
        grouping = try parameters.word("group_by", default: .none)
        period = try parameters.period()
        limit = try parameters.endOfDay("as_of")
        source = try parameters.text("source")
        channel = try parameters.text("channel")
        campaign = try parameters.text("campaign")
        owner = try parameters.text("owner")
    }

    private func selects(_ lead: LeadHistory, capturedAt: Int64) -> Bool {
        period.contains(capturedAt) && (source == nil || source == lead.row.source)
            && (channel == nil || channel == lead.row.channel) && (owner == nil || owner == lead.owner)
            && (campaign == nil || campaign == lead.row.campaignID)
    }

    private func group(of lead: LeadHistory, capturedAt: Int64) -> String? {
        switch grouping {
        case .none: nil
        case .source: lead.row.source
        case .channel: lead.row.channel
        case .campaign: lead.row.campaignID
        case .owner: lead.owner
        case .month: month(of: capturedAt)
        case .monthConverted: lead.convertedAt.map(month)
        }
    }

    /// The lead conversion by group. Leads whose capture was never seen are counted apart.
    func report(over rows: some Sequence<LeadRow>) -> JSON {
        var groups: [String?: LeadCounts] = grouping == .none ? [nil: LeadCounts()] : [:]
        var uncaptured = 0
        for row in rows {
            guard let lead = LeadHistory(row: row, before: limit) else { continue }
            guard let capturedAt = lead.capturedAt else {
                uncaptured += 1
                continue
            }
            guard selects(lead, capturedAt: capturedAt) else { continue }
            groups[group(of: lead, capturedAt: capturedAt), default: LeadCounts()].add(lead)
        }
        var members: [String: JSON] = ["report": "leads", "without_capture": .from(uncaptured)]
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
