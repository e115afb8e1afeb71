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
    private let companyNumber: Int
    private var dice: Dice
    private var time: Int64
    private let owner: String
    private let source: (name: String, channel: String)
    private let campaignID: String?

    init(number: Int, dice: Dice) {
        var dice = dice
        id = "l\(number + 1)"
        stream = "lead-l\(number + 1)"
        companyNumber = number
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
        capture(named: DemoNames.company(customer).name, in: &journal)
        assign(in: &journal)
        for stage in ["mql", "sal", "sql"] { qualify(stage, in: &journal) }
        time = dice.moment(after: time, days: 2...12)
        let account = "a\(customer + 1)"
        let deal = "\(account).d1"
        journal.record(
            "lead.converted", in: stream, at: time,
            [
                "account_id": .text(account), "contact_id": .text("\(account).c1"), "opportunity_id": .text(deal),
                "created": ["account", "opportunity"],
            ])
        return Conversion(
            time: time, leadID: id, accountID: account, opportunityID: deal, source: source.name,
            campaignID: campaignID, owner: owner)
    }

    /// A lead that is disqualified, or that nobody has finished yet.
    mutating func endWithoutCustomer(in journal: inout Journal) {
        capture(named: DemoNames.company(companyNumber + 7919).name, in: &journal)
        guard dice.chance(92) else { return }
        assign(in: &journal)
        for stage in ["mql", "sal", "sql"] {
            if dice.chance(40) {
                time = dice.moment(after: time, days: 1...20)
                let reason = dice.pick(["no_budget", "unreachable", "no_need", "competitor", "duplicate", "spam"])
                return journal.record("lead.disqualified", in: stream, at: time, ["reason": .text(reason)])
            }
            if dice.chance(25) { return }
            qualify(stage, in: &journal)
        }
    }

    private mutating func capture(named name: String, in journal: inout Journal) {
        var data: [String: JSON] = [
            "lead_id": .text(id), "source": .text(source.name), "channel": .text(source.channel),
            "company_name": .text(name),
        ]
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
}
