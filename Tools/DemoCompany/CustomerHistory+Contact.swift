import CanonicalJSON

extension CustomerHistory {
    /// Calls, meetings and chats, about every six weeks while the customer is interested, and a sour one at the end.
    mutating func talk(from start: Int64, in journal: inout Journal) {
        var time = dice.moment(after: start, days: 3...40)
        var count = 0
        while time < DemoTime.end {
            let isSour = !isInterested(at: time)
            count += 1
            let interaction = "\(id).i\(count)"
            journal.record(
                "interaction.recorded", in: "interaction-\(interaction)", at: time,
                [
                    "interaction_id": .text(interaction),
                    "channel": .text(isSour ? "call" : dice.pick(["call", "meeting", "visit", "wechat", "chat"])),
                    "direction": .text(isSour || dice.chance(35) ? "in" : "out"),
                    "party_ids": .array([.text("contact-\(contact)"), .text(party)]), "started_at": .integer(time),
                    "subject": .text(
                        extra.text(isSour ? DemoTexts.complaints : DemoTexts.calls, isChinese: isChinese)),
                    "duration": .integer(Int64(dice.number(2...90)) * 60),
                    "outcome": .text(isSour ? "negative" : dice.pick(["connected", "held", "positive", "neutral"])),
                ])
            if isSour { return }
            time = dice.moment(after: time, days: 25...65)
        }
    }

    /// Visits to the web shop, more often than orders.
    mutating func browse(from start: Int64, in journal: inout Journal) {
        let stream = "behavior-\(party)"
        if dice.chance(40) {
            let visitor = "v\(number + 1)"
            journal.record(
                "behavior.tracked", in: "behavior-party-\(visitor)", at: start - 5 * DemoTime.day,
                ["anonymous_id": .text(visitor), "name": "price_list_opened"])
        }
        var time = dice.moment(after: start, days: 1...20)
        while time < DemoTime.end, isInterested(at: time) {
            journal.record(
                "behavior.tracked", in: stream, at: time,
                ["party_id": .text(party), "name": .text(dice.pick(DemoNames.pages))])
            time = dice.moment(after: time, days: 12...50)
        }
    }

    /// A satisfaction survey every half year; the answers of a fading customer are poor.
    mutating func answerSurveys(from won: Int64, in journal: inout Journal) {
        for half in 1...4 {
            let sent = DemoTime.start + Int64(half * 180) * DemoTime.day
            let isContent = fadeTime.map { sent < $0 - 60 * DemoTime.day } ?? true
            guard sent > won, dice.chance(isContent ? 65 : 55) else { continue }
            let survey = "nps-\(half)"
            journal.record(
                "survey.sent", in: "survey-\(survey)-\(party)", at: sent,
                [
                    "survey_id": .text(survey), "version": 1, "kind": "nps", "party_id": .text(party),
                    "channel": "email",
                ])
            let time = dice.moment(after: sent, days: 1...20)
            var data: JSON.Members = [
                "survey_id": .text(survey), "party_id": .text(party), "kind": "nps", "scale_max": 10,
                "score": .integer(Int64(isContent ? dice.number(6...10) : dice.number(0...5))),
            ]
            if extra.chance(50) {
                let texts = isContent ? DemoTexts.goodComments : DemoTexts.badComments
                data["comment"] = .text(extra.text(texts, isChinese: isChinese))
            }
            journal.record("survey.responded", in: "survey-\(survey)-\(party)", at: time, data)
        }
    }

    /// Mail of the campaigns: delivered, opened by about half, clicked by some, ignored by those who fade.
    mutating func readMail(from start: Int64, in journal: inout Journal) {
        for campaign in DemoNames.campaigns where campaign.type == "email" {
            let sent = DemoTime.start + Int64(campaign.day) * DemoTime.day + Int64(480 + number % 60) * DemoTime.minute
            guard sent > start else { continue }
            let mail = "\(id).m-\(campaign.id)"
            journal.record(
                "interaction.recorded", in: "interaction-\(mail)", at: sent,
                [
                    "interaction_id": .text(mail), "channel": "email", "direction": "out",
                    "party_ids": .array([.text(party)]), "campaign_id": .text(campaign.id),
                    "started_at": .integer(sent),
                ])
            guard dice.chance(97) else {
                engage("soft_bounced", mail, of: campaign.id, at: sent + DemoTime.minute, in: &journal)
                continue
            }
            engage("delivered", mail, of: campaign.id, at: sent + DemoTime.minute, in: &journal)
            let opened = sent + Int64(dice.number(10...2000)) * DemoTime.minute
            guard dice.chance(isInterested(at: sent) ? 52 : 8) else { continue }
            engage("opened", mail, of: campaign.id, at: opened, in: &journal)
            guard dice.chance(35) else { continue }
            let kind = isInterested(at: sent) ? "clicked" : "unsubscribed"
            engage(kind, mail, of: campaign.id, at: opened + 3 * DemoTime.minute, in: &journal)
        }
    }

    private mutating func engage(
        _ kind: String, _ mail: String, of campaign: String, at time: Int64, in journal: inout Journal
    ) {
        journal.record(
            "email.engaged", in: "interaction-\(mail)", at: time,
            [
                "message_id": .text(mail), "party_id": .text(party), "kind": .text(kind),
                "campaign_id": .text(campaign), "bot_suspected": .boolean(kind == "clicked" && dice.chance(5)),
            ])
    }
}
