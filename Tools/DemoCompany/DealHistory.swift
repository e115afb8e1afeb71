import CanonicalJSON
import EventModel

/// One deal through the pipeline: forward, now and then over a stage or back, to its end or to the end of the demo.
struct DealHistory {
    let id: String
    let customer: CustomerHistory
    /// Dice for what surrounds the deal.
    var extra: Dice
    private(set) var dice: Dice
    private(set) var amount: Int64
    /// The stages that the deal came to, with their times.
    private(set) var steps: [(stage: Int, time: Int64)] = []
    private(set) var end = End.open
    /// The id of the event that says it was won.
    private(set) var wonEvent = ""
    private let stream: String
    private let kind: String
    private var time: Int64
    private var stage = 0
    private var expectedClose: Int64 = 0

    /// How the deal stands when the demo ends.
    enum End {
        case open
        case won(Int64)
        case lost(Int64)

        /// When it was closed; `nil` for an open deal.
        var time: Int64? {
            switch self {
            case .open: nil
            case .won(let time), .lost(let time): time
            }
        }
    }

    /// Large deals get a contract.
    var hasContract: Bool { amount >= 2_000_000 }
    var contractID: String { "\(id).ct1" }

    init(_ customer: CustomerHistory, id: String, kind: String, opened: Int64, dice: Dice) {
        self.customer = customer
        self.id = id
        self.kind = kind
        self.dice = dice
        extra = customer.extra
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
        var data: JSON.Members = [
            "amount": .integer(amount), "currency": .text(customer.currency), "won_at": .integer(time),
        ]
        if hasContract { data["contract_id"] = .text(contractID) }
        wonEvent = journal.record("opportunity.won", in: stream, at: time, data)
        end = .won(time)
        return time < DemoTime.end ? time : nil
    }

    private mutating func open(in journal: inout Journal) {
        expectedClose = dice.moment(after: time, days: 45...110)
        var data: JSON.Members = [
            "opportunity_id": .text(id), "account_id": .text(customer.id),
            "name": .text("\(customer.isPerson ? "project" : DemoNames.company(customer.number).name) \(id)"),
            "pipeline_id": "standard",
            "pipeline_version": 1, "stage_id": .text(DemoNames.stages[0].id), "amount": .integer(amount),
            "currency": .text(customer.currency), "owner_id": .text(customer.owner), "type": .text(kind),
            "source": .text(customer.conversion.source),
            "expected_close_date": .text(Timestamp(milliseconds: expectedClose).day.description),
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
        var data: JSON.Members = [
            "from_stage_id": .text(DemoNames.stages[stage].id), "to_stage_id": .text(DemoNames.stages[target].id),
            "direction": .text(target > stage ? "forward" : "backward"),
        ]
        if !skipped.isEmpty { data["skipped"] = .array(skipped) }
        journal.record("opportunity.stage_changed", in: stream, at: time, data)
        stage = target
        steps.append((target, time))
        judge(in: &journal)
    }

    /// What the owner expects now.
    private mutating func judge(in journal: inout Journal) {
        let note = time + 2 * DemoTime.minute
        if stage >= 2, extra.chance(50) {
            journal.record(
                "opportunity.forecast_changed", in: stream, at: note,
                ["category": .text(stage == 2 ? "best_case" : "commit"), "overridden": .boolean(extra.chance(10))])
        }
        guard extra.chance(15) else { return }
        func day(_ time: Int64) -> JSON { .text(Timestamp(milliseconds: time).day.description) }
        let next = extra.moment(after: time, days: 30...90)
        journal.record(
            "opportunity.close_date_changed", in: stream, at: note,
            [
                "old_date": day(expectedClose), "new_date": day(next), "reason": "customer_needs_time",
            ])
        expectedClose = next
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
        var data: JSON.Members = [
            "reason_code": .text(reason), "lost_at": .integer(time), "stage_id": .text(DemoNames.stages[stage].id),
        ]
        if reason == "competitor" { data["competitor"] = .text(dice.pick(["Acumen", "华测"])) }
        if extra.chance(60) { data["note"] = .text(extra.text(DemoTexts.lostNotes, isChinese: customer.isChinese)) }
        journal.record("opportunity.lost", in: stream, at: time, data)
        end = .lost(time)
    }
}
