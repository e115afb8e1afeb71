import CanonicalJSON
import CivilTime
import EventModel

extension Population {
    /// The figures over all customers; the list of those at risk is the caller's to add.
    func answer(_ question: ChurnQuestion) -> JSON.Members {
        let forecast = self.forecast(inNext: question.horizonWeeks)
        return [
            "as_of_day": .text(question.today.description),
            "known_at": question.moment.position == .max ? .null : .integer(Int64(question.moment.position)),
            "time_zone": .text(question.moment.zone.name),
            "accounts": .from(members.count),
            "customers": .from(patterns.customerCount),
            "with_repeat": .from(patterns.repeatCustomerCount),
            "repeat_transactions": .from(patterns.weighted.reduce(0) { $0 + $1.pattern.repeats * $1.customers }),
            "at_risk": .from(atRisk.count),
            "bands": bandsAnswer,
            "horizon_weeks": .integer(question.horizonWeeks),
            "expected_micro": .from(forecast?.purchases.fixed(.micro)),
            "mean_p_alive_micro": .from(forecast?.meanAlive.fixed(.micro)),
            "forecast_customers": .from(forecast?.customers),
            "model": models.buying.map(\.answer) ?? JSON.null,
            "spending": .object(
                Dictionary(
                    models.spending.map { ($0.key.text, $0.value.answer) }, uniquingKeysWith: { first, _ in first })),
            "rfm": scoresAnswer,
            "rule": rule.sourceAnswer,
        ]
    }

    /// Purchases to expect of all customers known for a week or more, and their mean probability of being active.
    ///
    /// `nil` without a model or without such customers.
    private func forecast(inNext weeks: Int64) -> (purchases: Double, meanAlive: Double, customers: Int)? {
        guard let model = models.buying?.model else { return nil }
        var purchases = 0.0
        var alive = 0.0
        var customers = 0
        for (pattern, count) in patterns.weighted where pattern.ageDays >= CustomerHistory.ageDaysMin {
            let buying = pattern.buying
            purchases += (model.expectedPurchases(inNext: Double(weeks), after: buying) ?? .nan) * Double(count)
            alive += model.probabilityAlive(buying) * Double(count)
            customers += count
        }
        return customers > 0 ? (purchases, alive / Double(customers), customers) : nil
    }

    /// How many customers are in each band.
    private var bandsAnswer: JSON {
        var counts = Dictionary(
            (0...rule.bands.bounds.count).map { (rule.bands.name(of: $0), 0) }, uniquingKeysWith: { first, _ in first })
        for member in members.values { counts[rule.bands.name(of: member.level), default: 0] += 1 }
        return .object(counts.mapValues(JSON.from))
    }

    /// How many customers have each score from 1 to 5, and each segment.
    private var scoresAnswer: JSON {
        var recency = [0, 0, 0, 0, 0]
        var frequency = recency
        var monetary = recency
        var segments = Dictionary(uniqueKeysWithValues: RFM.Segment.allCases.map { ($0.rawValue, 0) })
        for scores in members.values.compactMap(\.scores) {
            recency[scores.recency - 1] += 1
            frequency[scores.frequency - 1] += 1
            monetary[scores.monetary - 1] += 1
            segments[scores.segment.rawValue, default: 0] += 1
        }
        return [
            "recency": .array(recency.map(JSON.from)), "frequency": .array(frequency.map(JSON.from)),
            "monetary": .array(monetary.map(JSON.from)), "segments": .object(segments.mapValues(JSON.from)),
        ]
    }
}

extension Models.Buying {
    /// The parameters in billionths. Fitted ones agree between machines to about seven digits, not to the last.
    var answer: JSON {
        var answer = origin.answer
        answer["r_nano"] = .from(model.r.fixed(.nano))
        answer["alpha_nano"] = .from(model.alpha.fixed(.nano))
        answer["a_nano"] = .from(model.a.fixed(.nano))
        answer["b_nano"] = .from(model.b.fixed(.nano))
        answer["log_likelihood_micro"] = .from(logLikelihood?.fixed(.micro))
        answer["weak"] = .from(isWeak)
        return .object(answer)
    }
}

extension Models.Spending {
    /// The parameters in billionths; γ, like all amounts, counts minor units.
    var answer: JSON {
        var answer = origin.answer
        answer["p_nano"] = .from(model.p.fixed(.nano))
        answer["q_nano"] = .from(model.q.fixed(.nano))
        answer["gamma_nano"] = .from(model.gamma.fixed(.nano))
        answer["population_mean"] = .from(model.populationMean?.rounded)
        answer["log_likelihood_micro"] = .from(logLikelihood?.fixed(.micro))
        answer["correlation_micro"] = .from(correlation?.fixed(.micro))
        answer["customers"] = .from(customerCount)
        answer["weak"] = .boolean(isWeak)
        return .object(answer)
    }
}

extension Models.Origin {
    /// Where the parameters come from.
    fileprivate var answer: JSON.Members {
        switch self {
        case .recorded(let position, let version, let inputPosition):
            [
                "source": "recorded", "position": .integer(Int64(position)), "model_version": .integer(version),
                "input_position": .integer(inputPosition),
            ]
        case .fitted(let evaluations): ["source": "fitted", "evaluations": .from(evaluations)]
        }
    }
}
