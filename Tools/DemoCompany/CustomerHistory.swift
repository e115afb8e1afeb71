import CanonicalJSON

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
    var owner: String

    init(number: Int, conversion: Conversion, dice: Dice) {
        self.number = number
        self.conversion = conversion
        self.dice = dice
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
        var deal = DealHistory(self, id: conversion.opportunityID, kind: "new", opened: conversion.time, dice: dice)
        let firstClose = deal.play(in: &journal, winPercent: 78)
        dice = deal.dice
        guard let won = firstClose else { return tryAgain(in: &journal) }
        order(from: won, in: &journal)
        expand(from: won, in: &journal)
        talk(from: conversion.time, in: &journal)
        browse(from: conversion.time, in: &journal)
        answerSurveys(from: won, in: &journal)
        readMail(from: conversion.time, in: &journal)
    }

    /// Whether the customer still shows interest at an instant.
    func isInterested(at time: Int64) -> Bool { fadeTime.map { time < $0 } ?? true }

    private mutating func create(in journal: inout Journal) {
        journal.record(
            "account.created", in: party, at: conversion.time,
            [
                "account_id": .text(id), "natural_person": false, "name": .text(DemoNames.company(number).name),
                "industry": .text(dice.pick(DemoNames.industries)),
                "employee_count": .integer(Int64(dice.pick([12, 35, 80, 150, 400, 1200]))),
                "currency": .text(currency), "owner_id": .text(owner), "source": .text(conversion.source),
            ])
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
        _ = deal.play(in: &journal, winPercent: 0)
    }

    /// Further deals with a customer who is content.
    private mutating func expand(from won: Int64, in journal: inout Journal) {
        var opened = dice.moment(after: won, days: 90...240)
        var count = 1
        while opened < DemoTime.end, isInterested(at: opened) {
            count += 1
            let kind = dice.chance(70) ? "expansion" : "renewal"
            var deal = DealHistory(self, id: "\(id).d\(count)", kind: kind, opened: opened, dice: dice)
            if let time = deal.play(in: &journal, winPercent: 60) {
                dice = deal.dice
                placeOrder("\(id).x\(count)", at: time, of: deal.id, in: &journal)
            } else {
                dice = deal.dice
            }
            opened = dice.moment(after: opened, days: 150...330)
        }
    }
}
