import CanonicalJSON
import EventModel

extension CustomerHistory {
    /// What the customer's own purchases tell, without any other customer.
    func briefAnswer(_ account: String) -> [String: JSON] {
        let pattern = self.pattern
        return [
            "account_id": .text(account), "order_days": .from(days.count), "x": .from(pattern.repeats),
            "t_x_days": .from(pattern.lastDays), "t_days": .from(pattern.ageDays),
            "repeat_amount": .from(repeatAmount), "repeat_mean": .from(repeatMean),
        ]
    }

    /// Everything about the customer.
    func answer(_ account: String, _ question: ChurnQuestion, _ population: Population) -> [String: JSON] {
        let model = population.fit?.model
        let risk = self.risk(model)
        var answer = briefAnswer(account)
        answer["as_of_day"] = .text(question.today.description)
        answer["first_day"] = .text(CivilDay(daysSinceEpoch: bounds.first).description)
        answer["last_day"] = .text(CivilDay(daysSinceEpoch: bounds.last).description)
        answer["orders"] = .integer(orderCount)
        answer["currency"] = .text(currency)
        answer["revenue"] = .object(
            Dictionary(revenue.map { ($0.currency, .integer($0.amount)) }, uniquingKeysWith: { first, _ in first }))
        answer["rfm"] = population.members[account].map { $0.scores.answer } ?? JSON.null
        answer["cadence"] = cadence.map(\.answer) ?? JSON.null
        answer["horizon_weeks"] = .integer(question.horizonWeeks)
        answer["p_alive_micro"] = .from(aliveMicro(model))
        answer["expected_micro"] = .from(expectedMicro(model, inNext: question.horizonWeeks))
        answer["model_weak"] = .from(population.fit?.isWeak)
        answer["risk_bp"] = .from(risk.basisPoints)
        answer["reasons"] = .array(risk.reasons.map(\.answer))
        return answer
    }

    /// The customer's line in the list of those at risk.
    func riskAnswer(_ account: String, _ model: BGNBD?) -> JSON {
        let risk = self.risk(model)
        return [
            "account_id": .text(account), "risk_bp": .from(risk.basisPoints),
            "last_day": .text(CivilDay(daysSinceEpoch: bounds.last).description),
            "p_alive_micro": .from(aliveMicro(model)), "currency": .text(currency), "revenue": .integer(ownRevenue),
            "reasons": .array(risk.reasons.map(\.answer)),
        ]
    }
}

extension RFM {
    fileprivate var answer: JSON {
        [
            "recency": .from(recency), "frequency": .from(frequency), "monetary": .from(monetary),
            "segment": .text(segment.rawValue),
        ]
    }
}

extension Cadence {
    fileprivate var answer: JSON {
        [
            "median_gap_days": .from(medianGapDays), "mad_days": .from(deviationDays), "idle_days": .from(idleDays),
            "z_milli": .from(zMilli), "fires": .boolean(fires),
        ]
    }
}

extension ChurnRisk.Reason {
    fileprivate var answer: JSON {
        [
            "signal": .text(name), "severity_bp": .from(severity), "contribution_micro": .integer(contributionMicro),
            "share_bp": .from(share),
        ]
    }
}
