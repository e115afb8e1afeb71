import CanonicalJSON
import ProjectionRuntime
import SeededRandom
import Testing

@testable import SalesFunnel

/// Steps without any lifecycle: regressions, reopenings, moves, closes of closed deals, stages that nobody lists, and
/// times that go back.
func randomDeals(_ random: inout SplitMix64, count: Int = 30) -> [DealRow] {
    let stages = ["a", "b", "c", "d", "z"]
    func pick(_ words: [String]) -> String { words[Int.random(in: 0..<words.count, using: &random)] }
    return (0..<count).map { index in
        var row = DealRow()
        var time = Int64.random(in: 0...(40 * day), using: &random)
        let source = pick(["web", "fair"])
        for step in 0..<Int.random(in: 1...12, using: &random) {
            time += Int64.random(in: -5...50, using: &random) * day / 4
            let change: Change =
                switch step == 0 && index % 7 != 0 ? 0 : Int.random(in: 0...12, using: &random) {
                case 0:
                    .opened(
                        stage: pick(stages), pipeline: "sales", owner: pick(["ann", "bob"]),
                        amount: Int64.random(in: 0...9, using: &random), currency: "CNY",
                        closeDay: Int64.random(in: 0...80, using: &random))
                case 1: .won(amount: Int64.random(in: 1...9, using: &random), currency: pick(["CNY", "EUR"]))
                case 2: .lost(reason: "price")
                case 3: .reopened(stage: pick(stages))
                case 4: .stageChanged(to: pick(["x", "y"]), pipeline: "other", direction: .pipelineMove)
                case 5: .amountChanged(to: Int64.random(in: 0...9, using: &random), currency: pick(["CNY", "EUR"]))
                case 6: .ownerAssigned(to: pick(["ann", "bob"]))
                case 7: .product(pick(["p", "q"]), isFirst: Int.random(in: 0...1, using: &random) == 0)
                case 8: .closeDateChanged(from: 0, to: Int64.random(in: 0...80, using: &random))
                case 9:
                    .forecastChanged(
                        category: pick(["commit", "omitted", "best_case"]),
                        probability: Int64.random(in: 0...10_000, using: &random), isOverridden: true)
                default:
                    to(pick(stages), StageDirection(rawValue: Int64.random(in: 0...3, using: &random)) ?? .lateral)
                }
            if case .opened = change, row.facts == nil {
                row.facts = DealFacts(accountID: "acme", type: "new", source: source)
            }
            row.add(change, at: time, position: Int64(step * 100 + index))
        }
        return row
    }
}

/// Runs a test with sixty seeds; the seed of a failure is in its message.
func seeded(_ body: (inout SplitMix64, UInt64) throws -> Void) rethrows {
    for seed in UInt64(1)...60 {
        var random = SplitMix64(seed: seed)
        try body(&random, seed)
    }
}

private let both: [(id: String, row: PipelineRow)] = [("other", pipeline(("x", 1), ("y", 2))), ("sales", sales)]

@Suite struct `Any history of deals` {
    /// Every report, with parameters that make it work for its answer.
    private let questions: [JSON] = [
        [:], ["report": "deals", "group_by": "owner"], ["view": "activity", "from": "1970-01-10", "to": "1970-02-10"],
        ["view": "snapshot", "group_by": "product"], ["report": "path", "steps": "a,b,won", "within_days": 20],
        ["report": "path", "steps": "a,b", "order": "strict", "exclude": "lost"],
        ["report": "path", "steps": "b,a", "order": "any", "within_days": 5], ["report": "forecast"],
        ["report": "forecast", "from": "1970-01-15", "to": "1970-02-20", "group_by": "pipeline"],
        ["report": "accuracy", "from": "1970-01-15", "to": "1970-02-20"],
        ["report": "waterfall", "from": "1970-01-15", "to": "1970-02-20", "group_by": "pipeline"],
        ["report": "slippage", "group_by": "source"],
        ["report": "restatement", "since": 300, "from": "1970-01-15", "to": "1970-02-20"],
    ]

    @Test func `balances, stage by stage`() throws {
        let exits = ["advanced", "regressed", "lateral", "moved", "won", "lost", "open"]
        try seeded { random, seed in
            let rows = randomDeals(&random)
            for parameters in [[:], ["view": "activity", "from": "1970-01-10", "to": "1970-02-10"]] as [JSON] {
                let answer = try report(parameters, over: rows, pipelines: both)
                guard case .object(let pipelines) = answer.at("funnel", "pipelines") else { return }
                for case .object(let stages) in pipelines.values.compactMap({ $0["stages"] }) {
                    for figures in stages.values {
                        let sum = exits.compactMap { figures[$0]?.integer }.reduce(0, +)
                        #expect(figures["visits"]?.integer == sum, "seed \(seed)")
                    }
                }
            }
        }
    }

    @Test func `keeps every identity that a check compares`() throws {
        seeded { random, seed in
            var check = IdentityCheck(StageTable(both, at: nil))
            for (index, row) in randomDeals(&random).enumerated() { check.look("o\(index)", row) }
            #expect(check.violations == [], "seed \(seed)")
        }
    }

