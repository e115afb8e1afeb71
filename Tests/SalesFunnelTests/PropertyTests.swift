import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

@Suite struct `Any history of deals` {
    /// Steps without any lifecycle: stages that nobody lists, closes of closed deals, times that go back.
    private func deals(_ random: inout SplitMix64) -> [DealRow] {
        let stages = ["a", "b", "c", "d", "z"]
        func stage() -> String { stages[Int.random(in: 0..<stages.count, using: &random)] }
        return (0..<30).map { _ in
            var row = DealRow(accountID: "acme", currency: "CNY")
            var time: Int64 = 0
            row.steps = (0..<Int.random(in: 1...12, using: &random)).map { index in
                time += Int64.random(in: -5...50, using: &random)
                let change: DealChange =
                    switch index == 0 ? 0 : Int.random(in: 0...9, using: &random) {
                    case 0: .opened(stage: stage(), pipeline: "sales", amount: nil, owner: "u1")
                    case 1: .won(amount: 5, currency: "CNY")
                    case 2: .lost
                    case 3: .reopened(stage: stage())
                    case 4: .stageChanged(to: stage(), pipeline: "other", direction: .pipelineMove)
                    case 5: .amountChanged(to: 9)
                    case 6: .ownerAssigned(to: "u2")
                    default: to(stage(), StageDirection(rawValue: Int64.random(in: 0...3, using: &random)) ?? .lateral)
                    }
                return DealStep(time: time, change: change)
            }
            return row
        }
    }

    private func seeded(_ body: (inout SplitMix64, UInt64) throws -> Void) rethrows {
        for seed in UInt64(1)...60 {
            var random = SplitMix64(state: seed)
            try body(&random, seed)
        }
    }

    @Test func `balances, stage by stage`() throws {
        let exits = ["advanced", "regressed", "lateral", "moved", "won", "lost", "open"]
        try seeded { random, seed in
            let answer = try report([:], over: deals(&random))
            guard case .object(let pipelines) = answer.at("funnel", "pipelines") else { return }
            for case .object(let stages) in pipelines.values.compactMap({ $0["stages"] }) {
                for figures in stages.values {
                    let sum = exits.compactMap { figures[$0]?.integer }.reduce(0, +)
                    #expect(figures["visits"]?.integer == sum, "seed \(seed)")
                }
            }
        }
    }

    @Test func `gives the same report in any order of the deals`() throws {
        try seeded { random, seed in
            let rows = deals(&random)
            let shuffled = rows.shuffled(using: &random)
            for parameters in [[:], ["report": "deals"], ["view": "activity", "from": "1970-01-01"]] as [JSON] {
                let (ordered, other) = (try report(parameters, over: rows), try report(parameters, over: shuffled))
                #expect(ordered == other, "seed \(seed)")
            }
        }
    }

    @Test func `survives writing and reading`() throws {
        try seeded { random, seed in
            for row in deals(&random) {
                var encoder = RowEncoder()
                row.encode(to: &encoder)
                var decoder = RowDecoder(encoder.bytes)
                let read = try DealRow(from: &decoder)
                #expect(read == row, "seed \(seed)")
                #expect(decoder.isAtEnd, "seed \(seed)")
            }
        }
    }
}

@Suite struct `Rows of leads and pipelines` {
    @Test func `survive writing and reading`() throws {
        let lead = LeadRow(
            source: "web", channel: nil, campaignID: "c1",
            steps: [.captured, .assigned(to: "u1"), .qualified(stage: "sql"), .disqualified, .converted].enumerated()
                .map { LeadStep(time: Int64($0.offset) - 2, change: $0.element) })
        var encoder = RowEncoder()
        lead.encode(to: &encoder)
        sales.encode(to: &encoder)
        var decoder = RowDecoder(encoder.bytes)
        #expect(try LeadRow(from: &decoder) == lead)
        #expect(try PipelineRow(from: &decoder) == sales)
        #expect(decoder.isAtEnd)
    }
}
