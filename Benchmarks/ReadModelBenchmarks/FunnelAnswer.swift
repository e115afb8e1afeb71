import CanonicalJSON
import ProjectionRuntime

/// The funnel over all deals. Stages are counted by number.
struct FunnelAnswer {
    private let pipelineNames: [String]
    private let stageNames: [String]
    private let numbers: [String: Int]
    private var stages: [StageFigures] = []
    /// Deals that entered the second stage of a pair at or after the first, by first × number of stages + second.
    private var pairs: [Int64] = []
    /// The newest deal that was counted there.
    private var countedDeals: [Int] = []
    private var deals: [DealRow] = []
    private var moves: JSON.Members = [:]

    init(in snapshot: ViewSnapshot) throws(ViewError) {
        var pipelineNames: [String] = []
        var stageNames: [String] = []
        var stages: [StageFigures] = []
        try snapshot.forEach(BenchmarkModel.pipelineTable) { pipeline, row in
            for stage in row.stages {
                stageNames.append(stage.stage)
                stages.append(StageFigures(pipeline: pipelineNames.count, ordinal: stage.ordinal))
            }
            pipelineNames.append(pipeline)
            return true
        }
        self.pipelineNames = pipelineNames
        self.stageNames = stageNames
        self.stages = stages
        numbers = Dictionary(stageNames.enumerated().map { ($1, $0) }) { first, _ in first }
        pairs = [Int64](repeating: 0, count: stages.count * stages.count)
        countedDeals = [Int](repeating: -1, count: pairs.count)
        var rows: [DealRow] = []
        try snapshot.forEach(BenchmarkModel.dealTable) { _, row in
            rows.append(row)
            return true
        }
        deals = rows
        var moves: JSON.Members = [:]
        try snapshot.forEach(BenchmarkModel.moveTable) { move, row in
            moves[move] = .integer(row.count)
            return true
        }
        self.moves = moves
        for (number, deal) in deals.enumerated() { count(deal, number) }
    }

    /// Adds the deals' figures to their accounts.
    func credit(_ accounts: inout Accounts) {
        for deal in deals {
            switch deal.state {
            case .won:
                accounts[deal.account].wonDeals += 1
                accounts[deal.account].wonAmount += deal.wonAmount
            case .none:
                accounts[deal.account].openDeals += 1
                accounts[deal.account].openAmount += deal.amount
            case .lost, .changed: break
            }
        }
    }

    private mutating func count(_ deal: DealRow, _ number: Int) {
        let path = deal.stays.map { numbers[$0.stage] ?? 0 }
        var (entered, exited): (UInt64, UInt64) = (0, 0)
        var top = [Int64](repeating: 0, count: pipelineNames.count)
        for (place, stay) in deal.stays.enumerated() {
            let stage = path[place]
            let (pipeline, ordinal) = (stages[stage].pipeline, stages[stage].ordinal)
            stages[stage].visits += 1
            top[pipeline] = max(top[pipeline], ordinal)
            if entered & 1 << UInt64(stage) == 0 {
                entered |= 1 << UInt64(stage)
                stages[stage].entered += 1
            }
            for before in stages.indices where entered & 1 << UInt64(before) != 0 {
                let pair = before * stages.count + stage
                guard stages[before].pipeline == pipeline, stages[before].ordinal == ordinal - 1,
                    countedDeals[pair] != number
                else { continue }
                countedDeals[pair] = number
                pairs[pair] += 1
            }
            stages[stage].exits[exit(of: stay, stage, place + 1 < path.count ? path[place + 1] : stage).rawValue] += 1
            guard stay.how != .none else { continue }
            if exited & 1 << UInt64(stage) == 0 {
                exited |= 1 << UInt64(stage)
                stages[stage].exited += 1
            }
            stages[stage].stays.append(stay.exit - stay.enter)
        }
        for stage in stages.indices where top[stages[stage].pipeline] >= stages[stage].ordinal {
            stages[stage].reached += 1
        }
    }

    private func exit(of stay: DealRow.Stay, _ stage: Int, _ next: Int) -> StageFigures.Exit {
        switch stay.how {
        case .none: return .open
        case .won: return .won
        case .lost: return .lost
        case .changed:
            if stages[stage].pipeline != stages[next].pipeline { return .moved }
            let (from, to) = (stages[stage].ordinal, stages[next].ordinal)
            return to > from ? .advanced : to < from ? .regressed : .lateral
        }
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
        var pipelines: JSON.Members = [:]
        for (number, pipeline) in pipelineNames.enumerated() {
            let own = stages.indices.filter { stages[$0].pipeline == number }
            var rows: JSON.Members = [:]
            var conversion: JSON.Members = [:]
            for stage in own {
                rows[stageNames[stage]] = row(stages[stage])
                for other in own where stages[other].ordinal == stages[stage].ordinal + 1 {
                    conversion[stageNames[stage] + ">" + stageNames[other]] = Self.ratio(
                        pairs[stage * stages.count + other], stages[stage].entered)
                }
            }
            pipelines[pipeline] = ["stages": .object(rows), "conversion": .object(conversion)]
        }
        return .object(pipelines)
    }

    private func row(_ stage: StageFigures) -> JSON {
        let stays = stage.stays.sorted()
        var row: JSON.Members = [
            "ordinal": .integer(stage.ordinal), "settled": .integer(Int64(stays.count)),
            "visits": .integer(stage.visits), "entered": .integer(stage.entered), "exited": .integer(stage.exited),
            "reached": .integer(stage.reached),
        ]
        for exit in StageFigures.Exit.allCases { row["\(exit)"] = .integer(stage.exits[exit.rawValue]) }
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
