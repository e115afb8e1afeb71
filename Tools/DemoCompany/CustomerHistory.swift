import CanonicalJSON
import EventModel

/// One customer from the conversion of its lead to the end of the demo.
struct CustomerHistory {
    let id: String
    let party: String
    let number: Int
    let conversion: Conversion
    let currency: String
    /// The day on which the customer begins to fade; `nil` for one that stays.
    let fadeTime: Int64?
    var dice: Dice
    /// Dice for what was added to the demo later: the older part stays as it was.
    var extra: Dice
    var owner: String
    /// The orders that were placed and not cancelled, in order of time.
    var orders: [(id: String, time: Int64, total: Int)] = []
    /// Every twentieth customer is a person, not a company.
    var isPerson: Bool { DemoNames.isPerson(number) }
    var isChinese: Bool { DemoNames.company(number).isChinese }

    init(number: Int, conversion: Conversion, dice: Dice, extra: Dice) {
        self.number = number
        self.conversion = conversion
        self.dice = dice
        self.extra = extra
        id = conversion.accountID
        party = "account-\(conversion.accountID)"
        owner = conversion.owner
        currency = DemoNames.company(number).isChinese ? "CNY" : "USD"
        let fades = self.dice.chance(35)
        fadeTime = fades ? self.dice.moment(after: conversion.time, days: 100...360) : nil
    }

    /// Records the whole history.
    mutating func live(in journal: inout Journal) {
        create(in: &journal)
        meetPeople(in: &journal)
        var deal = DealHistory(self, id: conversion.opportunityID, kind: "new", opened: conversion.time, dice: dice)
        let firstClose = play(&deal, winPercent: 78, in: &journal)
        guard let won = firstClose else { return tryAgain(in: &journal) }
        order(from: won, in: &journal)
        expand(from: won, in: &journal)
        talk(from: conversion.time, in: &journal)
        browse(from: conversion.time, in: &journal)
        answerSurveys(from: won, in: &journal)
        readMail(from: conversion.time, in: &journal)
        orders.sort { $0.time < $1.time }
        train(from: won, in: &journal)
        askForHelp(from: won, in: &journal)
        subscribe(from: won, in: &journal)
        collectPoints(in: &journal)
        beWatched(in: &journal)
    }

    /// Plays a deal with its papers and takes the dice back.
    private mutating func play(_ deal: inout DealHistory, winPercent: Int, in journal: inout Journal) -> Int64? {
        let won = deal.play(in: &journal, winPercent: winPercent)
        deal.writePapers(in: &journal)
        dice = deal.dice
        extra = deal.extra
        return won
    }

    /// The project after the first deal: delivery, training, going live.
    private mutating func train(from won: Int64, in journal: inout Journal) {
        var time = won
        for (step, kind) in [("delivery", "delivery"), ("training", "training"), ("golive", "golive")] {
            time = extra.moment(after: time, days: 5...20)
            journal.record(
                "workflow.advanced", in: "workflow-\(id).w1", at: time,
                [
                    "workflow_id": .text("\(id).w1"), "definition_version": 1, "step": .text(step), "status": "done",
                    "department": "service",
                ])
            journal.record(
                "milestone.reached", in: "milestone-\(id).w1", at: time + DemoTime.minute,
                [
                    "kind": .text(kind), "subject_id": .text("\(id).w1"),
                    "reached_on": .text(Timestamp(milliseconds: time).day.description),
                ])
        }
    }

    /// Whether the customer still shows interest at an instant.
    func isInterested(at time: Int64) -> Bool { fadeTime.map { time < $0 } ?? true }

    private mutating func create(in journal: inout Journal) {
        let person = DemoPeople.Person(number * 3 + 1, isChinese: isChinese)
        let name = isChinese ? person.family + person.given : "\(person.given) \(person.family)"
        var data: JSON.Members = [
            "account_id": .text(id), "natural_person": .boolean(isPerson),
            "name": .text(isPerson ? name : DemoNames.company(number).name),
            "industry": .text(dice.pick(DemoNames.industries)),
            "employee_count": .integer(Int64(dice.pick([12, 35, 80, 150, 400, 1200]))),
            "currency": .text(currency), "owner_id": .text(owner), "source": .text(conversion.source),
        ]
        if isPerson {
            data["employee_count"] = nil
            data["billing_address"] = ["city": .text(isChinese ? "上海" : "London"), "street": "1 Example Road"]
        }
        journal.record("account.created", in: party, at: conversion.time, data)
        let tier = dice.pick(["a", "b", "b", "c", "c", "c"])
        journal.record(
            "account.classified", in: party, at: dice.moment(after: conversion.time, days: 80...120),
            ["scheme": "tier", "value": .text(tier)])
        let handover = DemoTime.start + 400 * DemoTime.day + Int64(number) * DemoTime.minute
        guard owner == "u3", handover > conversion.time else { return }
        journal.record(
            "account.owner_assigned", in: party, at: handover,
            ["owner_id": .text(DemoNames.successor), "previous_owner_id": "u3", "mode": "transfer"])
    }

    /// A lost first deal gets one more chance; no orders come of it in these two years.
    private mutating func tryAgain(in journal: inout Journal) {
        talk(from: conversion.time, in: &journal)
        let opened = dice.moment(after: conversion.time, days: 120...300)
        var deal = DealHistory(self, id: "\(id).d2", kind: "new", opened: opened, dice: dice)
        _ = play(&deal, winPercent: 0, in: &journal)
    }

    /// Further deals with a customer who is content.
    private mutating func expand(from won: Int64, in journal: inout Journal) {
        var opened = dice.moment(after: won, days: 90...240)
        var count = 1
        while opened < DemoTime.end, isInterested(at: opened) {
            count += 1
            let kind = dice.chance(70) ? "expansion" : "renewal"
            var deal = DealHistory(self, id: "\(id).d\(count)", kind: kind, opened: opened, dice: dice)
            if let time = play(&deal, winPercent: 60, in: &journal) {
                placeOrder("\(id).x\(count)", at: time, of: deal.id, in: &journal)
            }
            opened = dice.moment(after: opened, days: 150...330)
        }
    }
}
