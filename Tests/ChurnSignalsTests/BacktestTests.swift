import CanonicalJSON
import EventModel
import Foundation
import ProjectionRuntime
import Testing

@Suite(.enabled(if: CDNOWSample.isPresent, "shared/data/cdnow-sample is not beside the repository"))
struct `A backtest of CDNOW` {
    private static func log() throws -> OrderLog {
        var log = OrderLog()
        for (index, order) in try CDNOWSample.shared.get().orders.enumerated() {
            log.place("\(index)", by: order.customer, on: order.day.description, order.cents, "USD")
        }
        return log
    }

    private let parameters: JSON = ["kind": "backtest", "as_of_day": "1997-09-30", "horizon_days": 180, "k": 100]

    /// The labels, ranks and hits come from a plain Python program over the same file (integers of the design page).
    @Test func `has the precision, recall and lead time of an independent count`() async throws {
        let report = try await FoldedOrders(Self.log()).report(parameters)
        #expect(report["cases"] == 606 && report["left"] == 296 && report["gone_before"] == 1_635)
        #expect(report["undecided"] == 116)
        #expect(report["base_rate_bp"] == 4_884 && report["observed_days"] == 180)
        let found = report["at_k"]?.elements?.map { part in
            ["k", "hits", "precision_bp", "recall_bp", "lead_days_p50", "lead_days_p90"].map { part[$0]?.integer ?? -1 }
        }
        #expect(
            found == [[10, 6, 6_000, 203, 17, 74], [50, 41, 8_200, 1_385, 45, 82], [100, 76, 7_600, 2_568, 40, 98]])
    }

    @Test func `scores the same whatever follows`() async throws {
        let end = try #require(CDNOWSample.calibrationEnd)
        var (whole, other, nothing) = (OrderLog(), OrderLog(), OrderLog())
        for (index, order) in try CDNOWSample.shared.get().orders.enumerated() {
            let isLater = order.day > end
            whole.place("\(index)", by: order.customer, on: order.day.description, order.cents, "USD")
            if isLater {
                other.place("\(index)", by: "000\(1 + index % 9)", on: "1998-02-11", 999, "EUR")
                nothing.touch(on: "1998-06-30")
            } else {
                other.place("\(index)", by: order.customer, on: order.day.description, order.cents, "USD")
                nothing.place("\(index)", by: order.customer, on: order.day.description, order.cents, "USD")
            }
        }
        let early: JSON = ["as_of_day": "1997-09-30", "limit": 10_000]
        let (seen, changed) = (try await FoldedOrders(whole), try await FoldedOrders(other))
        let scores = try seen.scan(early).rows
        #expect(try changed.scan(early).rows == scores)
        #expect(try await FoldedOrders(nothing).scan(early).rows == scores)
        let (report, otherReport) = (try seen.report(parameters), try changed.report(parameters))
        func scored(_ report: JSON) -> Int64 {
            (report["cases"]?.integer ?? 0) + (report["undecided"]?.integer ?? 0)
        }
        #expect(scored(report) == scored(otherReport) && report["left"] != otherReport["left"])
    }
}

@Suite struct `A backtest` {
    private func log() -> OrderLog {
        var log = OrderLog()
        log.place("1", by: "quiet", on: "2026-01-01", 1)
        log.place("2", by: "loyal", on: "2026-01-01", 1)
        log.place("3", by: "gone", on: "2025-01-01", 1)
        log.contract("c", with: "bound", from: "2026-01-01", to: nil)
        log.contract("d", with: "free", from: "2026-01-01", to: nil)
        log.subscribe("s", "canceled", on: "2026-01-01")
        log.ticket("t", of: "stranger", on: "2026-01-01")
        log.place("4", by: "loyal", on: "2026-05-01", 1)
        log.endContract("d", on: "2026-06-01")
        log.subscription("s", becomes: "canceled", on: "2026-06-02")
        log.place("5", by: "late", on: "2026-12-01", 1)
        return log
    }

