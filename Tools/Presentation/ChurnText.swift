import CanonicalJSON

/// The reports of `churn-signals`: the model in two lines, then who is about to leave, and why; how well the scores of
/// a day warned; and what customers answered.
enum ChurnText {
    static func lines(for report: JSON) -> [String] {
        if report["at_k"]?.elements != nil { return backtest(report) }
        if report["nps"] != nil { return satisfaction(report) }
        guard let customers = report["churn"]?.elements else { return Outline.lines(for: report) }
        var table = TextTable([
            "account": .left, "risk": .right, "": .left, "P(alive)": .right, "last order": .right, "revenue": .right,
            "because of": .left,
        ])
        for customer in customers {
            let risk = customer["risk_bp"]?.integer ?? 0
            table.add([
                customer["account_id"]?.text ?? "", Quantities.percent(customer["risk_bp"]),
                Quantities.bar(risk, of: 10_000, cells: 12), share(customer["p_alive_micro"]),
                customer["last_day"]?.text ?? "–", revenue(of: customer), reasons(of: customer),
            ])
        }
        return summary(report) + [""] + (customers.isEmpty ? ["nobody shows a sign of leaving"] : table.lines)
    }

    private static func summary(_ report: JSON) -> [String] {
        var lines = [
            "as of \(report["as_of_day"]?.text ?? "–"): \(Quantities.count(report["customers"])) customers, "
                + "\(Quantities.count(report["with_repeat"])) of them bought again, "
                + "\(Quantities.count(report["at_risk"])) at risk"
        ]
        if let expected = report["expected_micro"]?.integer {
            lines.append(
                "the next \(Quantities.count(report["horizon_weeks"])) weeks: "
                    + "\(Quantities.tenths(expected, per: 1_000_000)) purchase days expected, "
                    + "mean P(alive) \(share(report["mean_p_alive_micro"]))")
        }
        if report["model"]?["weak"]?.boolean == true {
            lines.append("few customers bought again, so take the model as a hint")
        }
        return lines
    }

    private static func backtest(_ report: JSON) -> [String] {
        let left = "\(Quantities.count(report["left"])) of \(Quantities.count(report["cases"]))"
        let summary =
            "scores of \(report["as_of_day"]?.text ?? "–"), watched for \(Quantities.count(report["observed_days"])) "
            + "days: \(left) left (\(Quantities.percent(report["base_rate_bp"])))"
        var table = TextTable([
            "the riskiest": .left, "customers": .right, "left": .right, "precision": .right, "recall": .right,
            "median lead": .right,
        ])
        let flagged = report["flagged"].map { [("flagged", $0)] } ?? []
        let ranked = (report["at_k"]?.elements ?? []).map { (Quantities.count($0["k"]), $0) }
        for (name, part) in ranked + flagged {
            table.add([
                name, Quantities.count(part["customers"]), Quantities.count(part["hits"]),
                Quantities.percent(part["precision_bp"]), Quantities.percent(part["recall_bp"]),
                part["lead_days_p50"]?.integer.map { "\(Quantities.grouped($0)) d" } ?? "–",
            ])
        }
        let others =
            "not counted: \(Quantities.count(report["gone_before"])) had left before, "
            + "\(Quantities.count(report["undecided"])) may yet order, "
            + "\(Quantities.count(report["without_label"])) have neither an order nor a contract"
        return [summary, others, ""] + table.lines
    }

    private static func satisfaction(_ report: JSON) -> [String] {
        let (nps, csat, ces) = (report["nps"], report["csat"], report["ces"])
        func score(_ json: JSON?, per whole: Int64) -> String {
            json?.integer.map { ($0 < 0 ? "−" : "") + Quantities.tenths(abs($0), per: whole) } ?? "–"
        }
        var table = TextTable(["": .left, "score": .right, "answers": .right, "": .left])
        table.add([
            "NPS", score(nps?["score_micro"], per: 1_000_000), Quantities.count(nps?["answers"]),
            "± \(score(nps?["standard_error_micro"], per: 1_000_000)), "
                + "\(Quantities.count(nps?["promoters"])) promoters, \(Quantities.count(nps?["passives"])) passives, "
                + "\(Quantities.count(nps?["detractors"])) detractors",
        ])
        table.add([
            "CSAT", Quantities.percent(csat?["share_bp"]), Quantities.count(csat?["answers"]),
            "\(Quantities.count(csat?["top_two"])) in the top two",
        ])
        table.add(["CES", score(ces?["mean_milli"], per: 1_000), Quantities.count(ces?["answers"]), ""])
        let asked = "\(Quantities.count(report["responded"])) of \(Quantities.count(report["asked"])) who were asked"
        return table.lines + ["", "\(asked) answered (\(Quantities.percent(report["response_rate_bp"])))"]
    }

    private static func share(_ micro: JSON?) -> String {
        micro?.integer.map { Quantities.tenths($0, per: 10_000) + " %" } ?? "–"
    }

    private static func revenue(of customer: JSON) -> String {
        guard let amount = customer["revenue"]?.integer, let currency = customer["currency"]?.text else { return "–" }
        return Quantities.money(amount, currency)
    }

    private static func reasons(of customer: JSON) -> String {
        (customer["reasons"]?.elements ?? []).map { reason in
            "\(reason["signal"]?.text ?? "") \(Quantities.percent(reason["share_bp"]))"
        }.joined(separator: ", ")
    }
}
