import EventModel
import ProjectionRuntime
import Synchronization

/// What only all customers together can tell, as of a day: the fitted model, the scores, the order by risk.
final class Population: Sendable {
    /// One customer's place among the others.
    struct Member: Sendable {
        var scores: RFM
        var risk: Int
    }

    /// Everybody's purchase histories, grouped.
    let patterns: PurchasePatterns
    /// The model; `nil` if nobody bought again.
    let fit: BGNBDFit?
    /// Every customer by account id.
    let members: [String: Member]
    /// Accounts with any risk, the greatest first, ties by account id.
    let atRisk: [String]

    /// Reads all customers of a snapshot and fits the model: milliseconds for thousands, seconds for tens of thousands.
    private init(_ snapshot: ViewSnapshot, asOf today: CivilDay) throws(ViewError) {
        var accounts: [String] = []
        var histories: [CustomerHistory] = []
        try snapshot.forEach(ChurnSignals.customers) { account, row throws(ViewError) in
            if let history = CustomerHistory(row, asOf: today) {
                accounts.append(account)
                histories.append(history)
            }
            return true
        }
        patterns = PurchasePatterns(histories.lazy.map(\.pattern))
        let fit = BGNBDFit(patterns)
        let scores = Self.scores(of: histories)
        var members: [String: Member] = [:]
        members.reserveCapacity(accounts.count)
        for (index, history) in histories.enumerated() {
            members[accounts[index]] = Member(scores: scores[index], risk: history.risk(fit?.model).basisPoints)
        }
        self.fit = fit
        self.members = members
        atRisk = members.filter { $0.value.risk > 0 }
            .sorted { ($1.value.risk, $0.key) < ($0.value.risk, $1.key) }.map(\.key)
    }

    /// Recency and frequency rank all customers. Revenue ranks those who bought in the same currency, and a customer
    /// has the score of its own currency, so no amount is ever compared with one of another currency.
    private static func scores(of histories: [CustomerHistory]) -> [RFM] {
        let recency = RFM.quintiles(of: histories.map(\.bounds.last))
        let frequency = RFM.quintiles(of: histories.map(\.days.count))
        var monetary = [Int](repeating: 0, count: histories.count)
        let currencies = Set(histories.lazy.flatMap(\.revenue).map(\.currency))
        for currency in currencies {
            let buyers = histories.indices.compactMap { index in
                histories[index].revenue.first { $0.currency == currency }.map { (index: index, amount: $0.amount) }
            }
            for (buyer, score) in zip(buyers, RFM.quintiles(of: buyers.map(\.amount)))
            where histories[buyer.index].currency == currency {
                monetary[buyer.index] = score
            }
        }
        return histories.indices.map {
            RFM(recency: recency[$0], frequency: frequency[$0], monetary: monetary[$0])
        }
    }
}

extension Population {
    /// What a population depends on, and nothing else.
    private struct Key: Hashable, Sendable {
        var content: ContentRow
        var today: CivilDay
    }

    /// Populations kept, so that one question about each of many customers costs one fit.
    private static let keptCountMax = 4

    /// The newest populations, the last used at the end.
    private static let kept = Mutex<[(key: Key, population: Population)]>([])

    /// The population of a snapshot, from memory where its content was asked for before.
    ///
    /// The lock is not held during the fit; two who ask at the same time may both fit, and get the same.
    static func of(_ snapshot: ViewSnapshot, asOf today: CivilDay) throws(ViewError) -> Population {
        let content = try snapshot.row(ChurnSignals.content, ContentRow.key) ?? ContentRow()
        let key = Key(content: content, today: today)
        let found = kept.withLock { kept -> Population? in
            guard let index = kept.firstIndex(where: { $0.key == key }) else { return nil }
            let entry = kept.remove(at: index)
            kept.append(entry)
            return entry.population
        }
        if let found { return found }
        let population = try Population(snapshot, asOf: today)
        kept.withLock { kept in
            kept.removeAll { $0.key == key }
            kept.append((key, population))
            if kept.count > keptCountMax { kept.removeFirst() }
        }
        return population
    }
}
