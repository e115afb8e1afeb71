import CanonicalJSON
import ProjectionRuntime

/// Stages, conversions and transitions of a set of deals. Deals may be added in any order.
struct FunnelCounts {
    /// A pair of stages.
    struct Step: Hashable {
        let from: Int
        let to: Int
    }

    private(set) var stages: [Int: StageCounts] = [:]
    private(set) var transitions: [Step: Int] = [:]
    private var conversions: [Step: Int] = [:]
    /// Deals that left a stage for another pipeline without having come to the stage's next one.
    private var moversBefore: [Step: Int] = [:]
    private var times: [Int: StageTimes] = [:]
    /// Open deals and their amounts by the stage that they stand in.
    private var openDeals: [Int: Int] = [:]
    private var openAmounts: [Int: Amounts] = [:]

    /// Counts the stays of one deal that the question selects, which stand in revision order.
    ///
    /// - Parameter exits: the period in which a stay must end to count as exited.
    mutating func add(
        _ deal: PlacedDeal, _ stays: [PlacedStay], exits: Period = .all, in table: StageTable, at now: Int64
    ) {
        var entered: Set<Int> = []
        var listed: [Int] = []
        var converted: Set<Step> = []
        for placed in stays {
            stages[placed.stage, default: StageCounts()].count(placed)
            if entered.insert(placed.stage).inserted, placed.stage < table.listedCount { listed.append(placed.stage) }
            if let next = placed.next { transitions[Step(from: placed.stage, to: next), default: 0] += 1 }
            // A stay counts towards every earlier stage whose next one it is; a later stay counts too.
            for before in listed where table.isNext(placed.stage, after: before) {
                converted.insert(Step(from: before, to: placed.stage))
            }
        }
        let exited = Set(deal.stays.filter { $0.stay.exit.map(exits.contains) ?? false }.map(\.stage))
        for stage in entered {
            stages[stage, default: StageCounts()].entered += 1
            times[stage, default: StageTimes()].add(stays.filter { $0.stage == stage }.map(\.stay), at: now)
        }
        for stage in exited { stages[stage, default: StageCounts()].exited += 1 }
        for step in converted { conversions[step, default: 0] += 1 }
        countMovers(stays, entered, converted, in: table)
        reach(deal, entered, in: table)
        if let last = stays.last, last.exit == .open {
            openDeals[last.stage, default: 0] += 1
            if let amount = deal.history.amount {
                openAmounts[last.stage, default: Amounts()].add(amount, in: deal.history.currency)
            }
        }
    }

    /// A deal that moved to another pipeline never had its chance at the next stage of the first.
    private mutating func countMovers(
        _ stays: [PlacedStay], _ entered: Set<Int>, _ converted: Set<Step>, in table: StageTable
    ) {
        let left = Set(stays.filter { $0.exit == .moved }.map { table.entries[$0.stage].pipeline })
        guard !left.isEmpty else { return }
        for stage in entered where left.contains(table.entries[stage].pipeline) {
            for next in 0..<table.listedCount where table.isNext(next, after: stage) {
                let step = Step(from: stage, to: next)
                if !converted.contains(step) { moversBefore[step, default: 0] += 1 }
            }
        }
    }

    /// Raises `reached` of every stage up to the highest ordinal ever of each pipeline that the question selects.
    private mutating func reach(_ deal: PlacedDeal, _ entered: Set<Int>, in table: StageTable) {
        let pipelines = Set(entered.map { table.entries[$0].pipeline })
        var top: [String: Int64] = [:]
        for stage in Set(deal.stays.map(\.stage)) where pipelines.contains(table.entries[stage].pipeline) {
            let entry = table.entries[stage]
            if let ordinal = entry.ordinal { top[entry.pipeline] = max(top[entry.pipeline] ?? ordinal, ordinal) }
        }
        for stage in entered where table.entries[stage].ordinal == nil {
            stages[stage, default: StageCounts()].reached += 1
        }
        guard !top.isEmpty else { return }
        for (stage, entry) in table.entries.prefix(table.listedCount).enumerated() {
            guard let ordinal = entry.ordinal, let highest = top[entry.pipeline], ordinal <= highest else { continue }
            stages[stage, default: StageCounts()].reached += 1
        }
    }
}

