import CanonicalJSON

extension CustomerHistory {
    /// Questions and troubles, a few a year; a fading customer has more of them.
    mutating func askForHelp(from won: Int64, in journal: inout Journal) {
        var time = extra.moment(after: won, days: 20...160)
        var count = 0
        while time < DemoTime.end, count < 6 {
            count += 1
            var ticket = TicketHistory(self, id: "\(id).t\(count)", opened: time, dice: extra)
            ticket.play(in: &journal)
            extra = ticket.dice
            if fadeTime.map({ time > $0 }) ?? false { break }
            time = extra.moment(after: time, days: isInterested(at: time) ? 90...320 : 15...45)
        }
        guard extra.chance(15) else { return }
        let feedback = "\(id).f1"
        journal.record(
            "feedback.received", in: "feedback-\(feedback)", at: extra.moment(after: won, days: 40...200),
            [
                "feedback_id": .text(feedback), "party_id": .text("contact-\(contact)"), "source": "app_store",
                "topic": "product", "sentiment": .text(fadeTime == nil ? "pos" : "neg"),
                "text": .text(
                    extra.text(fadeTime == nil ? DemoTexts.goodComments : DemoTexts.badComments, isChinese: isChinese)),
            ])
    }
}

/// One ticket: opened, assigned, answered, now and then passed on or opened again, solved, closed, and a survey.
struct TicketHistory {
    private let id: String
    private let stream: String
    private let customer: CustomerHistory
    private(set) var dice: Dice
    private var time: Int64

    init(_ customer: CustomerHistory, id: String, opened: Int64, dice: Dice) {
        self.customer = customer
        self.id = id
        self.dice = dice
        stream = "ticket-\(id)"
        time = opened
    }

    /// Records the ticket as far as the demo goes.
    mutating func play(in journal: inout Journal) {
        let opened = time
        let isUrgent = open(in: &journal)
        step("ticket.assigned", minutes: 2...40, ["assignee_id": "u11", "team_id": "support"], in: &journal)
        step("ticket.status_changed", minutes: 1...5, ["from": "new", "to": "open"], in: &journal)
        if dice.chance(30) {
            let kind = dice.pick(["incident", "question", "problem"])
            step("ticket.classified", minutes: 1...9, ["kind": .text(kind), "severity": "minor"], in: &journal)
        }
        answer(promisedAt: opened + (isUrgent ? 60 : 480) * DemoTime.minute, opened, in: &journal)
        if dice.chance(35) {
            step("ticket.status_changed", minutes: 1...4, ["from": "open", "to": "pending"], in: &journal)
            step("ticket.status_changed", minutes: 90...3000, ["from": "pending", "to": "open"], in: &journal)
        }
        if dice.chance(12) {
            step(
                "ticket.escalated", minutes: 30...200,
                ["level": 2, "to_team_id": "engineering", "reason": "needs_engineer"], in: &journal)
        }
        solve(in: &journal)
        if dice.chance(10) {
            step("ticket.reopened", minutes: 1000...6000, ["reason": "fault_came_back", "reopen_no": 1], in: &journal)
            solve(in: &journal)
        }
        let solved = time
        ask(after: solved, in: &journal)
        time = solved + 7 * DemoTime.day
        journal.record("ticket.status_changed", in: stream, at: time, ["from": "solved", "to": "closed"])
    }

    private mutating func step(
        _ type: String, minutes: ClosedRange<Int>, _ data: JSON.Members, in journal: inout Journal
    ) {
        time += Int64(dice.number(minutes)) * DemoTime.minute
        journal.record(type, in: stream, at: time, data)
    }

    private mutating func open(in journal: inout Journal) -> Bool {
        let isUrgent = dice.chance(20)
        let kind = dice.pick(["question", "incident", "complaint"])
        journal.record(
            "ticket.opened", in: stream, at: time,
            [
                "ticket_id": .text(id), "number": .text(id.uppercased()), "account_id": .text(customer.id),
                "contact_id": .text(customer.contact), "kind": .text(kind),
                "channel": .text(dice.pick(["email", "wechat", "phone", "web"])),
                "priority": .text(isUrgent ? "urgent" : "normal"),
                "subject": .text(dice.text(DemoTexts.ticketSubjects, isChinese: customer.isChinese)),
                "product_id": .text(dice.pick(DemoNames.products).id),
            ])
        journal.record(
            "sla.applied", in: "sla-\(id)", at: time,
            [
                "ticket_id": .text(id), "policy_id": "first-answer", "policy_version": 1, "metric": "first_reply",
                "target": .integer(isUrgent ? 3600 : 28_800), "calendar_id": "office-hours", "calendar_version": 1,
                "due_at": .integer(time + (isUrgent ? 60 : 480) * DemoTime.minute),
            ])
        return isUrgent
    }

    private mutating func answer(promisedAt due: Int64, _ opened: Int64, in journal: inout Journal) {
        let mail = "\(id).r1"
        let article = dice.pick(DemoNames.articles).id
        step(
            "ticket.responded", minutes: 5...500,
            [
                "interaction_id": .text(mail), "author_kind": "agent", "public": true,
                "article_ids": .array([.text(article)]),
            ], in: &journal)
        journal.record(
            "interaction.recorded", in: "interaction-\(mail)", at: time,
            [
                "interaction_id": .text(mail), "channel": "email", "direction": "out", "ticket_id": .text(id),
                "party_ids": .array([.text("contact-\(customer.contact)"), .text(customer.party)]),
                "started_at": .integer(time),
                "subject": .text(customer.isChinese ? "回复：您的服务请求" : "Re: your request"),
            ])
        journal.record(
            "sla.concluded", in: "sla-\(id)", at: time,
            [
                "ticket_id": .text(id), "metric": "first_reply", "at": .integer(time),
                "outcome": .text(time <= due ? "fulfilled" : "breached"),
                "elapsed": .integer((time - opened) / 1000),
            ])
    }

    private mutating func solve(in journal: inout Journal) {
        let code = dice.pick(["configured", "replaced", "explained", "refunded"])
        step(
            "ticket.resolved", minutes: 60...4000,
            ["resolution_code": .text(code), "root_cause": "none found", "resolver_id": "u11"], in: &journal)
    }

    /// Asks whether the customer is satisfied; half of them answer, and some say why.
    private mutating func ask(after solved: Int64, in journal: inout Journal) {
        let (survey, party) = ("csat-\(id)", "contact-\(customer.contact)")
        let stream = "survey-\(survey)-\(party)"
        let sent = solved + 30 * DemoTime.minute
        journal.record(
            "survey.sent", in: stream, at: sent,
            [
                "survey_id": .text(survey), "version": 1, "kind": "csat", "party_id": .text(party), "channel": "email",
            ])
        guard dice.chance(50) else { return }
        let isContent = customer.isInterested(at: sent) && dice.chance(85)
        var data: JSON.Members = [
            "survey_id": .text(survey), "party_id": .text(party), "kind": "csat", "scale_max": 5,
            "score": .integer(Int64(isContent ? dice.number(4...5) : dice.number(1...3))),
        ]
        if dice.chance(60) {
            let texts = isContent ? DemoTexts.goodComments : DemoTexts.badComments
            data["comment"] = .text(dice.text(texts, isChinese: customer.isChinese))
        }
        journal.record("survey.responded", in: stream, at: dice.moment(after: sent, days: 1...5), data)
    }
}
