import CanonicalJSON
import ChurnSignals
import EventModel
import ProjectionRuntime
import Testing

/// The sample end to end: rows of the file as events, answers as JSON (READ_MODELS.md 14.1).
@Suite(.enabled(if: CDNOWSample.isPresent, "shared/data/cdnow-sample is not beside the repository"))
struct `Churn signals of CDNOW` {
    private static func folded() async throws -> FoldedOrders {
        var log = OrderLog()
        for (index, order) in try CDNOWSample.shared.get().orders.enumerated() {
            log.place("\(index)", by: order.customer, on: order.day.description, order.cents, "USD")
        }
        return try await FoldedOrders(log)
    }

    private let end: JSON = ["as_of_day": "1997-09-30"]

    @Test func `have the published model and forecast`() async throws {
        let view = try await Self.folded()
        let report = try view.report(end)
        #expect(report["customers"] == 2_357)
        #expect(report["with_repeat"] == 946)
        #expect(report["repeat_transactions"] == 2_457)
        let model = try #require(report["model"])
        for (name, value) in [("r", 0.242595), ("alpha", 4.413602), ("a", 0.792922), ("b", 2.425907)] {
            let nano = try #require(model[name + "_nano"]?.integer)
            #expect(abs(Double(nano) / 1e9 - value) < 2e-5, "\(name) is \(nano)")
        }
        let logLikelihood = try #require(model["log_likelihood_micro"]?.integer)
        #expect(abs(logLikelihood - -9_582_429_207) < 100)
        #expect(model["weak"] == false)
        let facts = try CDNOWSample.facts()
        let expected = try #require(report["expected_micro"]?.integer)
        #expect(abs(Double(expected) / 1e6 - facts.bgnbd.expected) < 0.05)
        let alive = try #require(report["mean_p_alive_micro"]?.integer)
        #expect(abs(Double(alive) / 1e6 - facts.bgnbd.meanAlive) < 1e-5)
        for customer in facts.customers {
            let row = try #require(try view.customer(customer.id, end))
            #expect(row["x"]?.integer == Int64(customer.repeats))
            #expect(abs(Double(row["p_alive_micro"]?.integer ?? -1) / 1e6 - customer.alive) < 1e-4)
            #expect(abs(Double(row["expected_micro"]?.integer ?? -1) / 1e6 - customer.expected) < 1e-4)
        }
    }

    @Test func `hold the whole file at its end`() async throws {
        let view = try await Self.folded()
        let rows = try view.scan(["limit": 10_000]).rows
        #expect(rows.count == 2_357)
        #expect(rows.reduce(0) { $0 + ($1["orders"]?.integer ?? 0) } == 6_919)
        #expect(rows.reduce(0) { $0 + ($1["order_days"]?.integer ?? 0) } == 6_696)
        #expect(rows.reduce(0) { $0 + ($1["revenue"]?["USD"]?.integer ?? 0) } == 24_409_194)
        #expect(rows.compactMap { $0["order_days"]?.integer }.max() == 44)
        let top = try #require(rows.first { $0["account_id"] == "1901" })
        #expect(top["revenue"] == ["USD": 655_270] && top["order_days"] == 22 && top["last_day"] == "1997-04-11")
    }

    @Test func `put those on top who bought often and fell silent, with reasons that add up`() async throws {
        let view = try await Self.folded()
        let report = try view.report(["as_of_day": "1997-09-30", "limit": 50])
        let churn = try #require(report["churn"]?.elements)
        #expect(churn.count == 50)
        let risks = churn.compactMap { $0["risk_bp"]?.integer }
        #expect(risks == risks.sorted(by: >))
        #expect(churn.contains { $0["account_id"] == "1901" })
        for row in churn {
            let shares = row["reasons"]?.elements?.compactMap { $0["share_bp"]?.integer } ?? []
            #expect(abs(shares.reduce(0, +) - 10_000) <= 1)
        }
        for score in ["recency", "frequency", "monetary"] {
            let counts = report["rfm"]?[score]?.elements?.compactMap(\.integer) ?? []
            #expect(counts.reduce(0, +) == 2_357)
        }
        #expect(report["rfm"]?["frequency"]?.elements?.first == 1_411)
    }
}
