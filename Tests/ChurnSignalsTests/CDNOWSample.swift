import ChurnSignals
import EventModel
import Foundation

/// The CDNOW sample of Fader and Hardie, read from `shared/data` beside the repository.
struct CDNOWSample: Sendable {
    /// Purchase days of each customer, ascending and distinct.
    let days: [String: [Int]]
    /// One row of the file: one order.
    let orders: [Order]

    struct Order: Sendable {
        var customer: String
        var day: CivilDay
        var cents: Int64
    }

    /// The last day of the calibration period of the paper.
    static let calibrationEnd = CivilDay("1997-09-30")

    /// The folder, found from this file's place: the tests never depend on the working directory.
    static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "../../../shared/data/cdnow-sample").standardized

    /// Whether the data set is there; tests that need it are skipped otherwise.
    static let isPresent = FileManager.default.fileExists(atPath: folder.appending(path: "transactions.csv").path)

    static let shared = Result { try CDNOWSample() }

    init() throws {
        let text = try String(contentsOf: Self.folder.appending(path: "transactions.csv"), encoding: .utf8)
        var orders: [Order] = []
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            let fields = line.split(separator: ",")
            let money = fields[4].split(separator: ".")
            let fraction = money.count > 1 ? money[1].prefix(2) : ""
            let cents = (Int64(money[0]) ?? 0) * 100 + (Int64(fraction) ?? 0) * (fraction.count == 1 ? 10 : 1)
            guard let day = CivilDay(String(fields[2])) else { continue }
            orders.append(Order(customer: String(fields[1]), day: day, cents: cents))
        }
        self.orders = orders
        days = Dictionary(grouping: orders, by: \.customer).mapValues { orders in
            Set(orders.map(\.day.daysSinceEpoch)).sorted()
        }
    }

    /// Every customer's history up to the end of calibration.
    var calibration: [String: PurchasePatterns.Pattern] {
        let end = Self.calibrationEnd?.daysSinceEpoch ?? 0
        return days.compactMapValues { days in
            let known = days.filter { $0 <= end }
            guard let first = known.first, let last = known.last else { return nil }
            return .init(repeats: known.count - 1, lastDays: last - first, ageDays: end - first)
        }
    }

    /// `facts.json`, computed beside the data with SciPy and checked with the PyPI package `lifetimes`.
    struct Facts: Decodable {
        var bgnbd: Model
        var customers: [Customer]
        enum CodingKeys: String, CodingKey { case bgnbd, customers = "customers_20" }

        struct Model: Decodable {
            var expected: Double
            var meanAlive: Double
            enum CodingKeys: String, CodingKey {
                case expected = "expected_transactions_next_39_weeks", meanAlive = "mean_p_alive"
            }
        }

        struct Customer: Decodable {
            var id: String
            var repeats: Int
            var alive: Double
            var expected: Double
            enum CodingKeys: String, CodingKey {
                case id = "customer_id", repeats = "x", alive = "p_alive", expected = "expected_next_39_weeks"
            }
        }
    }

    static func facts() throws -> Facts {
        try JSONDecoder().decode(Facts.self, from: Data(contentsOf: folder.appending(path: "facts.json")))
    }
}

extension BGNBD {
    /// The maximum as the paper prints it.
    static let published = BGNBD(r: 0.243, alpha: 4.414, a: 0.793, b: 2.426)
}
