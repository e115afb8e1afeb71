import CanonicalJSON
import CivilTime
import EventModel
import ProjectionRuntime

/// What customers answered when asked (READ_MODELS.md section 13): NPS with its standard error, CSAT and CES.
///
/// Of several answers of a party to a survey the latest within the window counts. NPS is counted on a scale to 10, CSAT
/// as the share of the top two on a scale to 5; answers on other scales are counted apart.
///
/// Parameters: `as_of_day` (the last day), `from_day` (the first; default: all), `known_at`, `time_zone` and
/// `survey_id`.
struct Satisfaction {
    /// Who answered what.
    private struct Key: Hashable {
        var kind: Fact.Survey
        var survey: Ref
        var party: Ref
    }

    private struct Given {
        var time: Int64
        var position: UInt64
        var score: Int64
        var scaleMax: Int64
    }

    private var asked: Set<Key> = []
    private var answers: [Key: Given] = [:]

    static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        try parameters.allow("kind", "as_of_day", "from_day", "known_at", "time_zone", "survey_id")
        let survey = try parameters.text("survey_id").map { Ref($0) }
        let first = try parameters.day("from_day")
        guard let question = try ChurnQuestion(parameters, in: snapshot) else { return ["as_of_day": nil] }
        var all = Satisfaction()
        let isMeant = { (fact: Fact) -> Bool in
            question.moment.includes(fact.position, fact.time)
                && question.moment.zone.dayNumber(of: fact.time) >= first?.daysSinceEpoch ?? .min
        }
        try snapshot.forEach(ChurnSignals.customers) { _, row throws(ViewError) in
            for fact in row.facts where isMeant(fact) { all.take(fact, survey) }
            return true
        }
        try snapshot.forEach(ChurnSignals.chunks) { _, chunk throws(ViewError) in
            for fact in chunk.facts where isMeant(fact) { all.take(fact, survey) }
            return true
        }
        var answer = all.answer
        answer["as_of_day"] = .text(question.today.description)
        answer["time_zone"] = .text(question.moment.zone.name)
        answer["from_day"] = .from(first?.description)
        return .object(answer)
    }

    private mutating func take(_ fact: Fact, _ meant: Ref?) {
        switch fact.what {
        case .asked(let kind, let survey, let party):
            guard meant == nil || meant == survey else { return }
            asked.insert(Key(kind: kind, survey: survey, party: party))
        case .answered(let kind, let survey, let party, let score, let scaleMax):
            guard meant == nil || meant == survey else { return }
            let key = Key(kind: kind, survey: survey, party: party)
            if let known = answers[key], (known.time, known.position) > (fact.time, fact.position) { return }
            answers[key] = Given(
                time: fact.time, position: fact.position, score: Int64(score), scaleMax: Int64(scaleMax))
        default: break
        }
    }

    private var answer: JSON.Members {
        var net = NetPromoter()
        for given in scores(.nps, scaleMax: 10) { net.count(given) }
        let csat = scores(.csat, scaleMax: 5)
        let ces = answers.filter { $0.key.kind == .ces }.map(\.value.score)
        let responded = asked.count { answers[$0] != nil }
        return [
            "nps": [
                "promoters": .from(net.promoters), "passives": .from(net.passives), "detractors": .from(net.detractors),
                "answers": .from(net.answers), "score_micro": .from(net.score?.fixed(.micro)),
                "standard_error_micro": .from(net.standardError?.fixed(.micro)),
                "other_scales": .from(others(.nps, scaleMax: 10)),
            ],
            "csat": [
                "answers": .from(csat.count), "top_two": .from(csat.count { $0 >= 4 }),
                "share_bp": .from(share(csat.count { $0 >= 4 }, of: csat.count)), "mean_milli": .from(mean(csat)),
                "other_scales": .from(others(.csat, scaleMax: 5)),
            ],
            "ces": ["answers": .from(ces.count), "mean_milli": .from(mean(ces))],
            "asked": .from(asked.count), "responded": .from(responded),
            "response_rate_bp": .from(share(responded, of: asked.count)),
        ]
    }

    private func scores(_ kind: Fact.Survey, scaleMax: Int64) -> [Int64] {
        answers.filter { $0.key.kind == kind && $0.value.scaleMax == scaleMax }.map(\.value.score)
    }

    private func others(_ kind: Fact.Survey, scaleMax: Int64) -> Int {
        answers.count { $0.key.kind == kind && $0.value.scaleMax != scaleMax }
    }

    private func mean(_ scores: [Int64]) -> Int64? {
        scores.isEmpty ? nil : (scores.reduce(0, +) * 1_000).dividedHalfUp(by: Int64(scores.count))
    }

    private func share(_ part: Int, of whole: Int) -> Int? {
        whole > 0 ? (part * 10_000).dividedHalfUp(by: whole) : nil
    }
}
