import CanonicalJSON

/// The blocks of a customer's page: those that fit on a line each, and those that are tables.
enum CustomerBlocks {
    /// Label and value, a dash where there is nothing to say.
    static func lines(_ row: JSON) -> [(String, String)] {
        standing(row) + money(row["commerce"]) + agreements(row) + care(row)
    }

    private static func standing(_ row: JSON) -> [(String, String)] {
        var tags: [String] = []
        if case .object(let members)? = row["tags"] { tags = members.keys.sorted() }
        let merged = row["identity"]?["merged"]?.elements?.compactMap { $0["party"]?.text } ?? []
        let stage = row["lifecycle"]?["stage"]?.text.map { stage in
            "\(stage) since \(Quantities.day(row["lifecycle"]?["since_ms"]))"
        }
        return [
            ("stage", stage ?? "–"), ("tags", list(tags)), ("part of", row["parent_account"]?["id"]?.text ?? "–"),
            ("merged", list(merged)), ("weighted", Quantities.money(row["pipeline"]?["weighted_amount"])),
        ]
    }

    private static func money(_ commerce: JSON?) -> [(String, String)] {
        let (receivables, instalment) = (commerce?["receivables"], commerce?["next_instalment"])
        let net = Quantities.money(commerce?["net_revenue"])
        var owed = Quantities.money(receivables?["open"])
        if let count = receivables?["overdue_invoices"]?.integer, count > 0 {
            owed +=
                ", overdue \(Quantities.money(receivables?["overdue"])) "
                + "for up to \(Quantities.count(receivables?["days_overdue_max"])) days"
        }
        var next = "–"
        if let amount = instalment?["amount"]?.integer, let currency = instalment?["currency"]?.text {
            next = "\(Quantities.money(amount, currency)) on \(instalment?["due_date"]?.text ?? "–")"
        }
        return [
            ("first order", commerce?["first_order_date"]?.text ?? "–"),
            ("less returns", net == Quantities.money(commerce?["revenue"]) ? "–" : net),
            ("on average", Quantities.money(commerce?["average_order_value"])),
            ("margin", Quantities.money(commerce?["margin"])), ("owes", owed),
            ("unapplied", Quantities.money(commerce?["unapplied"])),
            ("prepaid", Quantities.money(commerce?["unapplied_prepayment"])), ("instalment", next),
        ]
    }

    private static func agreements(_ row: JSON) -> [(String, String)] {
        func count(_ block: String, _ more: [String]) -> String {
            guard let active = row[block]?["active"]?.integer, active > 0 else { return "–" }
            return list(["\(Quantities.grouped(active)) active"] + more)
        }
        func date(_ name: String, _ label: String) -> [String] {
            row["contracts"]?[name]?["date"]?.text.map { ["\(label) \($0)"] } ?? []
        }
        let mrr = Quantities.money(row["subscriptions"]?["mrr"])
        let members = row["loyalty"]?["memberships"]?.elements ?? []
        return [
            ("contracts", count("contracts", date("next_end", "next end") + date("notice_deadline", "notice by"))),
            ("subscribed", count("subscriptions", mrr == "–" ? [] : [mrr + " a month"])),
            ("points", members.isEmpty ? "–" : Quantities.count(row["loyalty"]?["points"])),
        ]
    }

    private static func care(_ row: JSON) -> [(String, String)] {
        let service = row["service"]
        let tickets = [
            ("open_tickets", "open tickets"), ("complaints_90d", "complaints in 90 days"),
            ("sla_breaches_90d", "broken promises in 90 days"),
        ].compactMap { member, label in
            service?[member]?.integer.flatMap { $0 > 0 ? "\(Quantities.grouped($0)) \(label)" : nil }
        }
        let engagement = row["marketing"]?["engagement_30d"]?.integer.flatMap { $0 > 0 ? $0 : nil }
        return [
            ("service", list(tickets)),
            ("engaged", engagement.map { "\(Quantities.grouped($0)) times in 30 days" } ?? "–"),
            ("data quality", Quantities.percent(row["quality"]?["score_bp"])), ("leaving", churn(row["churn"])),
        ]
    }

    private static func churn(_ churn: JSON?) -> String {
        guard let churn, let risk = churn["risk_bp"]?.integer else { return "–" }
        let alive = churn["p_alive_micro"]?.integer.map { ", P(alive) \(Quantities.tenths($0, per: 10_000)) %" } ?? ""
        let band = churn["band"]?.text.map { " (\($0))" } ?? ""
        return "risk \(Quantities.percent(.integer(risk)))\(band)\(alive)"
    }

    private static func list(_ items: [String]) -> String { items.isEmpty ? "–" : items.joined(separator: ", ") }

    /// Consents, the reasons to fear for the customer, and the stages of its life.
    static func tables(_ row: JSON) -> [String] {
        consent(row["consent"]) + reasons(row["churn"]) + stages(row["lifecycle"])
    }

    /// Purposes down, channels across.
    private static func consent(_ consent: JSON?) -> [String] {
        guard case .object(let purposes)? = consent, !purposes.isEmpty else { return [] }
        var channels: Set<String> = []
        for case .object(let members) in purposes.values { channels.formUnion(members.keys) }
        let columns = channels.sorted()
        var table = TextTable(first: "consent", texts: columns)
        for (purpose, states) in purposes.sorted(by: { $0.key < $1.key }) {
            table.add([purpose] + columns.map { states[$0]?["state"]?.text ?? "–" })
        }
        return table.lines + [""]
    }

    private static func reasons(_ churn: JSON?) -> [String] {
        guard let reasons = churn?["reasons"]?.elements, !reasons.isEmpty else { return [] }
        var table = TextTable([
            "reason to leave": .left, "share": .right, "": .left, "severity": .right, "age": .right, "events": .left,
        ])
        for reason in reasons {
            let evidence = (reason["evidence"]?.elements ?? []).compactMap(\.integer)
            table.add([
                reason["signal"]?.text ?? "", Quantities.percent(reason["share_bp"]),
                Quantities.bar(reason["share_bp"]?.integer ?? 0, of: 10_000, cells: 12),
                Quantities.percent(reason["severity_bp"]),
                reason["age_days"]?.integer.map { "\(Quantities.grouped($0)) d" } ?? "–",
                evidence.prefix(4).map(String.init).joined(separator: ", ") + (evidence.count > 4 ? ", …" : ""),
            ])
        }
        return table.lines + [""]
    }

    /// Stages are worth a table when there was more than one.
    private static func stages(_ lifecycle: JSON?) -> [String] {
        let intervals = lifecycle?["intervals"]?.elements ?? []
        guard intervals.count > 1 else { return [] }
        var table = TextTable(["stage of life": .left, "from": .left, "until": .left])
        for interval in intervals {
            table.add([
                interval["stage"]?.text ?? "", Quantities.day(interval["from_ms"]),
                Quantities.day(interval["until_ms"]),
            ])
        }
        return table.lines + [""]
    }
}
