import CanonicalJSON
import ChurnSignals
import EventModel
import ProjectionRuntime
import Testing

@Suite struct `A churn rule` {
    private static let days = ["2026-01-01", "2026-01-11", "2026-01-21", "2026-01-31"]

    /// Four orders every ten days, then silence: on 16 February z is 6, so the cadence is as bad as can be.
    private func log() -> OrderLog {
        var log = OrderLog()
        for (index, day) in Self.days.enumerated() { log.place("\(index)", by: "a", on: day, 100) }
        log.own("a", by: "u1", on: "2026-02-01")
        log.own("a", by: "u2", on: "2026-02-10")
        return log
    }

    private func publish(
        _ log: inout OrderLog, version: Int64, from day: String, on published: String, _ body: JSON
    ) {
        log.record(
            "rule.published", "rule-churn", on: published,
            [
                "rule_id": "churn", "kind": "churn", "version": .integer(version), "body": body,
                "effective_from": OrderLog.noon(day),
            ])
    }

    private func risk(_ log: OrderLog, _ day: String = "2026-02-16") async throws -> String {
        let row = try await FoldedOrders(log).customer("a", ["as_of_day": .text(day), "fields": "own"])
        let reasons = row?["reasons"]?.elements?.compactMap { $0["signal"]?.text }.joined(separator: " ") ?? ""
        return "\(row?["risk_bp"]?.integer ?? -1) \(row?["band"]?.text ?? "") \(reasons)"
    }

    @Test func `is the starting values until one is published`() async throws {
        #expect(try await risk(log()) == "5000 amber cadence")
        #expect(try await FoldedOrders(log()).customer("a")?["rule"] == .null)
        #expect(try ChurnSignals.rules(of: nil, ViewParameters(), in: try await FoldedOrders(log()).snapshot) == [])
    }

    @Test func `replaces weights, thresholds and bands, and what it does not name does not count`() async throws {
        var log = self.log()
        publish(
            &log, version: 1, from: "2026-02-01", on: "2026-02-01",
            [
                "signals": [
                    ["signal": "cadence", "weight": 2_000, "half_life": 0, "threshold": 4_000],
                    ["signal": "owner_churn", "weight": 4_000, "half_life": 518_400, "threshold": 1],
                    ["signal": "of_the_future", "weight": 4_000, "half_life": 0],
                ],
                "bands": [1_000, 3_600], "hysteresis": 0,
            ])
        // The cadence has z = 6 and (6 − 4) ÷ 4; the owner changed six days ago, a half-life: 1 − 0.9 · 0.8.
        #expect(try await risk(log) == "2800 amber owner_churn cadence")
        let row = try await FoldedOrders(log).customer("a")
        #expect(row?["rule"] == ["rule_id": "churn", "version": 1, "position": 6])
        let stamped = try ChurnSignals.rules(of: nil, ViewParameters(), in: try await FoldedOrders(log).snapshot)
        #expect(stamped == [RuleVersion(kind: "churn", id: "churn", version: 1)])
        publish(&log, version: 2, from: "2026-02-16", on: "2026-02-12", ["signals": [], "bands": [5_000]])
        #expect(try await risk(log, "2026-02-15").hasSuffix("cadence"))
        #expect(try await risk(log) == "0 green ")
    }

    @Test func `survives numbers that mean nothing`() async throws {
        var log = self.log()
        let most: JSON = .integer((1 << 53) - 1)
        let kinds = [
            "p_alive", "cadence", "tickets", "complaints", "detractor", "sla_breach", "payment_overdue", "usage_drop",
            "renewal_silent", "engagement_loss", "champion_left", "owner_churn", "consent_withdrawn", "competitor_lost",
        ]
        for (version, number) in [most, .integer(-(1 << 53) + 1), 0].enumerated() {
            publish(
                &log, version: Int64(version), from: "2026-01-01", on: "2026-02-01",
                [
                    "signals": .array(
                        kinds.map {
                            ["signal": .text($0), "weight": number, "half_life": number, "threshold": number]
                        }), "bands": [number, number], "hysteresis": number,
                ])
            #expect(try await risk(log).isEmpty == false)
        }
        // Centuries between orders, and a threshold beyond all of them.
        for (order, day) in ["0108-01-01", "3941-01-01", "5857-01-01", "5857-02-01"].enumerated() {
            log.place("far\(order)", by: "far", on: day, 1)
        }
        for (version, number) in [most, 1_000_000_000, 1].enumerated() {
            let cadence: JSON = ["signal": "cadence", "weight": 10_000, "threshold": number]
            publish(
                &log, version: Int64(10 + version), from: "2026-01-01", on: "2026-02-01", ["signals": [cadence]])
            let risk = try await FoldedOrders(log).customer("far", ["as_of_day": "9000-01-01"])?["risk_bp"]
            #expect(risk == (number == 1 ? 9_500 : 0))  // the most that one signal may say
        }
    }

