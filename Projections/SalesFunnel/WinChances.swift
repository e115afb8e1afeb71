/// How probable a win is, learnt from the deals that are closed as known at a moment.
///
/// Only what was known of a deal before its close is learnt from: what its opening named and the stages that it
/// visited. Values of the close itself would leak the answer into the question (READ_MODELS 2).
struct WinChances {
    /// What naive Bayes looks at. A closed deal has one value of each, and every stage that it visited.
    private enum Feature: Int, CaseIterable {
        case stage, owner, source, campaign, type
    }

    private struct Value: Hashable {
        let feature: Feature
        let value: String
    }

    /// Won and lost deals.
    private struct Outcomes {
        var won = 0
        var lost = 0

        mutating func add(_ isWin: Bool) {
            if isWin { won += 1 } else { lost += 1 }
        }
    }

    /// Deals with a value of a feature, below which the value says nothing: so few may be chance.
    static let observationCountMin = 50

    private var stages: [Int: Outcomes] = [:]
    private var all = Outcomes()
    private var values: [Value: Outcomes] = [:]
    private var features: [Feature: Outcomes] = [:]

    /// Closed deals learnt from.
    var closedCount: Int { all.won + all.lost }

    /// Learns from a deal, if it is closed.
    mutating func learn(_ deal: PlacedDeal) {
        guard deal.history.state != .open else { return }
        let isWin = deal.history.state == .won
        let visited = Set(deal.stays.map(\.stage))
        all.add(isWin)
        for stage in visited { stages[stage, default: Outcomes()].add(isWin) }
        let known = Self.openingValues(of: deal.history)
        for value in known {
            values[value, default: Outcomes()].add(isWin)
            features[value.feature, default: Outcomes()].add(isWin)
        }
        for stage in visited { values[Self.value(ofStage: stage), default: Outcomes()].add(isWin) }
        if !visited.isEmpty { features[.stage, default: Outcomes()].add(isWin) }
    }

    /// The historical chance of a deal that stands in a stage: (won + 1) ÷ (closed + 2) over the deals that visited
    /// the stage and are closed (Laplace's rule of succession).
    func historical(inStage stage: Int) -> (numerator: Int64, denominator: Int64) {
        let outcomes = stages[stage] ?? Outcomes()
        return (Int64(outcomes.won + 1), Int64(outcomes.won + outcomes.lost + 2))
    }

    /// The naive Bayes chance of an open deal in basis points, rounded half up: S_w ÷ (S_w + S_l), where S_w is the
    /// share of won deals times, for each feature, the share of those won that have the deal's value; S_l likewise.
    /// `nil` where both are 0.
    func naiveBayes(_ deal: PlacedDeal) -> Int64? {
        guard closedCount > 0 else { return nil }
        var won = Double(all.won) / Double(closedCount)
        var lost = Double(all.lost) / Double(closedCount)
        let stage = deal.stays.last.map { Self.value(ofStage: $0.stage) }
        for value in [stage].compactMap(\.self) + Self.openingValues(of: deal.history) {
            guard let seen = values[value], seen.won + seen.lost >= Self.observationCountMin,
                let total = features[value.feature]
            else { continue }
            won *= total.won == 0 ? 0 : Double(seen.won) / Double(total.won)
            lost *= total.lost == 0 ? 0 : Double(seen.lost) / Double(total.lost)
        }
        guard won + lost > 0 else { return nil }
        return Int64((won / (won + lost) * 10_000 + 0.5).rounded(.down))
    }

    private static func value(ofStage stage: Int) -> Value { Value(feature: .stage, value: "\(stage)") }

    private static func openingValues(of deal: DealHistory) -> [Value] {
        let named: [(Feature, String?)] = [
            (.owner, deal.owners.first?.owner), (.source, deal.facts?.source), (.campaign, deal.facts?.campaignID),
            (.type, deal.facts?.type),
        ]
        return named.compactMap { feature, value in value.map { Value(feature: feature, value: $0) } }
    }
}