    @Test func `labels by contract, subscription or silence`() async throws {
        let report = try await FoldedOrders(log()).report(
            ["kind": "backtest", "as_of_day": "2026-02-01", "horizon_days": 200, "k": 10])
        // quiet leaves on 30 June (1 January and 180 days), free and canceled in June; loyal and bound stay.
        #expect(report["cases"] == 5 && report["left"] == 3 && report["gone_before"] == 1)
        #expect(report["without_label"] == 1 && report["base_rate_bp"] == 6_000)
        let part = report["at_k"]?.elements?.first
        // 120, 121 and 149 days after the scores.
        #expect(part?["lead_days_p50"] == 121 && part?["lead_days_p90"] == 149)
    }

    @Test func `labels by what is true, also where it was recorded after the scores`() async throws {
        var log = OrderLog()
        log.place("1", by: "a", on: "2026-01-01", 1)
        log.touch(on: "2026-06-01")
        let known = log.events.count - 1
        log.place("2", by: "a", on: "2026-05-30", 1)  // two days before the scores, told after them
        log.touch(on: "2026-12-31")
        let question: JSON = ["kind": "backtest", "as_of_day": "2026-06-01", "horizon_days": 60]
        let view = try await FoldedOrders(log)
        #expect(try view.report(question)["left"] == 0)
        let before = try view.report([
            "kind": "backtest", "as_of_day": "2026-06-01", "horizon_days": 60, "known_at": .from(known),
        ])
        #expect(before["left"] == 0 && before["undecided"] == 1 && before["cases"] == 0)
    }

    @Test func `counts only what could be observed`() async throws {
        let view = try await FoldedOrders(log())
        let short = try view.report(["kind": "backtest", "as_of_day": "2026-02-01", "horizon_days": 120])
        #expect(short["left"] == 1)
        let beyond = try view.report(["kind": "backtest", "as_of_day": "2026-11-01", "horizon_days": 400])
        #expect(beyond["observed_days"] == 30)
        // 60 days after its order of 1 May nobody can say whether loyal stays.
        let early = try view.report(["kind": "backtest", "as_of_day": "2026-05-02", "horizon_days": 60])
        #expect(early["undecided"] == 1 && early["cases"] == 4)
        #expect(try view.report(["kind": "backtest", "horizon_days": 30])["as_of_day"] == "2026-11-01")
        #expect(try await FoldedOrders(OrderLog()).report(["kind": "backtest"])["cases"] == 0)
    }
}

/// IBM's sample of a telecom company: contracts with a tenure in months, and who left in the last one.
@Suite(.enabled(if: TelcoSample.isPresent, "shared/data/telco-churn is not beside the repository"))
struct `A backtest of contracts` {
    @Test func `has the churn rate of the data set`() async throws {
        let report = try await FoldedOrders(TelcoSample.log()).report(
            ["kind": "backtest", "as_of_day": "2026-05-31", "horizon_days": 30])
        #expect(report["cases"] == 7_043 && report["left"] == 1_869 && report["base_rate_bp"] == 2_654)
    }
}

private enum TelcoSample {
    static let file = CDNOWSample.folder.appending(path: "../telco-churn/customers.csv").standardized
    static let isPresent = FileManager.default.fileExists(atPath: file.path)

    /// A contract that began so many months before June 2026, and in that month an end for those who left.
    static func log() throws -> OrderLog {
        var log = OrderLog()
        let end = try #require(CivilDay("2026-06-15"))
        let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        for line in lines {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let days = (Int(fields[5]) ?? 0) * 30 + 30
            let start = CivilDay(daysSinceEpoch: end.daysSinceEpoch - days)
            log.contract(fields[0], with: fields[0], from: start.description, to: nil)
            if fields[20] == "Yes" { log.endContract(fields[0], on: end.description) }
        }
        log.ticket("last", of: "nobody", on: "2026-06-30")
        return log
    }
}
