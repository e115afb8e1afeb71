import CanonicalJSON
import EventModel

extension CompanyHistory {
    /// A campaign from its plan to its end, with what it cost and what was published for it.
    mutating func run(_ campaign: DemoNames.Campaign, in journal: inout Journal) {
        let stream = "campaign-\(campaign.id)"
        let begin = DemoTime.start + Int64(campaign.day - 1) * DemoTime.day + 9 * 60 * DemoTime.minute
        func day(_ time: Int64) -> JSON { .text(Timestamp(milliseconds: time).day.description) }
        journal.record(
            "campaign.created", in: stream, at: begin - 19 * DemoTime.day,
            [
                "campaign_id": .text(campaign.id), "name": .text(campaign.name), "type": .text(campaign.type),
                "budget": .integer(campaign.type == "event" ? 30_000_000 : 2_000_000), "currency": "CNY",
                "start_date": day(begin), "end_date": day(begin + 45 * DemoTime.day),
            ])
        journal.record("campaign.status_changed", in: stream, at: begin, ["from": "planned", "to": "active"])
        journal.record(
            "content.published", in: "content-\(campaign.id)", at: begin + DemoTime.minute,
            [
                "content_id": .text(campaign.id), "platform": .text(campaign.type == "event" ? "wechat" : "website"),
                "campaign_id": .text(campaign.id), "published_at": .integer(begin + DemoTime.minute),
            ])
        for part in 1...2 {
            let time = begin + Int64(part * 14) * DemoTime.day
            journal.record(
                "campaign.cost_recorded", in: stream, at: time,
                [
                    "campaign_id": .text(campaign.id), "scope": "campaign", "currency": "CNY",
                    "cost_type": .text(part == 1 ? "media" : "agency"), "incurred_on": day(time),
                    "amount": .integer(Int64(dice.number(20...80)) * (campaign.type == "event" ? 150_000 : 10_000)),
                ])
        }
        journal.record(
            "campaign.status_changed", in: stream, at: begin + 45 * DemoTime.day,
            ["from": "active", "to": "completed"])
    }

    /// The knowledge base that tickets are answered from.
    func writeArticles(in journal: inout Journal) {
        for (number, article) in DemoNames.articles.enumerated() {
            for revision in 1...2 {
                journal.record(
                    "kb.article_published", in: "kb-\(article.id)",
                    at: DemoTime.start + Int64(20 + number * 9 + (revision - 1) * 200) * DemoTime.day,
                    [
                        "article_id": .text(article.id), "revision": .integer(Int64(revision)),
                        "title": .text(article.title), "body_ref": .text("kb/\(article.id)/\(revision)"),
                        "language": .text(article.language), "visibility": "public",
                    ])
            }
        }
    }

    /// Three partners, judged once a year.
    mutating func workWithPartners(in journal: inout Journal) {
        for (number, partner) in DemoNames.partners.enumerated() {
            let stream = "partner-\(partner.id)"
            let start = DemoTime.start + Int64(10 + number * 30) * DemoTime.day
            journal.record(
                "partner.onboarded", in: stream, at: start,
                [
                    "partner_id": .text(partner.id), "kind": .text(partner.kind), "level": "standard",
                    "territory": .text(partner.territory),
                ])
            for year in 1...2 {
                let scores = [dice.number(60...98), dice.number(50...95)]
                journal.record(
                    "partner.evaluated", in: stream, at: start + Int64(year * 330) * DemoTime.day,
                    [
                        "partner_id": .text(partner.id), "period": .text("year \(year)"), "evaluator_id": "u8",
                        "scores": [
                            ["criterion": "quality", "score": .integer(Int64(scores[0])), "weight": 6000],
                            ["criterion": "delivery", "score": .integer(Int64(scores[1])), "weight": 4000],
                        ],
                        "total": .integer(Int64((scores[0] * 6 + scores[1] * 4) / 10)),
                    ])
            }
        }
    }

    /// A quota for every owner and half year.
    mutating func setGoals(in journal: inout Journal) {
        for half in 0..<4 {
            let first = DemoTime.start + Int64(half * 183) * DemoTime.day
            for owner in DemoNames.owners {
                let goal = "\(owner).h\(half + 1)"
                journal.record(
                    "goal.set", in: "goal-\(goal)", at: first + 60 * DemoTime.minute,
                    [
                        "goal_id": .text(goal), "kind": "quota", "metric": "won_amount", "unit": "CNY",
                        "target_milli": .integer(Int64(dice.number(20...60)) * 1_000_000_000),
                        "period_start": .text(Timestamp(milliseconds: first).day.description),
                        "period_end": .text(Timestamp(milliseconds: first + 182 * DemoTime.day).day.description),
                        "owner_type": "user", "owner_id": .text(owner), "revision": 1,
                    ])
            }
        }
    }
}