    @Test func `adds up to the closing amount, whatever the period and the groups`() throws {
        try seeded { random, seed in
            let rows = randomDeals(&random)
            let from = Int.random(in: 10...25, using: &random)
            for grouping in ["none", "pipeline", "owner", "product", "category"] {
                // The report throws when its lines don't add up.
                _ = try report(
                    [
                        "report": "waterfall", "from": .text("1970-01-\(from)"), "to": "1970-02-14",
                        "group_by": .text(grouping),
                    ], over: rows, pipelines: both)
            }
            let closing = try report(["report": "waterfall", "to": "1970-02-01"], over: rows)
            let opening = try report(["report": "waterfall", "from": "1970-02-01"], over: rows)
            for currency in ["CNY", "EUR"] {
                let left = closing.at("waterfall", "amounts", currency, "closing")?.integer ?? 0
                let right = opening.at("waterfall", "amounts", currency, "opening")?.integer ?? 0
                #expect(left == right, "seed \(seed)")
            }
        }
    }

    @Test func `answers as of a position as if the log ended there`() throws {
        try seeded { random, seed in
            let rows = randomDeals(&random)
            let position = Int64.random(in: 0...1100, using: &random)
            let truncated = rows.map { $0.truncated(through: position) }
            for question in questions {
                guard case .object(var bounded) = question else { continue }
                bounded["known_at"] = .integer(position)
                guard case .object(var now) = try report(.object(bounded), over: rows, pipelines: both),
                    case .object(var then) = try report(question, over: truncated, pipelines: both)
                else { continue }
                #expect(now["known_at"] == .integer(position), "seed \(seed)")
                for name in ["known_at", "as_first_reported", "as_now_known"] {
                    now[name] = nil
                    then[name] = nil
                }
                #expect(now == then, "seed \(seed), \(question.canonicalText)")
            }
        }
    }

    @Test func `gives the same report in any order of the deals`() throws {
        try seeded { random, seed in
            let rows = randomDeals(&random)
            let shuffled = rows.shuffled(using: &random)
            for question in questions where question["report"] != "slippage" && question["report"] != "restatement" {
                let (ordered, other) = (try report(question, over: rows), try report(question, over: shuffled))
                #expect(ordered == other, "seed \(seed), \(question.canonicalText)")
            }
        }
    }

    @Test func `survives writing and reading`() throws {
        try seeded { random, seed in
            for row in randomDeals(&random) {
                var encoder = RowEncoder()
                row.encode(to: &encoder)
                var decoder = RowDecoder(encoder.bytes)
                let read = try DealRow(from: &decoder)
                #expect(read == row, "seed \(seed)")
                #expect(decoder.isAtEnd, "seed \(seed)")
            }
        }
    }

    @Test func `is answered at the ends of the range too`() throws {
        let ends: [Int64] = [.min, .min + 1, -1, 0, .max - 1, .max]
        seeded { random, seed in
            func end() -> Int64 { ends[Int.random(in: 0..<ends.count, using: &random)] }
            var rows: [DealRow] = []
            for _ in 0..<5 {
                var row = deal("a", opened: end(), amount: end(), closeDay: end())
                row.add(.amountChanged(to: end(), currency: "CNY"), at: end(), position: end())
                row.add(.closeDateChanged(from: end(), to: end()), at: end(), position: end())
                row.add(
                    .forecastChanged(category: "commit", probability: end(), isOverridden: true), at: end(),
                    position: end())
                row.add(to("b"), at: end(), position: end())
                row.add(.won(amount: end(), currency: "CNY", at: end()), at: end(), position: end())
                if Bool.random(using: &random) { row.add(.reopened(stage: "a"), at: end(), position: end()) }
                rows.append(row)
            }
            for question in questions {
                // Sums that leave the range may not add up; that is said, and nothing stops.
                do throws(ViewError) {
                    _ = try ask(question, rows)
                } catch {
                    #expect(error.description.contains("waterfall"), "seed \(seed)")
                }
            }
            for (index, row) in rows.enumerated() {
                var table = StageTable(both, at: nil)
                guard let history = DealHistory(id: "o\(index)", row: row) else { continue }
                _ = PlacedDeal(history, on: &table).json(table)
            }
        }
    }

    private func ask(_ question: JSON, _ rows: [DealRow]) throws(ViewError) -> JSON {
        do {
            return try report(question, over: rows, pipelines: both)
        } catch let error as ViewError {
            throw error
        } catch {
            throw .log("\(error)")
        }
    }

    @Test func `cannot make damaged bytes stop the process`() throws {
        seeded { random, seed in
            for row in randomDeals(&random, count: 5) {
                var encoder = RowEncoder()
                row.encode(to: &encoder)
                var bytes = encoder.bytes
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                var decoder = RowDecoder(bytes)
                do throws(RowError) {
                    let read = try DealRow(from: &decoder)
                    for question in questions { _ = try? report(question, over: [read]) }
                } catch {
                    #expect(!error.expected.isEmpty, "seed \(seed)")
                }
            }
        }
    }
}

@Suite struct `Rows of leads and pipelines` {
    @Test func `survive writing and reading`() throws {
        var lead = LeadRow(facts: LeadFacts(source: "web", channel: "social", campaignID: "c1"))
        let changes: [LeadChange] = [
            .captured, .assigned(to: "u1"), .qualified(stage: "sql"), .disqualified, .recycled, .converted,
        ]
        for (index, change) in changes.enumerated() { lead.add(change, at: Int64(index) - 2, position: Int64(index)) }
        var encoder = RowEncoder()
        lead.encode(to: &encoder)
        sales.encode(to: &encoder)
        var decoder = RowDecoder(encoder.bytes)
        #expect(try LeadRow(from: &decoder) == lead)
        #expect(try PipelineRow(from: &decoder) == sales)
        #expect(decoder.isAtEnd)
    }
}
