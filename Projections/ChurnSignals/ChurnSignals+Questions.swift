public import CanonicalJSON
import EventModel
public import ProjectionRuntime

extension ChurnSignals: ReadModel {
    /// One customer by account id, with model, scores, risk and reasons.
    ///
    /// Parameters: `as_of_day`, `horizon_weeks` (1 to 520, default 39). `nil` if the account had not ordered by then.
    public static func get(
        _ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow("as_of_day", "horizon_weeks")
        guard let question = try ChurnQuestion(parameters, in: snapshot),
            let row = try snapshot.row(customers, key),
            let history = CustomerHistory(row, asOf: question.today)
        else { return nil }
        let population = try Population.of(snapshot, asOf: question.today)
        return .object(history.answer(key, question, population))
    }

    /// The customers in ascending order of account id.
    ///
    /// Parameters: those of ``get(_:_:in:)``, `from`, `limit` (1 to 10,000, default 100) and `fields`. With `bgnbd` for
    /// `fields` a row has only what the row itself tells and no model is fitted; with `all` it has everything.
    public static func scan(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> ViewPage {
        try parameters.allow("as_of_day", "horizon_weeks", "from", "limit", "fields")
        let limit = try parameters.limit(default: 100, max: 10_000)
        let isBrief = try parameters.choice("fields", of: ["all", "bgnbd"], default: "all") == "bgnbd"
        let from = try parameters.text("from")
        guard let question = try ChurnQuestion(parameters, in: snapshot) else { return ViewPage(rows: [], next: nil) }
        let population = isBrief ? nil : try Population.of(snapshot, asOf: question.today)
        var page = ViewPage(rows: [], next: nil)
        try snapshot.forEach(customers, from: from) { account, row throws(ViewError) in
            guard let history = CustomerHistory(row, asOf: question.today) else { return true }
            guard page.rows.count < limit else {
                page.next = account
                return false
            }
            let answer = population.map { history.answer(account, question, $0) } ?? history.briefAnswer(account)
            page.rows.append(.object(answer))
            return true
        }
        return page
    }

    /// The model, the distribution of the scores, and the customers at the greatest risk.
    ///
    /// Parameters: those of ``get(_:_:in:)`` and `limit` (1 to 10,000, default 20) for the list.
    public static func report(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON {
        try parameters.allow("as_of_day", "horizon_weeks", "limit")
        let limit = try parameters.limit(default: 20, max: 10_000)
        guard let question = try ChurnQuestion(parameters, in: snapshot) else {
            return ["as_of_day": nil, "customers": 0, "with_repeat": 0, "repeat_transactions": 0, "churn": []]
        }
        let population = try Population.of(snapshot, asOf: question.today)
        var churn: [JSON] = []
        for account in population.atRisk.prefix(limit) {
            guard let row = try snapshot.row(customers, account),
                let history = CustomerHistory(row, asOf: question.today)
            else { continue }
            churn.append(history.riskAnswer(account, population.fit?.model))
        }
        var answer = population.answer(question)
        answer["churn"] = .array(churn)
        return .object(answer)
    }
}
