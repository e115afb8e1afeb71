import CanonicalJSON
import ProjectionRuntime

/// The funnel over all deals.
struct FunnelAnswer {
    /// What is counted of a stage.
    private struct Stage {
        var figures: [String: Int64] = [:]
        var stays: [Int64] = []
        var opened: Set<String> = []
    }

    private let stageOrder: [(pipeline: String, stage: String, ordinal: Int64)]
    private let place: [String: (pipeline: String, ordinal: Int64)]
    private var stages: [String: Stage] = [:]
    private var pairs: [String: Int64] = [:]
    private var deals: [DealRow] = []
    private var moves: [String: JSON] = [:]

    init(in snapshot: ViewSnapshot) throws(ViewError) {
        var order: [(pipeline: String, stage: String, ordinal: Int64)] = []
        try snapshot.forEach(BenchmarkModel.pipelineTable) { pipeline, row in
            order += row.stages.map { (pipeline, $0.stage, $0.ordinal) }
            return true
        }
        stageOrder = order
        place = Dictionary(order.map { ($0.stage, ($0.pipeline, $0.ordinal)) }) { first, _ in first }
        var rows: [DealRow] = []
        try snapshot.forEach(BenchmarkModel.dealTable) { _, row in
            rows.append(row)
            return true
        }
        deals = rows
        var moves: [String: JSON] = [:]
        try snapshot.forEach(BenchmarkModel.moveTable) { move, row in
            moves[move] = .integer(row.count)
            return true
        }
        self.moves = moves
        for deal in deals { count(deal) }
    }

    /// Adds the deals' figures to their accounts.
    func credit(_ accounts: inout [String: AccountFigures]) throws(ViewError) {
        for deal in deals {
            switch deal.state {
            case .won:
                accounts[deal.account, default: AccountFigures()].wonDeals += 1
                accounts[deal.account, default: AccountFigures()].wonAmount += deal.wonAmount
            case .none:
                accounts[deal.account, default: AccountFigures()].openDeals += 1
                accounts[deal.account, default: AccountFigures()].openAmount += deal.amount
            case .lost, .changed: break
            }
        }
    }

    private mutating func count(_ deal: DealRow) {
        var first: [String: Int64] = [:]
        var top: [String: Int64] = [:]
        var exited: Set<String> = []
        var counted: Set<String> = []
        for (number, stay) in deal.stays.enumerated() {
            guard let (pipeline, ordinal) = place[stay.stage] else { continue }
            add("visits", to: stay.stage)
            top[pipeline] = max(top[pipeline] ?? 0, ordinal)
            if first[stay.stage] == nil {
                first[stay.stage] = stay.enter
                add("entered", to: stay.stage)
            }
            for before in first.keys where place[before].map({ $0 == (pipeline, ordinal - 1) }) == true {
                if counted.insert(before + ">" + stay.stage).inserted {
                    pairs[before + ">" + stay.stage, default: 0] += 1
                }
            }
            add(exit(of: stay, in: deal, number), to: stay.stage)
            guard stay.how != .none else { continue }
            if exited.insert(stay.stage).inserted { add("exited", to: stay.stage) }
            stages[stay.stage, default: Stage()].stays.append(stay.exit - stay.enter)
        }
        for entry in stageOrder where (top[entry.pipeline] ?? 0) >= entry.ordinal { add("reached", to: entry.stage) }
    }

    private func exit(of stay: DealRow.Stay, in deal: DealRow, _ number: Int) -> String {
        switch stay.how {
        case .none: return "open"
        case .won: return "won"
        case .lost: return "lost"
        case .changed:
            guard let from = place[stay.stage], let to = place[deal.stays[number + 1].stage] else { return "moved" }
            if from.pipeline != to.pipeline { return "moved" }
            return to.ordinal > from.ordinal ? "advanced" : to.ordinal < from.ordinal ? "regressed" : "lateral"
        }
    }

    private mutating func add(_ figure: String, to stage: String) {
        stages[stage, default: Stage()].figures[figure, default: 0] += 1
    }

    /// In the form of the expected files.
    var answer: JSON { ["deals": dealFigures, "pipelines": pipelines, "transitions": .object(moves)] }

    private var dealFigures: JSON {
        let won = Int64(deals.count { $0.state == .won })
        let lost = Int64(deals.count { $0.state == .lost })
        let wins = deals.reduce(0) { $0 + $1.stays.count { $0.how == .won } }
        let losses = deals.reduce(0) { $0 + $1.stays.count { $0.how == .lost } }
        let wonAmount = deals.reduce(0) { $1.state == .won ? $0 + $1.wonAmount : $0 }
        return [
            "opened": .integer(Int64(deals.count)), "won": .integer(won), "lost": .integer(lost),
            "open": .integer(Int64(deals.count) - won - lost), "won_amount": .integer(wonAmount),
            "wins": .integer(Int64(wins)), "losses": .integer(Int64(losses)),
            "reopenings": .integer(deals.reduce(0) { $0 + $1.reopenings }),
            "win_rate": Self.ratio(won, won + lost),
        ]
    }

    private var pipelines: JSON {
        var pipelines: [String: JSON] = [:]
        for pipeline in Set(stageOrder.map(\.pipeline)) {
            let own = stageOrder.filter { $0.pipeline == pipeline }
            var rows: [String: JSON] = [:]
            var conversion: [String: JSON] = [:]
            for entry in own {
                rows[entry.stage] = row(entry.stage, entry.ordinal)
                for other in own where other.ordinal == entry.ordinal + 1 {
                    let pair = entry.stage + ">" + other.stage
                    conversion[pair] = Self.ratio(pairs[pair] ?? 0, stages[entry.stage]?.figures["entered"] ?? 0)
                }
            }
            pipelines[pipeline] = ["stages": .object(rows), "conversion": .object(conversion)]
        }
        return .object(pipelines)
    }

    private func row(_ name: String, _ ordinal: Int64) -> JSON {
        let stage = stages[name] ?? Stage()
        let stays = stage.stays.sorted()
        var row: [String: JSON] = ["ordinal": .integer(ordinal), "settled": .integer(Int64(stays.count))]
        for figure in [
            "visits", "entered", "exited", "reached", "advanced", "regressed", "lateral", "won", "lost", "moved",
            "open",
        ] { row[figure] = .integer(stage.figures[figure] ?? 0) }
        for percent in [50, 90] {
            row["p\(percent)_ms"] = stays.isEmpty ? .null : .integer(stays[(stays.count * percent + 99) / 100 - 1])
        }
        return .object(row)
    }

    private static func ratio(_ numerator: Int64, _ denominator: Int64) -> JSON {
        [
            "numerator": .integer(numerator), "denominator": .integer(denominator),
            "bp": denominator > 0 ? .integer((20_000 * numerator + denominator) / (2 * denominator)) : .null,
        ]
    }
}
