import EventModel
import ProjectionRuntime
import Synchronization

/// What only all customers together can tell, as of a moment: the models, the scores, the order by risk.
final class Population: Sendable {
    /// One customer's place among the others.
    struct Member: Sendable {
        /// `nil` for who never bought.
        var scores: RFM?
        /// In basis points.
        var risk: Int
        /// The band of the risk, from 0.
        var level: Int
    }

    /// Everybody's purchase histories, grouped.
    let patterns: PurchasePatterns
    let models: Models
    let rule: ChurnRule
    /// Every customer by account id.
    let members: [String: Member]
    /// Accounts with any risk, the greatest first, ties by account id.
    let atRisk: [String]

    /// What is remembered of a customer until the models are known.
    private struct Profile {
        var account: String
        var pattern: PurchasePatterns.Pattern?
        var last = 0
        var frequency = 0
        var revenue: [Money] = []
        var currency: CurrencyCode?
        var repeatAmount: Int64?
        /// Whether the model has a say.
        var isModelled = false
        /// The effects of all signals but that of the model, in their order.
        var effects: [Int64] = []
    }

    /// Reads all customers of a snapshot and fits the models: milliseconds for thousands, seconds for tens of
    /// thousands.
    init(_ snapshot: ViewSnapshot, _ question: ChurnQuestion) throws(ViewError) {
        let moment = question.moment
        let rule = try ChurnRule.inForce(snapshot, moment)
        let customers = try Customers(snapshot, moment)
        var profiles: [Profile] = []
        try customers.forEach { account, facts throws(ViewError) in
            let history = CustomerHistory(facts, asOf: moment.today)
            profiles.append(Self.profile(account, history, rule, question))
            return true
        }
        let known = profiles.compactMap(\.pattern)
        patterns = PurchasePatterns(known)
        var models = question.isFitted ? Models() : try Models(recordedIn: snapshot, moment)
        models.complete(
            PurchasePatterns(known.filter { $0.ageDays >= CustomerHistory.ageDaysMin }), Self.spenders(profiles))
        let scores = Self.scores(of: profiles)
        var members: [String: Member] = [:]
        members.reserveCapacity(profiles.count)
        for (index, profile) in profiles.enumerated() {
            let risk = ChurnRisk.basisPoints(of: Self.effects(profile, rule, models.buying?.model))
            let level = try Self.level(risk, profile.account, customers, moment, rule, models)
            members[profile.account] = Member(scores: scores[index], risk: risk, level: level)
        }
        self.rule = rule
        self.models = models
        self.members = members
        atRisk = members.filter { $0.value.risk > 0 }
            .sorted { ($1.value.risk, $0.key) < ($0.value.risk, $1.key) }.map(\.key)
    }

    private static func profile(
        _ account: String, _ history: CustomerHistory, _ rule: ChurnRule, _ question: ChurnQuestion
    ) -> Profile {
        var profile = Profile(account: account)
        let purchases = history.purchases
        let first = question.windowDays.map { question.moment.today - $0 + 1 } ?? .min
        profile.pattern = purchases.pattern(asOf: history.today)
        profile.last = purchases.bounds?.last ?? 0
        profile.frequency = purchases.days.count { $0.day >= first }
        profile.revenue = purchases.revenue(from: first)
        profile.currency = purchases.currency
        profile.repeatAmount = purchases.repeatAmount
        profile.isModelled = history.isModelled
        profile.effects = history.measures(rule, nil).compactMap { measure in
            rule.terms[measure.kind].map { measure.signal($0).effectNano }
        }
        return profile
    }

    /// The effects of all signals in the order in which they are always combined: the model's is the first.
    private static func effects(_ profile: Profile, _ rule: ChurnRule, _ model: BGNBD?) -> [Int64] {
        guard profile.isModelled, let pattern = profile.pattern, let model, let terms = rule.terms[.alive],
            let alive = model.probabilityAlive(pattern.buying).fixed(.micro)
        else { return profile.effects }
        let measure = Measure(alive: alive, threshold: terms.threshold, [])
        return [measure.signal(terms).effectNano] + profile.effects
    }

