import CanonicalJSON
import EventModel

extension Population {
    /// The figures over all customers; the list of those at risk is the caller's to add.
    func answer(_ question: ChurnQuestion) -> [String: JSON] {
        let forecast = self.forecast(inNext: question.horizonWeeks)
        return [
            "as_of_day": .text(question.today.description),
            "customers": .from(patterns.customerCount),
            "with_repeat": .from(patterns.repeatCustomerCount),
            "repeat_transactions": .from(patterns.weighted.reduce(0) { $0 + $1.pattern.repeats * $1.customers }),
            "at_risk": .from(atRisk.count),
            "horizon_weeks": .integer(question.horizonWeeks),
            "expected_micro": .from(forecast?.purchases.fixed(.micro)),
            "mean_p_alive_micro": .from(forecast?.meanAlive.fixed(.micro)),
            "forecast_customers": .from(forecast?.customers),
            "model": fit.map(\.answer) ?? JSON.null,
            "rfm": scoresAnswer,
        ]
    }

    /// Purchases to expect of all customers known for a week or more, and their mean probability of being active.
    ///
    /// `nil` without a model or without such customers.
    private func forecast(inNext weeks: Int64) -> (purchases: Double, meanAlive: Double, customers: Int)? {
        guard let model = fit?.model else { return nil }
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

    /// How many customers have each score from 1 to 5, and each segment.
    private var scoresAnswer: JSON {
        var recency = [0, 0, 0, 0, 0]
        var frequency = recency
        var monetary = recency
        var segments = Dictionary(uniqueKeysWithValues: RFM.Segment.allCases.map { ($0.rawValue, 0) })
        for member in members.values {
            recency[member.scores.recency - 1] += 1
            frequency[member.scores.frequency - 1] += 1
            monetary[member.scores.monetary - 1] += 1
            segments[member.scores.segment.rawValue, default: 0] += 1
        }
        return [
            "recency": .array(recency.map(JSON.from)), "frequency": .array(frequency.map(JSON.from)),
            "monetary": .array(monetary.map(JSON.from)), "segments": .object(segments.mapValues(JSON.from)),
        ]
    }
}

extension BGNBDFit {
    /// The parameters in billionths. They agree between machines to about seven digits, not to the last.
    fileprivate var answer: JSON {
        [
            "r_nano": .from(model.r.fixed(.nano)), "alpha_nano": .from(model.alpha.fixed(.nano)),
            "a_nano": .from(model.a.fixed(.nano)), "b_nano": .from(model.b.fixed(.nano)),
            "log_likelihood_micro": .from(logLikelihood.fixed(.micro)), "evaluations": .from(evaluationCount),
            "weak": .boolean(isWeak),
        ]
    }
}
