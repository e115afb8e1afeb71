public import CanonicalJSON
import EventModel
public import ProjectionRuntime

extension ChurnSignals: ReadModel {
    public static let keepsHistory = true

    /// The churn rule in force on the as-of day; none where the starting values hold.
    public static func rules(
        of row: JSON?, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> [RuleVersion] {
        let isBacktest = try parameters.text("kind") == "backtest"
        let asked =
            isBacktest ? try Backtest.question(parameters, in: snapshot) : try ChurnQuestion(parameters, in: snapshot)
        guard let question = asked,
            let source = try ChurnRule.inForce(snapshot, question.moment).source
        else { return [] }
        return [RuleVersion(kind: "churn", id: source.id, version: source.version)]
    }

    /// One customer by account id, with model, scores, risk and reasons. A merged account answers as its survivor.
    ///
    /// Parameters: `as_of_day`, `known_at`, `time_zone`, `horizon_weeks` (1 to 520, default 39), `model` (recorded or
    /// fitted), `clv_months` (default 12), `discount_bp` (a month, default 0), `margin_bp` (default 10000),
    /// `window_days` and `fields`: with `own` only the customer's own facts and recorded parameters are read, which is
    /// a matter of microseconds; `all` adds what the other customers tell, and fits what was not recorded. `nil` if
    /// nothing was known of the account by then.
    public static func get(
        _ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow(
            "as_of_day", "known_at", "time_zone", "horizon_weeks", "model", "clv_months", "discount_bp", "margin_bp",
            "window_days", "fields")
        let isOwn = try parameters.choice("fields", of: ["all", "own"], default: "all") == "own"
        guard let question = try ChurnQuestion(parameters, in: snapshot),
            let (account, facts) = try CustomerFacts.find(key, in: snapshot, question.moment)
        else { return nil }
        let view: CustomerView
        if isOwn {
            let moment = question.moment
            view = CustomerView(
                account, facts, question, try ChurnRule.inForce(snapshot, moment),
                try Models(recordedIn: snapshot, moment))
        } else {
            view = CustomerView(account, facts, question, try Population.of(snapshot, question))
        }
        return .object(view.answer)
    }

    /// The customers in ascending order of account id.
    ///
    /// Parameters: those of ``get(_:_:in:)``, `from`, `limit` (1 to 10,000, default 100) and `fields`. With `bgnbd` for
    /// `fields` only those who bought are there, with what their own purchases tell, and no model is fitted; with
    /// `all` everybody has everything.
    public static func scan(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> ViewPage {
        try parameters.allow(
            "as_of_day", "known_at", "time_zone", "horizon_weeks", "model", "clv_months", "discount_bp", "margin_bp",
            "window_days", "from", "limit", "fields")
        let limit = try parameters.limit(default: 100, max: 10_000)
        let isBrief = try parameters.choice("fields", of: ["all", "bgnbd"], default: "all") == "bgnbd"
        let from = try parameters.text("from")
        guard let question = try ChurnQuestion(parameters, in: snapshot) else { return ViewPage(rows: [], next: nil) }
        let population = isBrief ? nil : try Population.of(snapshot, question)
        var page = ViewPage(rows: [], next: nil)
        try Customers(snapshot, question.moment).forEach(from: from) { account, facts throws(ViewError) in
            let row: JSON.Members
            if let population {
                row = CustomerView(account, facts, question, population).answer
            } else {
                let purchases = Purchases(facts.facts, in: facts.zone)
                guard !purchases.days.isEmpty else { return true }
                row = purchases.answer(account, asOf: question.moment.today)
            }
            guard page.rows.count < limit else {
                page.next = account
                return false
            }
            page.rows.append(.object(row))
            return true
        }
        return page
    }

    /// Figures over all customers.
    ///
    /// `kind` says which: `risk` (default) has the models, the distribution of scores and bands, and the customers at
    /// the greatest risk; its parameters are those of ``get(_:_:in:)`` and `limit` (1 to 10,000, default 20) for the
    /// list.
    /// `backtest` and `satisfaction` are told beside ``Backtest`` and ``Satisfaction``.
    public static func report(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON {
        switch try parameters.choice("kind", of: ["risk", "backtest", "satisfaction"], default: "risk") {
        case "backtest": try Backtest.report(parameters, in: snapshot)
        case "satisfaction": try Satisfaction.report(parameters, in: snapshot)
        default: try riskReport(parameters, in: snapshot)
        }
    }

    private static func riskReport(
        _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON {
        try parameters.allow(
            "kind", "as_of_day", "known_at", "time_zone", "horizon_weeks", "model", "clv_months", "discount_bp",
            "margin_bp", "window_days", "limit")
        let limit = try parameters.limit(default: 20, max: 10_000)
        guard let question = try ChurnQuestion(parameters, in: snapshot) else {
            return ["as_of_day": nil, "customers": 0, "with_repeat": 0, "repeat_transactions": 0, "churn": []]
        }
        let population = try Population.of(snapshot, question)
        var churn: [JSON] = []
        for account in population.atRisk.prefix(limit) {
            guard let (_, facts) = try CustomerFacts.find(account, in: snapshot, question.moment) else { continue }
            churn.append(CustomerView(account, facts, question, population).riskAnswer)
        }
        var answer = population.answer(question)
        answer["churn"] = .array(churn)
        return .object(answer)
    }
}
