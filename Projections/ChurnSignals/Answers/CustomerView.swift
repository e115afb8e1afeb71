import CanonicalJSON
import EventModel

/// One customer as an answer shows it.
struct CustomerView {
    let account: String
    let question: ChurnQuestion
    let history: CustomerHistory
    let rule: ChurnRule
    let models: Models
    let risk: ChurnRisk
    let level: Int
    /// The customer's place among the others; `nil` where they were not looked at.
    let scores: RFM?

    /// A customer among the others.
    init(_ account: String, _ facts: CustomerFacts, _ question: ChurnQuestion, _ population: Population) {
        let member = population.members[account]
        self.init(
            account, facts, question, population.rule, population.models, scores: member?.scores,
            level: member?.level)
    }

    /// A customer alone.
    init(
        _ account: String, _ facts: CustomerFacts, _ question: ChurnQuestion, _ rule: ChurnRule, _ models: Models,
        scores: RFM? = nil, level: Int? = nil
    ) {
        self.account = account
        self.question = question
        self.rule = rule
        self.models = models
        self.scores = scores
        let history = CustomerHistory(facts, asOf: question.moment.today)
        let model = models.buying?.model
        let risk = history.risk(rule, model)
        self.history = history
        self.risk = risk
        self.level = level ?? facts.level(today: risk.basisPoints, question.moment, rule, model)
    }

    /// Everything about the customer.
    var answer: JSON.Members {
        let purchases = history.purchases
        let model = models.buying?.model
        let bounds = purchases.bounds
        var answer = purchases.answer(account, asOf: question.moment.today)
        answer["as_of_day"] = .text(question.today.description)
        answer["first_day"] = .from(bounds.map { CivilDay(daysSinceEpoch: $0.first).description })
        answer["last_day"] = .from(bounds.map { CivilDay(daysSinceEpoch: $0.last).description })
        answer["orders"] = .from(purchases.orderCount)
        answer["currency"] = .from(purchases.currency?.text)
        answer["revenue"] = .object(
            Dictionary(
                purchases.revenue().map { ($0.currency.text, .integer($0.amount)) },
                uniquingKeysWith: { first, _ in first }))
        answer["rfm"] = scores.map(\.answer) ?? JSON.null
        answer["cadence"] = history.cadence.map(\.answer) ?? JSON.null
        answer["horizon_weeks"] = .integer(question.horizonWeeks)
        answer["p_alive_micro"] = .from(history.aliveMicro(model))
        answer["expected_micro"] = .from(
            history.expectedPurchases(model, inNext: Double(question.horizonWeeks))?.fixed(.micro))
        answer["model_weak"] = .from(models.buying?.isWeak)
        answer["model_applies"] = .boolean(history.isModelled)
        answer["expected_value"] = .from(expectedValue?.rounded)
        answer["clv"] = .from(lifetimeValue?.rounded)
        answer["clv_months"] = .from(question.value.months)
        answer["risk_bp"] = .from(risk.basisPoints)
        answer["band"] = .text(rule.bands.name(of: level))
        answer["health_bp"] = .from(history.health(rule, model))
        answer["reasons"] = .array(risk.reasons.map(\.answer))
        answer["measures"] = .array(history.measures(rule, model).map(\.answer))
        answer["rule"] = rule.sourceAnswer
        return answer
    }

    /// The customer's line in the list of those at risk.
    var riskAnswer: JSON {
        let purchases = history.purchases
        let currency = purchases.currency
        return [
            "account_id": .text(account), "risk_bp": .from(risk.basisPoints),
            "band": .text(rule.bands.name(of: level)), "clv": .from(lifetimeValue?.rounded),
            "last_day": .from(purchases.bounds.map { CivilDay(daysSinceEpoch: $0.last).description }),
            "p_alive_micro": .from(history.aliveMicro(models.buying?.model)), "currency": .from(currency?.text),
            "revenue": .from(purchases.revenue().first { $0.currency == currency }?.amount),
            "reasons": .array(risk.reasons.map(\.answer)),
        ]
    }

    /// What a purchase day is expected to bring, in minor units.
    private var expectedValue: Double? {
        guard let currency = history.purchases.currency else { return nil }
        return history.expectedValue(models.spending[currency]?.model)
    }

    /// What the customer is expected to bring in the months asked for, in minor units.
    private var lifetimeValue: Double? {
        guard let expectedValue else { return nil }
        return question.value.worth(of: expectedValue) {
            history.expectedPurchases(models.buying?.model, inNext: $0)
        }
    }
}

extension Purchases {
    /// What the customer's own purchases tell, without any other customer.
    func answer(_ account: String, asOf today: Int) -> JSON.Members {
        let pattern = self.pattern(asOf: today)
        return [
            "account_id": .text(account), "order_days": .from(days.count), "x": .from(pattern?.repeats),
            "t_x_days": .from(pattern?.lastDays), "t_days": .from(pattern?.ageDays),
            "repeat_amount": .from(repeatAmount), "repeat_mean": .from(repeatMean),
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
            "z_milli": .from(zMilli), "fires": .boolean(fires()),
        ]
    }
}

extension Measure {
    fileprivate var answer: JSON {
        ["signal": .text(kind.rawValue), "severity_bp": .from(severity), "age_days": .from(ageDays)]
    }
}

extension ChurnRisk.Reason {
    fileprivate var answer: JSON {
        [
            "signal": .text(signal.name), "severity_bp": .from(signal.severity), "weight_bp": .from(signal.weight),
            "age_days": .from(signal.decay?.ageDays), "effect_nano": .integer(signal.effectNano),
            "contribution_micro": .integer(contributionMicro), "share_bp": .from(share),
            "evidence": .array(signal.evidence.map { .integer(Int64($0)) }),
        ]
    }
}

extension ChurnRule {
    /// Which rule it is; null for the starting values.
    var sourceAnswer: JSON {
        guard let source else { return .null }
        return [
            "rule_id": .text(source.id), "version": .integer(source.version),
            "position": .integer(Int64(source.position)),
        ]
    }
}

extension Double {
    /// Rounded half up to an integer that an answer can hold.
    var rounded: Int64? {
        let rounded = (self + 0.5).rounded(.down)
        return abs(rounded) < 0x1p53 ? Int64(rounded) : nil
    }
}
