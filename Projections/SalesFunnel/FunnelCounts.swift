import CanonicalJSON
import ProjectionRuntime

/// Stages, conversions and transitions of a set of deals. Deals may be added in any order.
struct FunnelCounts {
    private struct Step: Hashable {
        let from: Int
        let to: Int
    }

    private var stages: [Int: StageCounts] = [:]
    private var conversions: [Step: Int] = [:]
    private var transitions: [Step: Int] = [:]
    /// Open deals and their amounts by the stage that they stand in.
    private var openDeals: [Int: Int] = [:]
    private var openAmounts: [Int: Amounts] = [:]

    /// Counts the selected stays of one deal, which stand in revision order.
    mutating func add(_ deal: DealHistory, _ stays: [PlacedStay], in table: StageTable) {
        var entered: Set<Int> = []
        var listed: [Int] = []
        var exited: Set<Int> = []
        var converted: Set<Step> = []
        for placed in stays {
            stages[placed.stage, default: StageCounts()].count(placed)
            if entered.insert(placed.stage).inserted, placed.stage < table.listedCount { listed.append(placed.stage) }
            if placed.exit != .open { exited.insert(placed.stage) }
            if let next = placed.next { transitions[Step(from: placed.stage, to: next), default: 0] += 1 }
            // A stay counts towards every earlier stage whose next one it is; a later stay counts too.
            for before in listed where table.isNext(placed.stage, after: before) {
                converted.insert(Step(from: before, to: placed.stage))
            }
        }
        for stage in entered { stages[stage, default: StageCounts()].entered += 1 }
        for stage in exited { stages[stage, default: StageCounts()].exited += 1 }
        for step in converted { conversions[step, default: 0] += 1 }
        reach(entered, in: table)
        if let last = stays.last, last.exit == .open {
            openDeals[last.stage, default: 0] += 1
            if let amount = deal.amount {
                openAmounts[last.stage, default: Amounts()].add(amount, in: deal.row.currency)
            }
        }
    }

    /// Raises `reached` of every stage up to the highest ordinal of each pipeline that was visited.
    private mutating func reach(_ entered: Set<Int>, in table: StageTable) {
        var top: [String: Int64] = [:]
        for stage in entered {
            let entry = table.entries[stage]
            guard let ordinal = entry.ordinal else {
                stages[stage, default: StageCounts()].reached += 1
                continue
            }
            top[entry.pipeline] = max(top[entry.pipeline] ?? ordinal, ordinal)
        }
        guard !top.isEmpty else { return }
        for (stage, entry) in table.entries.prefix(table.listedCount).enumerated() {
            guard let ordinal = entry.ordinal, let highest = top[entry.pipeline], ordinal <= highest else { continue }
            stages[stage, default: StageCounts()].reached += 1
        }
    }

    /// `pipelines`, with stages and conversions, and `transitions`; of one pipeline only if asked so.
    func json(_ table: StageTable, only pipeline: String?) throws(ViewError) -> [String: JSON] {
        var stageObjects: [String: [String: JSON]] = [:]
        var conversionObjects: [String: [String: JSON]] = [:]
        let shown = Set(table.entries.indices.filter { isShown($0, in: table, only: pipeline) })
        let listed = Dictionary(grouping: shown.filter { $0 < table.listedCount }) { table.entries[$0].pipeline }
        for stage in shown {
            let entry = table.entries[stage]
            let counts = stages[stage] ?? StageCounts()
            stageObjects[entry.pipeline, default: [:]][entry.stage] = try counts.json(entry)
            for next in listed[entry.pipeline] ?? [] where table.isNext(next, after: stage) {
                let name = "\(entry.stage)>\(table.entries[next].stage)"
                let count = conversions[Step(from: stage, to: next), default: 0]
                conversionObjects[entry.pipeline, default: [:]][name] = Figures.rate(count, of: counts.entered)
            }
        }
        var pipelines: [String: JSON] = [:]
        for (name, stages) in stageObjects {
            pipelines[name] = ["stages": .object(stages), "conversion": .object(conversionObjects[name] ?? [:])]
        }
        var moves: [String: Int] = [:]
        for (step, count) in transitions where shown.contains(step.from) {
            moves["\(table.entries[step.from].stage)>\(table.entries[step.to].stage)", default: 0] += count
        }
        return ["pipelines": .object(pipelines), "transitions": .object(moves.mapValues { .from($0) })]
    }

    /// Open deals and their amounts by pipeline and stage, stages without open deals left out.
    func openJSON(_ table: StageTable, only pipeline: String?) -> JSON {
        var pipelines: [String: [String: JSON]] = [:]
        for (stage, count) in openDeals where isShown(stage, in: table, only: pipeline) {
            let amounts = openAmounts[stage] ?? Amounts()
            pipelines[table.entries[stage].pipeline, default: [:]][table.entries[stage].stage] =
                ["deals": .from(count), "amounts": amounts.json]
        }
        return .object(pipelines.mapValues { .object($0) })
    }

    /// Stages of the version in force always show; retired and unlisted ones when something happened there.
    private func isShown(_ stage: Int, in table: StageTable, only pipeline: String?) -> Bool {
        let entry = table.entries[stage]
        return (entry.isCurrent || (stages[stage]?.visits ?? 0) > 0)
            && (pipeline == nil || pipeline == entry.pipeline)
    }
}

extension StageCounts {
    /// Counts one stay.
    fileprivate mutating func count(_ placed: PlacedStay) {
        visits += 1
        exits[placed.exit, default: 0] += 1
        if let duration = placed.stay.duration { durations.append(duration) }
    }
}
