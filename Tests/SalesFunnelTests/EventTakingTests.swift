import CRMEvents
import CanonicalJSON
import EventModel
import Testing

@testable import SalesFunnel

@Suite struct `Events of the catalog` {
    private func body(_ type: String, _ stream: String, _ data: JSON) throws -> CRMEvent.Body {
        let content = EventContent(
            type: type, key: EventKey(source: "/crm/sales", id: "e1"), data: data.canonicalBytes)
        let instant = Timestamp(milliseconds: 5)
        let event = RecordedEvent(
            position: .origin, stream: try StreamName(stream), revision: .first, time: instant, recorded: instant,
            content: content)
        return try CRMEvent(event).body
    }

    private func step(_ type: String, _ data: JSON) throws -> Change? {
        guard case .opportunity(let event) = try body("opportunity.\(type)", "opportunity-o1", data) else {
            return nil
        }
        var row = DealRow()
        row.take(event, at: 5, position: 7)
        #expect(row.steps.allSatisfy { $0.time == 5 && $0.position == 7 })
        return row.steps.first.map { row.change(of: $0) }
    }

    @Test func `give a deal its facts and its first step`() throws {
        let data: JSON = [
            "opportunity_id": "o1", "account_id": "a1", "name": "big", "pipeline_id": "sales", "pipeline_version": 1,
            "stage_id": "a", "amount": 70, "currency": "EUR", "owner_id": "u1", "type": "renewal", "source": "web",
            "campaign_id": "c1", "lead_id": "l1", "probability": 2500, "expected_close_date": "1970-01-11",
        ]
        guard case .opportunity(let event) = try body("opportunity.opened", "opportunity-o1", data) else {
            Issue.record("not an opportunity")
            return
        }
        var row = DealRow()
        row.take(event, at: 5, position: 7)
        var expected = DealRow()
        expected.facts = DealFacts(accountID: "a1", type: "renewal", source: "web", campaignID: "c1", leadID: "l1")
        expected.add(
            .opened(
                stage: "a", pipeline: "sales", owner: "u1", amount: 70, currency: "EUR", probability: 2500, closeDay: 10
            ),
            at: 5, position: 7)
        #expect(row == expected)
    }

    @Test func `give a deal its further steps`() throws {
        #expect(
            try step(
                "forecast_changed", ["category": "commit", "probability": 9000, "overridden": true])
                == .forecastChanged(category: "commit", probability: 9000, isOverridden: true))
        #expect(
            try step(
                "stage_changed",
                [
                    "from_stage_id": "a", "to_stage_id": "x", "direction": "pipeline_move",
                    "to_pipeline_id": "enterprise",
                ]) == .stageChanged(to: "x", from: "a", pipeline: "enterprise", direction: .pipelineMove))
        #expect(
            try step(
                "stage_changed",
                ["from_stage_id": "b", "to_stage_id": "a", "direction": "backward", "probability": 1500])
                == .stageChanged(to: "a", from: "b", pipeline: nil, direction: .backward, probability: 1500))
        #expect(
            try step("amount_changed", ["old_amount": 1, "new_amount": 2, "currency": "CNY"])
                == .amountChanged(to: 2, currency: "CNY"))
        #expect(try step("owner_assigned", ["owner_id": "u2", "mode": "manual"]) == .ownerAssigned(to: "u2"))
        #expect(
            try step("owner_assigned", ["owner_id": "u2", "previous_owner_id": "u1", "mode": "manual"])
                == .ownerAssigned(to: "u2", from: "u1"))
        #expect(
            try step("won", ["amount": 3, "currency": "CNY", "won_at": 4])
                == .won(amount: 3, currency: "CNY", at: 4))
        #expect(
            try step("won", ["amount": 3, "currency": "CNY", "won_at": 5, "order_id": "r1", "contract_id": "k1"])
                == .won(amount: 3, currency: "CNY", order: "r1", contract: "k1"))
        #expect(try step("lost", ["reason_code": "price", "lost_at": 5, "stage_id": "a"]) == .lost(reason: "price"))
        #expect(
            try step("reopened", ["to_stage_id": "b", "reason": "budget", "reverses": "e0"]) == .reopened(stage: "b"))
        #expect(
            try step("close_date_changed", ["old_date": "2026-01-01", "new_date": "2026-02-01", "reason": "x"])
                == .closeDateChanged(from: 20_454, to: 20_485))
    }

    @Test func `give a lead its facts and its steps`() throws {
        let events: [(String, JSON)] = [
            ("captured", ["lead_id": "l1", "source": "fair", "channel": "event", "campaign_id": "c1"]),
            ("assigned", ["owner_id": "u1"]),
            ("qualified", ["stage": "mql", "criteria_version": 1, "by": "u1"]),
            ("disqualified", ["reason": "no_need"]),
            ("converted", ["account_id": "a1", "contact_id": "k1", "created": ["account"]]),
        ]
        var row = LeadRow()
        for (type, data) in events {
            guard case .lead(let event) = try body("lead.\(type)", "lead-l1", data) else { continue }
            row.take(event, at: 5, position: 7)
        }
        #expect(row.facts == LeadFacts(source: "fair", channel: "event", campaignID: "c1"))
        #expect(
            row.steps.map(\.change)
                == [.captured, .assigned(to: "u1"), .qualified(stage: "mql"), .disqualified, .converted])
    }

    @Test func `publish a pipeline, and no rule of another kind`() throws {
        func version(_ kind: JSON, _ body: JSON) throws -> PipelineVersion? {
            let data: JSON = ["rule_id": "sales", "kind": kind, "version": 2, "effective_from": 9, "body": body]
            guard case .rule(.published(let rule)) = try self.body("rule.published", "rule-sales", data) else {
                return nil
            }
            return PipelineVersion(rule, position: 7)
        }
        let stages: JSON = ["stages": [["stage_id": "a", "ordinal": 1], ["stage_id": "b", "ordinal": 2]]]
        let listed = [ListedStage(stage: "a", ordinal: 1), ListedStage(stage: "b", ordinal: 2)]
        #expect(
            try version("pipeline", stages)
                == PipelineVersion(version: 2, effectiveFrom: 9, position: 7, stages: listed))
        #expect(try version("calendar", [:]) == nil)
    }
}
