import CanonicalJSON
import EventModel
import ProjectionRuntime

@testable import SalesFunnel

/// A minute in milliseconds, and a day.
let minute: Int64 = 60_000
let day: Int64 = 86_400_000

/// A deal of the pipeline `sales`, opened in a stage; steps follow with their times in milliseconds.
func deal(
    _ stage: String = "a", opened: Int64 = 0, pipeline: String = "sales", owner: String = "u1", amount: Int64? = nil,
    currency: String? = "CNY", source: String? = nil, _ steps: (Int64, DealChange)...
) -> DealRow {
    var row = DealRow(accountID: "acme", type: "new", source: source, currency: currency)
    row.steps = [
        DealStep(time: opened, change: .opened(stage: stage, pipeline: pipeline, amount: amount, owner: owner))
    ]
    row.steps += steps.map { DealStep(time: $0.0, change: $0.1) }
    return row
}

/// A change of stage within the pipeline; the ordinals decide, so the recorded word doesn't matter.
func to(_ stage: String, _ direction: StageDirection = .forward) -> DealChange {
    .stageChanged(to: stage, pipeline: nil, direction: direction)
}

/// A win of an amount in CNY.
func won(_ amount: Int64 = 100) -> DealChange { .won(amount: amount, currency: "CNY") }

/// A pipeline of one version.
func pipeline(_ stages: (String, Int64)...) -> PipelineRow {
    PipelineRow(versions: [
        PipelineVersion(version: 1, effectiveFrom: 0, stages: stages.map { ListedStage(stage: $0.0, ordinal: $0.1) })
    ])
}

/// Stages a, b, c, and d beside c.
let sales = pipeline(("a", 1), ("b", 2), ("c", 3), ("d", 3))

/// Asks for a report over deals, which are counted in the given order.
func report(
    _ parameters: JSON, over deals: [DealRow], pipelines: [(id: String, row: PipelineRow)] = [("sales", sales)]
) throws -> JSON {
    let parameters = try ViewParameters(parameters)
    let kind: DealReport.Kind =
        switch try parameters.text("report") {
        case "deals": .deals
        case "path": .path(try PathQuery(parameters))
        default: .funnel
        }
    var report = DealReport(kind, try FunnelQuery(parameters), StageTable(pipelines, at: nil))
    for (index, row) in deals.enumerated() { report.add("o\(index)", row) }
    return try report.json()
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

/// Vigna's SplitMix64: the same numbers on every machine.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