    /// The band, for which earlier days are looked at where the risk lies between a bound and its hysteresis.
    private static func level(
        _ risk: Int, _ account: String, _ customers: Customers, _ moment: Moment, _ rule: ChurnRule, _ models: Models
    ) throws(ViewError) -> Int {
        guard rule.bands.dependOnYesterday(risk) else { return rule.bands.level(today: risk) { _ in nil } }
        return try customers.facts(of: account).level(today: risk, moment, rule, models.buying?.model)
    }

    private static func spenders(_ profiles: [Profile]) -> [CurrencyCode: SpendingPatterns] {
        var pairs: [CurrencyCode: [(repeats: Int, mean: Double)]] = [:]
        for profile in profiles {
            guard let currency = profile.currency, let amount = profile.repeatAmount,
                let repeats = profile.pattern?.repeats, repeats > 0
            else { continue }
            pairs[currency, default: []].append((repeats, Double(amount) / Double(repeats)))
        }
        return pairs.mapValues { SpendingPatterns($0) }
    }

    /// Recency and frequency rank all who bought. Revenue ranks those who bought in the same currency, and a customer
    /// has the score of its own currency, so no amount is ever compared with one of another currency. Who bought
    /// nothing in the window ranks with 0.
    private static func scores(of profiles: [Profile]) -> [RFM?] {
        let buyers = profiles.indices.filter { profiles[$0].pattern != nil }
        let recency = RFM.quintiles(of: buyers.map { profiles[$0].last })
        let frequency = RFM.quintiles(of: buyers.map { profiles[$0].frequency })
        var monetary = [Int](repeating: 0, count: profiles.count)
        for currency in Set(profiles.lazy.compactMap(\.currency)) {
            let spenders = buyers.compactMap { index -> (index: Int, amount: Int64)? in
                let amount = profiles[index].revenue.first { $0.currency == currency }?.amount
                guard amount != nil || profiles[index].currency == currency else { return nil }
                return (index, amount ?? 0)
            }
            for (spender, score) in zip(spenders, RFM.quintiles(of: spenders.map(\.amount)))
            where profiles[spender.index].currency == currency {
                monetary[spender.index] = score
            }
        }
        var scores = [RFM?](repeating: nil, count: profiles.count)
        for (place, index) in buyers.enumerated() {
            scores[index] = RFM(
                recency: recency[place], frequency: frequency[place], monetary: monetary[index])
        }
        return scores
    }
}

extension CustomerFacts {
    /// The band of today's risk, with the rule and the model of today on the days before.
    func level(today risk: Int, _ moment: Moment, _ rule: ChurnRule, _ model: BGNBD?) -> Int {
        let days = [facts.first.map { zone.dayNumber(of: $0.time) }, departures.first?.day]
        guard let first = days.compactMap(\.self).min() else { return rule.bands.level(today: risk) { _ in nil } }
        return rule.bands.level(today: risk) { daysAgo in
            let day = moment.today - daysAgo
            guard day >= first else { return nil }
            return CustomerHistory(onDay(day, moment), asOf: day).risk(rule, model).basisPoints
        }
    }
}

extension Population {
    /// What a population depends on, and nothing else.
    private struct Key: Hashable, Sendable {
        var content: ContentRow
        var moment: Moment
        var isFitted: Bool
        var windowDays: Int?
    }

    /// Populations kept, so that one question about each of many customers costs one fit.
    private static let keptCountMax = 4

    /// The newest populations, the last used at the end.
    private static let kept = Mutex<[(key: Key, population: Population)]>([])

    /// The population of a snapshot, from memory where its content was asked for before.
    ///
    /// The lock is not held during the fit; two who ask at the same time may both fit, and get the same.
    static func of(_ snapshot: ViewSnapshot, _ question: ChurnQuestion) throws(ViewError) -> Population {
        let content = try snapshot.row(ChurnSignals.content, OnlyRow()) ?? ContentRow()
        let key = Key(
            content: content, moment: question.moment, isFitted: question.isFitted, windowDays: question.windowDays)
        let found = kept.withLock { kept -> Population? in
            guard let index = kept.firstIndex(where: { $0.key == key }) else { return nil }
            let entry = kept.remove(at: index)
            kept.append(entry)
            return entry.population
        }
        if let found { return found }
        let population = try Population(snapshot, question)
        kept.withLock { kept in
            kept.removeAll { $0.key == key }
            kept.append((key, population))
            if kept.count > keptCountMax { kept.removeFirst() }
        }
        return population
    }
}
