import CanonicalJSON
import EventModel
import SeededRandom
import Testing

@Suite struct `Any history of orders` {
    /// One order and what becomes of it.
    private struct Order {
        var account: String
        var day: CivilDay
        var amount: Int64
        var isCancelled: Bool
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `folds to what its surviving orders say, in whatever order they were recorded`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let first = try #require(CivilDay("2026-01-01")).daysSinceEpoch
        var orders: [Order] = []
        for _ in 0..<120 {
            orders.append(
                Order(
                    account: "a\(random.next() % 9)",
                    day: CivilDay(daysSinceEpoch: first + Int(random.next() % 40)),
                    amount: Int64(random.next() % 2_000) - 200, isCancelled: random.next() % 3 == 0))
        }
        var log = OrderLog()
        for index in orders.indices.shuffled(using: &random) {
            log.place("\(index)", by: orders[index].account, on: orders[index].day.description, orders[index].amount)
        }
        for index in orders.indices.shuffled(using: &random) where orders[index].isCancelled {
            log.cancel("\(index)", on: "2026-02-15")
        }
        let today = try #require(CivilDay("2026-02-15"))
        let view = try await FoldedOrders(log)
        let expected = Self.expected(orders.filter { !$0.isCancelled }, today)
        #expect(try view.brief(["as_of_day": "2026-02-15"]) == expected, "seed \(seed)")
    }

    /// The lines by plain grouping, without rows that change in place.
    private static func expected(_ orders: [Order], _ today: CivilDay) -> String {
        let accounts = Dictionary(grouping: orders, by: \.account).sorted { $0.key < $1.key }
        return accounts.map { account, orders in
            let days = Dictionary(grouping: orders, by: \.day).mapValues { $0.reduce(0) { $0 + $1.amount } }
            let sorted = days.keys.sorted().map(\.daysSinceEpoch)
            let (first, last) = (sorted.first ?? 0, sorted.last ?? 0)
            let repeats = sorted.count - 1
            let money = days.reduce(0) { $0 + ($1.key.daysSinceEpoch == first ? 0 : $1.value) }
            let mean = repeats == 0 ? "null" : "\(Int((Double(money) / Double(repeats) + 0.5).rounded(.down)))"
            let age = today.daysSinceEpoch - first
            return "\(account) \(sorted.count) \(repeats) \(last - first) \(age) \(money) \(mean)"
        }.joined(separator: "\n")
    }
}
