import CanonicalJSON

/// The report of `churn-signals`: the model in two lines, then who is about to leave, and why.
enum ChurnText {
    static func lines(for report: JSON) -> [String] {
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