    @Test func `that an answer rests on are those of the day that was asked for`() async throws {
        var log = self.log()
        publish(&log, version: 1, from: "2026-01-01", on: "2026-01-01", ["signals": []])
        publish(&log, version: 2, from: "2026-02-10", on: "2026-02-01", ["signals": []])
        let snapshot = try await FoldedOrders(log).snapshot
        for (day, version) in [("2026-02-09", 1), ("2026-02-10", 2)] as [(String, Int64)] {
            let parameters = try ViewParameters(["as_of_day": .text(day)])
            #expect(try ChurnSignals.rules(of: nil, parameters, in: snapshot).map(\.version) == [version])
        }
    }
}

@Suite struct `Recorded parameters` {
    private func log() -> OrderLog {
        var log = OrderLog()
        for customer in 0..<30 {
            for order in 0...(customer % 4) {
                log.place("\(customer)-\(order)", by: "c\(customer)", on: "2026-01-0\(1 + order * 2)", 1_000)
            }
        }
        return log
    }

    private func record(_ log: inout OrderLog, _ model: String, _ params: JSON, on day: String, subject: String? = nil)
    {
        var data: JSON.Members = [
            "model_id": .text(model), "model_version": 3, "params": params, "input_position": 40, "value_nano": 0,
        ]
        data["subject_id"] = subject.map { .text($0) }
        log.record("prediction.recorded", "prediction-" + model, on: day, .object(data))
    }

    private let published: JSON = [
        "r": 243_000_000, "alpha": 4_414_000_000, "a": 793_000_000, "b": 2_426_000_000,
    ]

    @Test func `are read where they are, else fitted, and the answer says which`() async throws {
        var log = self.log()
        let fitted = try await FoldedOrders(log)
        #expect(try fitted.report(["as_of_day": "2026-02-01"])["model"]?["source"] == "fitted")
        #expect(try fitted.customer("c3", ["fields": "own"])?["p_alive_micro"] == .null)
        let position = log.events.count
        record(&log, "bg-nbd", published, on: "2026-02-01")
        record(
            &log, "gamma-gamma-CNY", ["p": 6_250_000_000, "q": 3_740_000_000, "gamma": 1_544_000_000_000],
            on: "2026-02-01")
        record(&log, "bg-nbd", ["r": 9_000_000_000], on: "2026-02-02", subject: "account-c3")
        let view = try await FoldedOrders(log)
        let model = try #require(try view.report()["model"])
        #expect(model["source"] == "recorded" && model["position"] == .from(position) && model["model_version"] == 3)
        #expect(model["input_position"] == 40 && model["alpha_nano"] == 4_414_000_000 && model["weak"] == true)
        #expect(try view.report()["spending"]?["CNY"]?["population_mean"] == 3_522)
        // By hand: x = 3, t_x = 6 ÷ 7, T = 31 ÷ 7 at the published values.
        let alone = try #require(try view.customer("c3", ["fields": "own", "as_of_day": "2026-02-01"]))
        #expect(alone["p_alive_micro"] == 510_430)
        #expect(alone["p_alive_micro"] == (try view.customer("c3", ["as_of_day": "2026-02-01"])?["p_alive_micro"]))
        #expect(try view.report(["model": "fitted"])["model"]?["source"] == "fitted")
        #expect(try view.report(["as_of_day": "2026-01-31"])["model"]?["source"] == "fitted")
        let before: JSON = ["known_at": .from(position - 1), "as_of_day": "2026-02-02"]
        #expect(try view.report(before)["model"]?["source"] == "fitted")
        #expect { try view.report(["known_at": .from(position - 1)]) } throws: { error in
            (error as? ViewError)?.description.contains("'as_of_day' is missing") == true
        }
    }

    @Test func `that make no model are passed over`() async throws {
        var log = self.log()
        record(&log, "bg-nbd", ["r": 243_000_000, "alpha": 0, "a": 1, "b": 1], on: "2026-02-01")
        record(&log, "bg-nbd", ["r": 243_000_000], on: "2026-02-01")
        record(&log, "weather", published, on: "2026-02-01")
        #expect(try await FoldedOrders(log).report(["as_of_day": "2026-02-01"])["model"]?["source"] == "fitted")
    }
}
