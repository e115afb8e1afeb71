import CanonicalJSON

/// What a lead became.
struct Conversion {
    let time: Int64
    let leadID: String
    let accountID: String
    let opportunityID: String
    let source: String
    let campaignID: String?
    let owner: String
}

/// One lead from its capture to its end: new, assigned, qualified in three steps, converted; or given up on the way.
struct LeadHistory {
    private let id: String
    private let stream: String
    private let number: Int
    private var dice: Dice
    private var extra: Dice
    private var time: Int64
    private let owner: String
    private let source: (name: String, channel: String)
    private let campaignID: String?

    init(number: Int, dice: Dice, extra: Dice) {
        var dice = dice
        id = "l\(number + 1)"
        stream = "lead-l\(number + 1)"
        self.number = number
        self.extra = extra
        owner = dice.pick(DemoNames.owners)
        source = dice.pick(DemoNames.sources)
        // Two draws, so that the company's first year is its busiest.
        let captured = dice.moment(after: DemoTime.start, days: 1...dice.number(30...620))
        time = captured
        let running = DemoNames.campaigns.filter { campaign in
            let age = Int((captured - DemoTime.start) / DemoTime.day) - campaign.day
            return (0...60).contains(age)
        }
        let answersCampaign = dice.chance(70)
        campaignID = running.isEmpty || !answersCampaign ? nil : dice.pick(running).id
        self.dice = dice
    }

    /// A lead that is won in the end.
    mutating func convert(to customer: Int, in journal: inout Journal) -> Conversion {
        capture(customer, isPerson: DemoNames.isPerson(customer), in: &journal)
        assign(in: &journal)
        if extra.chance(30) { describe(in: &journal) }
        score(in: &journal)
        for stage in ["mql", "sal", "sql"] { qualify(stage, in: &journal) }
        time = dice.moment(after: time, days: 2...12)
        let account = "a\(customer + 1)"
        let deal = "\(account).d1"
        journal.record(
            "lead.converted", in: stream, at: time,
            [
                "account_id": .text(account), "contact_id": .text("\(account).c1"), "opportunity_id": .text(deal),
                "created": ["account", "contact", "opportunity"],
            ])
        return Conversion(
            time: time, leadID: id, accountID: account, opportunityID: deal, source: source.name,
            campaignID: campaignID, owner: owner)
    }

    /// A lead that is disqualified, or that nobody has finished yet.
    mutating func endWithoutCustomer(in journal: inout Journal) {
        capture(number + 7919, isPerson: false, in: &journal)
        guard dice.chance(92) else { return }
        assign(in: &journal)
        score(in: &journal)
        for stage in ["mql", "sal", "sql"] {
            if dice.chance(40) {
                time = dice.moment(after: time, days: 1...20)
                let reason = dice.pick(["no_budget", "unreachable", "no_need", "competitor", "duplicate", "spam"])
                return disqualify(because: reason, in: &journal)
            }
            if dice.chance(25) { return release(in: &journal) }
            qualify(stage, in: &journal)
        }
    }

    private mutating func capture(_ customer: Int, isPerson: Bool, in journal: inout Journal) {
        let company = DemoNames.company(customer)
        let person = DemoPeople.Person(customer * 3 + 1, isChinese: company.isChinese)
        var data: JSON.Members = [
            "lead_id": .text(id), "source": .text(source.name), "channel": .text(source.channel),
            "person": [
                "given_name": .text(person.given), "family_name": .text(person.family), "email": .text(person.email),
                "phone": .text(person.phone),
            ],
        ]
        if !isPerson { data["company_name"] = .text(company.name) }
        if source.channel == "web" {
            data["message"] = .text(extra.text(DemoTexts.inquiries, isChinese: company.isChinese))
        }
        if let campaignID { data["campaign_id"] = .text(campaignID) }
        journal.record("lead.captured", in: stream, at: time, data)
    }

    private mutating func assign(in journal: inout Journal) {
        time = dice.moment(after: time, days: 1...3)
        journal.record("lead.assigned", in: stream, at: time, ["owner_id": .text(owner)])
        let contact = time + Int64(dice.number(5...600)) * DemoTime.minute
        let answered = dice.chance(70)
        journal.record(
            "interaction.recorded", in: "interaction-\(id).call", at: contact,
            [
                "interaction_id": .text("\(id).call"), "channel": "call", "direction": "out",
                "party_ids": .array([.text(stream)]), "lead_id": .text(id), "started_at": .integer(contact),
                "duration": .integer(answered ? Int64(dice.number(60...1500)) : 0),
                "outcome": .text(answered ? "connected" : "no_answer"),
            ])
    }

    private mutating func qualify(_ stage: String, in journal: inout Journal) {
        time = dice.moment(after: time, days: 1...9)
        journal.record(
            "lead.qualified", in: stream, at: time,
            ["stage": .text(stage), "criteria_version": 1, "by": .text(stage == "mql" ? "u9" : owner)])
    }

    private mutating func score(in journal: inout Journal) {
        guard extra.chance(60) else { return }
        let score = Int64(extra.number(5...95))
        journal.record(
            "lead.scored", in: stream, at: time + DemoTime.minute,
            [
                "score": .integer(score), "model_id": "fit", "model_version": 1,
                "factors": [["name": "channel", "points": .integer(score / 2)]],
            ])
    }

    private mutating func describe(in journal: inout Journal) {
        journal.record(
            "lead.updated", in: stream, at: time + 2 * DemoTime.minute,
            ["reason": "enrich", "changes": [["field": "title", "new": .text(extra.pick(DemoPeople.titles))]]])
    }

    /// Given up; some are worth another try half a year later, with another owner.
    private mutating func disqualify(because reason: String, in journal: inout Journal) {
        journal.record("lead.disqualified", in: stream, at: time, ["reason": .text(reason)])
        guard ["no_budget", "no_need"].contains(reason), extra.chance(40) else { return }
        let again = extra.moment(after: time, days: 150...220)
        journal.record("lead.recycled", in: stream, at: again, ["reason": "budget_year"])
        journal.record(
            "lead.assigned", in: stream, at: again + 5 * DemoTime.minute,
            ["owner_id": .text(DemoNames.successor), "previous_owner_id": .text(owner)])
    }

    /// A lead that nobody has time for goes to the public pool, where somebody else may take it.
    private mutating func release(in journal: inout Journal) {
        guard extra.chance(50) else { return }
        let pool = "pool-lead-\(id)"
        let isChinese = DemoNames.company(number + 7919).isChinese
        let released = extra.moment(after: time, days: 10...30)
        journal.record(
            "pool.released", in: pool, at: released,
            [
                "pool_id": "public-pool", "entity_type": "lead", "entity_id": .text(id), "from_owner_id": .text(owner),
                "reason_code": "no_progress", "note": .text(extra.text(DemoTexts.releaseNotes, isChinese: isChinese)),
            ])
        guard extra.chance(60) else { return }
        let claimed = extra.moment(after: released, days: 1...20)
        let successor = extra.pick(DemoNames.owners.filter { $0 != owner })
        journal.record(
            "pool.claimed", in: pool, at: claimed,
            [
                "pool_id": "public-pool", "entity_type": "lead", "entity_id": .text(id), "owner_id": .text(successor),
                "mode": "claimed", "holdings_after": .integer(Int64(extra.number(5...60))), "claims_today": 1,
            ])
        journal.record(
            "lead.assigned", in: stream, at: claimed,
            ["owner_id": .text(successor), "previous_owner_id": .text(owner)])
    }
}
