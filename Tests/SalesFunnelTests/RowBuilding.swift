import CanonicalJSON
import EventModel
import ProjectionRuntime

@testable import SalesFunnel

/// A minute in milliseconds, and a day.
let minute: Int64 = 60_000
let day: Int64 = 86_400_000

/// A change of a deal, in words.
typealias Change = DealChange<String>

/// A deal of the pipeline `sales`, opened in a stage; steps follow with their times in milliseconds. Their positions
/// are 0, 10, 20 and so on.
func deal(
    _ stage: String = "a", opened: Int64 = 0, pipeline: String = "sales", owner: String = "u1", amount: Int64? = nil,
    currency: String? = "CNY", source: String? = nil, campaign: String? = nil, closeDay: Int64? = nil,
    _ steps: (Int64, Change)...
) -> DealRow {
    var row = DealRow()
    row.facts = DealFacts(accountID: "acme", type: "new", source: source, campaignID: campaign)
    row.take(
        .opened(stage: stage, pipeline: pipeline, owner: owner, amount: amount, currency: currency, closeDay: closeDay),
        at: opened)
    for (time, change) in steps { row.take(change, at: time) }
    return row
}

extension DealRow {
    /// Takes a change ten positions after the one before.
    mutating func take(_ change: Change, at time: Int64) {
        add(change, at: time, position: 10 * Int64(steps.count))
    }

    /// The row as it was when the log ended at a position.
    func truncated(through position: Int64) -> DealRow {
        var row = DealRow()
        for step in steps where step.position <= position {
            let change = change(of: step)
            if case .opened = change { row.facts = facts }
            row.add(change, at: step.time, position: step.position)
        }
        return row
    }
}

/// A change of stage within the pipeline; the ordinals decide, so the recorded word doesn't matter.
func to(_ stage: String, _ direction: StageDirection = .forward) -> Change {
    .stageChanged(to: stage, direction: direction)
}

/// A win of an amount in CNY.
func won(_ amount: Int64 = 100) -> Change { .won(amount: amount, currency: "CNY") }

/// A change of the amount in CNY.
func worth(_ amount: Int64) -> Change { .amountChanged(to: amount, currency: "CNY") }

/// A pipeline of one version.
func pipeline(_ stages: (String, Int64)..., chances: [Int64] = []) -> PipelineRow {
    let listed = stages.enumerated().map { index, stage in
        ListedStage(
            stage: stage.0, ordinal: stage.1, probability: index < chances.count ? chances[index] : nil)
    }
    return PipelineRow(publications: [PipelineVersion(version: 1, effectiveFrom: 0, stages: listed)])
}

/// Stages a, b, c, and d beside c.
let sales = pipeline(("a", 1), ("b", 2), ("c", 3), ("d", 3))

/// Asks for a report over deals, which are counted in the given order.
func report(
    _ parameters: JSON, over deals: [DealRow], pipelines: [(id: String, row: PipelineRow)] = [("sales", sales)]
) throws -> JSON {
    let parameters = try ViewParameters(parameters)
    let name = try parameters.word("report", default: FunnelReport.funnel)
    try name.allow(parameters)
    let query = try FunnelQuery(parameters)
    let rows: ((String, DealRow) -> Void) throws(ViewError) -> Void = { body in
        for (index, row) in deals.enumerated() { body("o\(index)", row) }
    }
    let question = try DealQuestion(query, pipelines, [], at: nil, rows)
    return try question.answer(name, parameters)
}

extension JSON {
    /// The value under a path of member names.
    func at(_ names: String...) -> JSON? {
        names.reduce(Optional(self)) { json, name in json?[name] }
    }

    /// Some figures of a stage of `sales`, in the order of the names.
    func stage(_ stage: String, _ names: String..., in pipeline: String = "sales") -> [Int64?] {
        let figures = at("funnel", "pipelines", pipeline, "stages", stage)
        return names.map { figures?[$0]?.integer }
    }

    /// The keys of the groups, `-` for none, each with one of its figures.
    func groups(_ object: String, _ figure: String) -> [String] {
        (self["groups"]?.elements ?? []).map { group in
            "\(group["key"]?.text ?? "-") \(group.at(object, figure)?.integer ?? -1)"
        }
    }
}
