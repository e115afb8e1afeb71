import CanonicalJSON
import EventModel

/// One deal through the pipeline: forward, now and then over a stage or back, to its end or to the end of the demo.
struct DealHistory {
    let id: String
    private let stream: String
    private let customer: CustomerHistory
    private let kind: String
    private(set) var dice: Dice
    private var time: Int64
    private var stage = 0
    private var amount: Int64

    init(_ customer: CustomerHistory, id: String, kind: String, opened: Int64, dice: Dice) {
        self.customer = customer
        self.id = id
        self.kind = kind
        self.dice = dice
        stream = "opportunity-\(id)"
        time = opened
        amount = Int64(self.dice.number(20...600)) * 10_000
    }

    /// Plays the deal; returns when it was won, `nil` if it was not.
    mutating func play(in journal: inout Journal, winPercent: Int) -> Int64? {
        open(in: &journal)
        let wins = dice.chance(winPercent)
        let lastStage = wins ? DemoNames.stages.count - 1 : dice.number(0...DemoNames.stages.count - 1)
        while stage < lastStage {
            let step = stage + 2 <= lastStage && dice.chance(12) ? 2 : 1
            move(to: stage + step, in: &journal)
            if stage == 1, dice.chance(30) { changeAmount(in: &journal) }
            if stage == 2, dice.chance(8) { move(to: 1, in: &journal) }
        }
        guard wins || dice.chance(85) else { return nil }
        time = dice.moment(after: time, days: 4...25)
        guard wins else {
            lose(in: &journal)
            return nil
        }
        journal.record(
            "opportunity.won", in: stream, at: time,
            ["amount": .integer(amount), "currency": .text(customer.currency), "won_at": .integer(time)])
        return time < DemoTime.end ? time : nil
    }

    private mutating func open(in journal: inout Journal) {
        let expected = dice.moment(after: time, days: 45...110)
        var data: [String: JSON] = [
            "opportunity_id": .text(id), "account_id": .text(customer.id),
            "name": .text("\(DemoNames.company(customer.number).name) \(id)"), "pipeline_id": "standard",
            "pipeline_version": 1, "stage_id": .text(DemoNames.stages[0].id), "amount": .integer(amount),
            "currency": .text(customer.currency), "owner_id": .text(customer.owner), "type": .text(kind),
            "source": .text(customer.conversion.source),
            "expected_close_date": .text(Timestamp(milliseconds: expected).day.description),
        ]
        if id == customer.conversion.opportunityID {
            data["lead_id"] = .text(customer.conversion.leadID)
            if let campaign = customer.conversion.campaignID { data["campaign_id"] = .text(campaign) }
        }
        journal.record("opportunity.opened", in: stream, at: time, data)
    }

    private mutating func move(to target: Int, in journal: inout Journal) {
        time = dice.moment(after: time, days: 4...25)
        let skipped = target > stage + 1 ? DemoNames.stages[stage + 1..<target].map { JSON.text($0.id) } : []
        var data: [String: JSON] = [
            "from_stage_id": .text(DemoNames.stages[stage].id), "to_stage_id": .text(DemoNames.stages[target].id),
            "direction": .text(target > stage ? "forward" : "backward"),
        ]
        if !skipped.isEmpty { data["skipped"] = .array(skipped) }
        journal.record("opportunity.stage_changed", in: stream, at: time, data)
        stage = target
    }

    private mutating func changeAmount(in journal: inout Journal) {
        time += Int64(dice.number(30...240)) * DemoTime.minute
        let changed = amount * Int64(dice.pick([80, 90, 110, 125])) / 100
        journal.record(
            "opportunity.amount_changed", in: stream, at: time,
            [
                "old_amount": .integer(amount), "new_amount": .integer(changed), "currency": .text(customer.currency),
            ])
        amount = changed
    }

    private mutating func lose(in journal: inout Journal) {
        let reason = dice.pick(DemoNames.lostReasons)
        var data: [String: JSON] = [
            "reason_code": .text(reason), "lost_at": .integer(time), "stage_id": .text(DemoNames.stages[stage].id),
        ]
        if reason == "competitor" { data["competitor"] = .text(dice.pick(["Acumen", "华测"])) }
        journal.record("opportunity.lost", in: stream, at: time, data)
    }
}
