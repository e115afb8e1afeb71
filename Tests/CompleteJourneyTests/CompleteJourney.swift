import CanonicalJSON
import EventModel
import Foundation
import Zstd

/// A year of purchases of 2,469 households, "The Complete Journey" of 84.51°, as a log: each basket an order, each
/// household that a campaign addressed a lead of it, converted when it first redeemed one of its coupons.
struct CompleteJourney: EventSource {
    let identity = "complete-journey"
    let events: [RecordedEvent]
    /// The last day of each campaign, by its id.
    let campaignEnds: [String: CivilDay]

    var end: Position { Position(UInt64(events.count)) }

    func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
        Array(events.dropFirst(Int(position.index)).prefix(count))
    }

    func waitForEvent(at position: Position, atMost time: Duration) async {}

    /// The folder, found from this file's place: the tests never depend on the working directory.
    static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "../../../shared/data/complete-journey").standardized

    /// Whether the data set is there; tests that need it are skipped otherwise.
    static let isPresent = FileManager.default.fileExists(atPath: folder.appending(path: "facts.json").path)

    /// The log, made once for all tests.
    static let log = Task { try CompleteJourney() }

    static func facts() throws -> Facts {
        try JSONDecoder().decode(Facts.self, from: Data(contentsOf: folder.appending(path: "facts.json")))
    }

    init() throws {
        var log = Writing()
        for basket in try Self.baskets() { log.place(basket) }
        var campaigns: [String: (type: String, start: CivilDay)] = [:]
        var ends: [String: CivilDay] = [:]
        try Self.rows("campaign_descriptions.csv").forEach { row in
            guard let start = CivilDay(row.text(2)), let end = CivilDay(row.text(3)) else { return }
            campaigns[row.text(0)] = (row.text(1), start)
            ends[row.text(0)] = end
        }
        campaignEnds = ends
        // What marketing knew comes late: after a year of orders, with times of long ago.
        try Self.rows("campaigns.csv").forEach { row in
            guard let (type, start) = campaigns[row.text(0)] else { return }
            log.target(row.text(1), by: row.text(0), of: type, on: start)
        }
        var redeemed: [(day: CivilDay, household: String, campaign: String)] = []
        try Self.rows("coupon_redemptions.csv").forEach { row in
            guard let day = CivilDay(row.text(3)) else { return }
            redeemed.append((day, row.text(0), row.text(2)))
        }
        for (day, household, campaign) in redeemed.sorted(by: { $0.day < $1.day }) {
            log.redeem(household, of: campaign, on: day)
        }
        events = log.events
    }

    /// What was bought at once.
    struct Basket {
        var id: Int64
        var household: String
        var time: Timestamp
        var cents: Int64
    }

    /// The baskets in the order of time: the sum of their lines, which the file has in that order.
    private static func baskets() throws -> [Basket] {
        var baskets: [Basket] = []
        var places: [Int64: Int] = [:]
        try rows("transactions.csv.zst").forEach { row in
            let id = row.integer(2)
            if let place = places[id] {
                baskets[place].cents += row.cents(5)
            } else if let time = Timestamp(row.text(10) + "Z") {
                places[id] = baskets.count
                baskets.append(Basket(id: id, household: row.text(0), time: time, cents: row.cents(5)))
            }
        }
        return baskets
    }

    private static func rows(_ name: String) throws -> CommaRows {
        let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
        guard name.hasSuffix(".zst") else { return CommaRows(bytes) }
        var unpacked: [UInt8] = []
        let decompressor = Decompressor()
        try decompressor.decompress(bytes) { unpacked += $0 }
        try decompressor.finish()
        return CommaRows(unpacked)
    }
}

/// A log in the making.
private struct Writing {
    private(set) var events: [RecordedEvent] = []
    private var revisions: [String: UInt64] = [:]
    private var known: Set<String> = []
    private var converted: Set<String> = []

    mutating func place(_ basket: CompleteJourney.Basket) {
        let household = basket.household
        if known.insert(household).inserted {
            add(
                "account.created", "account-" + household, at: basket.time,
                ["account_id": .text(household), "natural_person": true])
        }
        add(
            "order.placed", "order-\(basket.id)", at: basket.time,
            [
                "order_id": .text("\(basket.id)"), "number": .text("\(basket.id)"), "account_id": .text(household),
                "lines": [], "total": .integer(basket.cents), "currency": "USD",
                "placed_at": .integer(basket.time.milliseconds),
            ])
    }

    mutating func target(_ household: String, by campaign: String, of type: String, on day: CivilDay) {
        let lead = "\(campaign)-\(household)"
        add(
            "lead.captured", "lead-" + lead, at: day.start,
            [
                "lead_id": .text(lead), "source": .text(type), "channel": "other", "campaign_id": .text(campaign),
            ])
    }

    mutating func redeem(_ household: String, of campaign: String, on day: CivilDay) {
        add(
            "behavior.tracked", "behavior-account-" + household, at: day.start,
            ["party_id": .text("account-" + household), "name": "coupon_redeemed"])
        let lead = "\(campaign)-\(household)"
        guard converted.insert(lead).inserted else { return }
        add(
            "lead.converted", "lead-" + lead, at: day.start,
            ["account_id": .text(household), "contact_id": .text(household), "created": []])
    }

    private mutating func add(_ type: String, _ stream: String, at time: Timestamp, _ data: JSON) {
        let position = UInt64(events.count)
        let revision = revisions[stream, default: 0]
        revisions[stream] = revision + 1
        events.append(
            RecordedEvent(
                position: Position(position), stream: StreamName(recorded: stream), revision: Revision(revision),
                time: time, recorded: time,
                content: EventContent(
                    type: type, key: EventKey(source: "/journey", id: "\(position)"), data: data.canonicalBytes)))
    }
}

/// `facts.json`, computed with pandas beside the data.
struct Facts: Decodable {
    struct Basics: Decodable { let baskets, households: Int64; let sales: Double; let first, last: String }
    struct Month: Decodable { let baskets, households: Int64; let sales: Double }
    /// Interpolated linearly between the two nearest values, as NumPy does.
    struct Quantiles: Decodable { let n: Int; let min, p25, median, mean, p75, p90, max: Double }
    struct Rate: Decodable { let targeted, redeemed: Int64; let rate: Double }
    struct Redemptions: Decodable { let rows, in_window, households, of_household_not_targeted: Int64 }
    let basics: Basics
    let by_month: [String: Month]
    let baskets_per_household, sales_per_household, basket_value: Quantiles
    let inactive_more_than_days: [String: Int]
    let top10_households_by_sales: [String: Double]
    let campaign_funnel, campaign_funnel_by_id: [String: Rate]
    let redemptions: Redemptions
}