extension FunnelCounts {
    /// `pipelines`, with stages and conversions, and `transitions`; of one pipeline only if asked so.
    func json(_ table: StageTable, _ query: FunnelQuery) throws(ViewError) -> JSON.Members {
        var stageObjects: [String: JSON.Members] = [:]
        for stage in shown(in: table, only: query.pipeline) {
            let entry = table.entries[stage]
            let counts = stages[stage] ?? StageCounts()
            stageObjects[entry.pipeline, default: [:]][entry.stage] = try counts.json(entry, query.reach)
        }
        let rates = conversionJSON(table, query, leavingOutMovers: false)
        var pipelines: JSON.Members = [:]
        for (name, stages) in stageObjects {
            pipelines[name] = ["stages": .object(stages), "conversion": rates[name] ?? [:]]
        }
        let shown = shown(in: table, only: query.pipeline)
        var moves: [String: Int] = [:]
        for (step, count) in transitions where shown.contains(step.from) {
            moves["\(table.entries[step.from].stage)>\(table.entries[step.to].stage)", default: 0] += count
        }
        return ["pipelines": .object(pipelines), "transitions": .object(moves.mapValues { .from($0) })]
    }

    /// Conversions to the next stages by pipeline. `next_stage` leaves those out who moved away before they came there.
    func conversionJSON(_ table: StageTable, _ query: FunnelQuery, leavingOutMovers: Bool) -> JSON.Members {
        let shown = shown(in: table, only: query.pipeline)
        let listed = Dictionary(grouping: shown.filter { $0 < table.listedCount }) { table.entries[$0].pipeline }
        var rates: [String: JSON.Members] = [:]
        for stage in shown {
            let entry = table.entries[stage]
            for next in listed[entry.pipeline] ?? [] where table.isNext(next, after: stage) {
                let step = Step(from: stage, to: next)
                let movers = leavingOutMovers ? moversBefore[step, default: 0] : 0
                rates[entry.pipeline, default: [:]]["\(entry.stage)>\(table.entries[next].stage)"] =
                    Figures.rate(conversions[step, default: 0], of: (stages[stage]?.entered ?? 0) - movers)
            }
        }
        return JSON.Members(rates.map { ($0.key, .object($0.value)) })
    }

    /// Time in stage by pipeline and stage, of stages that were entered.
    func timesJSON(_ table: StageTable, only pipeline: String?) -> JSON {
        var pipelines: [String: JSON.Members] = [:]
        for (stage, times) in times where isShown(stage, in: table, only: pipeline) {
            pipelines[table.entries[stage].pipeline, default: [:]][table.entries[stage].stage] = times.json
        }
        return .object(pipelines.mapValues { .object($0) })
    }

    /// Open deals and their amounts by pipeline and stage, stages without open deals left out.
    func openJSON(_ table: StageTable, only pipeline: String?) -> JSON {
        var pipelines: [String: JSON.Members] = [:]
        for (stage, count) in openDeals where isShown(stage, in: table, only: pipeline) {
            let amounts = openAmounts[stage] ?? Amounts()
            pipelines[table.entries[stage].pipeline, default: [:]][table.entries[stage].stage] =
                ["deals": .from(count), "amounts": amounts.json]
        }
        return .object(pipelines.mapValues { .object($0) })
    }

    private func shown(in table: StageTable, only pipeline: String?) -> Set<Int> {
        Set(table.entries.indices.filter { isShown($0, in: table, only: pipeline) })
    }

    /// Stages of the version in force always show; retired and unlisted ones when something happened there.
    private func isShown(_ stage: Int, in table: StageTable, only pipeline: String?) -> Bool {
        let entry = table.entries[stage]
        return (entry.isCurrent || (stages[stage]?.visits ?? 0) > 0)
            && (pipeline == nil || pipeline == entry.pipeline)
    }
}
