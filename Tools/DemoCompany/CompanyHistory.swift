import CanonicalJSON
import EventModel

/// What the company does for itself: people, products, rules, campaigns, partners, goals, the old address book.
struct CompanyHistory {
    var dice: Dice

    init(dice: Dice) { self.dice = dice }

    /// Records all of it.
    mutating func live(in journal: inout Journal) {
        publishRules(in: &journal)
        hire(in: &journal)
        defineProducts(in: &journal)
        importAddresses(in: &journal)
        for campaign in DemoNames.campaigns { run(campaign, in: &journal) }
        writeArticles(in: &journal)
        workWithPartners(in: &journal)
        setGoals(in: &journal)
    }

    private func publishRules(in journal: inout Journal) {
        let stages = DemoNames.stages.enumerated().map { index, stage -> JSON in
            .object([
                "stage_id": .text(stage.id), "ordinal": .integer(Int64(index + 1)), "name": .text(stage.name),
                "probability": .integer(stage.probability), "target_duration": .integer(stage.days * 86_400),
            ])
        }
        publish("standard", "pipeline", ["stages": .array(stages)], in: &journal)
        let week = (1...5).map { day -> JSON in ["day": .integer(Int64(day)), "from": "09:00", "to": "18:00"] }
        publish("office-hours", "calendar", ["time_zone": "Asia/Shanghai", "week": .array(week)], in: &journal)
        publish(
            "first-answer", "sla",
            [
                "metric": "first_reply", "calendar_id": "office-hours",
                "targets": [["priority": "urgent", "target": 3600], ["priority": "normal", "target": 28_800]],
            ], in: &journal)
        publish("loyal", "loyalty", ["points_per_100": 1, "silver": 5_000, "gold": 20_000], in: &journal)
        publish("public-pool", "pool", ["wait_days": 7, "holdings_max": 100], in: &journal)
        publish("regulars", "segment", ["orders_min": 3], in: &journal)
    }

    private func publish(_ rule: String, _ kind: String, _ body: JSON, in journal: inout Journal) {
        journal.record(
            "rule.published", in: "rule-\(rule)", at: DemoTime.start,
            [
                "rule_id": .text(rule), "kind": .text(kind), "version": 1, "effective_from": .integer(DemoTime.start),
                "body": body,
            ])
    }

    private func hire(in journal: inout Journal) {
        for (number, user) in DemoNames.staff.enumerated() {
            let person = DemoPeople.Person(number * 7 + 1, isChinese: number % 3 != 2)
            let start = DemoTime.start + Int64(number) * DemoTime.minute
            var data: JSON.Members = [
                "user_id": .text(user.id), "status": "active", "team_id": .text(user.team),
                "name": .text(number % 3 != 2 ? person.family + person.given : "\(person.given) \(person.family)"),
            ]
            if user.id != "u8" { data["manager_id"] = "u8" }
            journal.record("user.status_changed", in: "user-\(user.id)", at: start, data)
            journal.record(
                "role.changed", in: "user-\(user.id)", at: start + DemoTime.minute,
                ["user_id": .text(user.id), "granted": .array([.text(user.role)])])
        }
        let leave = DemoTime.start + 400 * DemoTime.day
        journal.record(
            "role.changed", in: "user-u3", at: leave, ["user_id": "u3", "revoked": ["sales_rep"]])
        journal.record(
            "user.status_changed", in: "user-u3", at: leave + DemoTime.minute, ["user_id": "u3", "status": "disabled"])
    }

    private mutating func defineProducts(in journal: inout Journal) {
        for product in DemoNames.products + [(DemoNames.solution, 1_000_000)] {
            journal.record(
                "product.defined", in: "product-\(product.id)", at: DemoTime.start,
                [
                    "product_id": .text(product.id), "sku": .text(product.id.uppercased()),
                    "name": .text(product.id), "unit": "piece", "active": true,
                ])
            for year in 0...1 {
                let time = DemoTime.start + Int64(year) * 366 * DemoTime.day + DemoTime.minute
                journal.record(
                    "price.set", in: "product-\(product.id)", at: time,
                    [
                        "product_id": .text(product.id), "kind": .text(year == 0 ? "list" : "floor"),
                        "amount": .integer(Int64(product.price * (year == 0 ? 100 : 80) / 100)), "currency": "CNY",
                        "effective_from": .text(Timestamp(milliseconds: time).day.description),
                    ])
            }
        }
    }

    /// The address book of the system before this one; some of its lines were good for nothing.
    private mutating func importAddresses(in journal: inout Journal) {
        let start = DemoTime.start + DemoTime.day
        journal.record(
            "import.started", in: "import-addresses", at: start,
            [
                "import_id": "addresses", "source": "spreadsheet", "mode": "full",
                "file_sha256": .text(dice.digest()), "row_count": 120, "mapping_version": 1,
            ])
        for line in [17, 58, 103] {
            journal.record(
                "import.row_rejected", in: "import-addresses", at: start + Int64(line) * 1000,
                [
                    "import_id": "addresses", "line": .integer(Int64(line)), "code": "missing_field",
                    "detail": "company_name",
                ])
        }
        journal.record(
            "import.completed", in: "import-addresses", at: start + 5 * DemoTime.minute,
            [
                "accepted": 117, "rejected": 3, "control_totals": ["rows": 120],
                "sample_sha256": .text(dice.digest()),
            ])
    }
}
