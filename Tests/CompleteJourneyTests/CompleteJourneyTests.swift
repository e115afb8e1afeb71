import CanonicalJSON
import ChurnSignals
import Customer360
import EventModel
import Foundation
import ProjectionRuntime
import SalesFunnel
import Testing

/// Dollars of the facts, which are sums of floating numbers, in cents.
private func cents(_ dollars: Double) -> Int64 { Int64((dollars * 100).rounded()) }

/// A view folded over the log, up to a moment.
private func answers(_ model: any ReadModel.Type, asOf day: String? = nil) async throws -> ViewAnswers {
    let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("complete-journey-\(UInt64.random(in: 0 ... .max))")
    defer { try? FileManager.default.removeItem(at: directory) }
    let views = try OfflineViews(source: try await CompleteJourney.log.value, directory: directory.path)
    let end = day.flatMap { CivilDay($0) }.map { Timestamp(milliseconds: $0.start.milliseconds + 86_399_999) }
    return try await views.asOf(model, ReplayBounds(asOf: end)) { _, _ in }
}

/// The baskets of a grocer as orders, against what pandas found in the same files.
@Suite(.enabled(if: CompleteJourney.isPresent, "shared/data/complete-journey is not beside the repository"))
struct `A year of groceries` {
    private func rows(_ view: ViewAnswers, _ parameters: JSON = ["limit": 10_000]) throws -> [JSON] {
        try #require(try view.answer(.scan, parameters)?["rows"]?.elements)
    }

    /// The quantiles of the facts, of our answers.
    private func check(_ found: [Int64], _ known: Facts.Quantiles, unit: Double, _ name: Comment) throws {
        let sorted = found.sorted().map { Double($0) / unit }
        func interpolated(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let (low, high) = (sorted[Int(place.rounded(.down))], sorted[Int(place.rounded(.up))])
            return low + (high - low) * (place - place.rounded(.down))
        }
        try #require(!sorted.isEmpty)
        #expect(sorted.count == known.n, name)
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        for (found, known) in [
            (sorted[0], known.min), (interpolated(0.25), known.p25), (interpolated(0.5), known.median),
            (interpolated(0.75), known.p75), (interpolated(0.9), known.p90), (sorted[sorted.count - 1], known.max),
            (mean, known.mean),
        ] { #expect(abs(found - known) < 0.006, name) }
    }

    @Test func `has the orders, the money and the best customers of the facts on the customer page`() async throws {
        let (view, known) = (try await answers(Customer360.self), try CompleteJourney.facts())
        let rows = try rows(view)
        let orders = rows.map { $0["counts"]?["order.placed"]?.integer ?? 0 }
        let sales = rows.map { $0["revenue"]?["USD"]?.integer ?? 0 }
        #expect(Int64(rows.count) == known.basics.households)
        #expect(orders.reduce(0, +) == known.basics.baskets)
        #expect(sales.reduce(0, +) == cents(known.basics.sales))
        try check(orders, known.baskets_per_household, unit: 1, "baskets")
        try check(sales, known.sales_per_household, unit: 100, "sales")
        let mean = Double(sales.reduce(0, +)) / Double(orders.reduce(0, +)) / 100
        #expect(abs(mean - known.basket_value.mean) < 1e-5 && known.basket_value.n == known.basics.baskets)
        let last = try #require(Timestamp(known.basics.last.replacing(" ", with: "T") + "Z"))
        #expect(rows.compactMap { $0["last_event"]?.integer }.max() == last.milliseconds)

        let best = zip(rows, sales).sorted { $0.1 > $1.1 }.prefix(known.top10_households_by_sales.count)
        let found = Dictionary(uniqueKeysWithValues: best.map { ($0.0["account_id"]?.text ?? "", $0.1) })
        #expect(found == known.top10_households_by_sales.mapValues(cents))
        for (household, dollars) in known.top10_households_by_sales {
            let commerce = try #require(try view.answer(.get(household), [:])?["row"]?["commerce"])
            let revenue = JSON.object(["USD": .integer(cents(dollars))])
            #expect(commerce["revenue"] == revenue && commerce["net_revenue"] == revenue)
        }
    }

    @Test func `has the redemptions of the facts, and every targeted household as a lead`() async throws {
        let (view, known) = (try await answers(Customer360.self), try CompleteJourney.facts())
        let rows = try rows(view)
        let redemptions = rows.compactMap { $0["counts"]?["behavior.tracked"]?.integer }
        #expect(redemptions.reduce(0, +) == known.redemptions.rows)
        #expect(Int64(redemptions.count { $0 > 0 }) == known.redemptions.households)
        let all = try #require(known.campaign_funnel["all"])
        let report = try #require(try view.answer(.report, [:])?["report"])
        #expect(report["accounts"]?.integer == known.basics.households)
        #expect(report["leads"]?["converted"]?.integer == all.redeemed)
        #expect(report["leads"]?["open"]?.integer == all.targeted - all.redeemed)
        #expect(report["unattributed"]?["counts"]?["lead.captured"]?.integer == all.targeted - all.redeemed)
        // Nobody redeemed who was not targeted: every conversion is of a captured lead.
        #expect(known.redemptions.of_household_not_targeted == 0)
        #expect(rows.reduce(0) { $0 + ($1["counts"]?["lead.captured"]?.integer ?? 0) } == all.redeemed)
    }

    @Test func `has the months of the facts on the customer page as of their last days`() async throws {
        let known = try CompleteJourney.facts()
        var (baskets, sales): (Int64, Int64) = (0, 0)
        var sums: [String: (Int64, Int64)] = [:]
        for (month, facts) in known.by_month.sorted(by: { $0.key < $1.key }) {
            baskets += facts.baskets
            sales += cents(facts.sales)
            sums[month] = (baskets, sales)
        }
        for (day, month) in [("2017-02-28", "2017-02"), ("2017-07-31", "2017-07"), ("2017-12-31", "2017-12")] {
            let rows = try rows(try await answers(Customer360.self, asOf: day))
            let orders = rows.reduce(0) { $0 + ($1["counts"]?["order.placed"]?.integer ?? 0) }
            let revenue = rows.reduce(0) { $0 + ($1["revenue"]?["USD"]?.integer ?? 0) }
            #expect(orders == sums[month]?.0 && revenue == sums[month]?.1, "\(day)")
        }
    }

    @Test func `has every month of the facts in the churn signals as of its last day`() async throws {
        let (view, known) = (try await answers(ChurnSignals.self), try CompleteJourney.facts())
        let households = try rows(view, ["limit": 10_000, "fields": "bgnbd"]).compactMap { $0["account_id"]?.text }
        #expect(Int64(households.count) == known.basics.households)
        var before: [String: (orders: Int64, revenue: Int64)] = [:]
        for (month, facts) in known.by_month.sorted(by: { $0.key < $1.key }) {
            let first = try #require(CivilDay(month + "-01"))
            let next = CivilDay(daysSinceEpoch: first.daysSinceEpoch + 31).description.dropLast(3)
            let last = CivilDay(daysSinceEpoch: (CivilDay(next + "-01")?.daysSinceEpoch ?? 0) - 1).description
            var (baskets, sales, buyers): (Int64, Int64, Int64) = (0, 0, 0)
            for household in households {
                let question: JSON = ["as_of_day": .text(last), "fields": "own"]
                let row = try view.answer(.get(household), question)?["row"]
                let found = (row?["orders"]?.integer ?? 0, row?["revenue"]?["USD"]?.integer ?? 0)
                let old = before[household] ?? (0, 0)
                baskets += found.0 - old.orders
                sales += found.1 - old.revenue
                if found.0 > old.orders { buyers += 1 }
                before[household] = found
            }
            #expect(baskets == facts.baskets && sales == cents(facts.sales) && buyers == facts.households, "\(month)")
        }
    }

    @Test func `has as many silent households as the facts`() async throws {
        let (view, known) = (try await answers(ChurnSignals.self), try CompleteJourney.facts())
        let report = try #require(try view.answer(.report, ["as_of_day": "2018-01-01"])?["report"])
        #expect(report["customers"]?.integer == known.basics.households)
        let rows = try rows(view)
        #expect(rows.compactMap { $0["first_day"]?.text }.min() == String(known.basics.first.prefix(10)))
        let end = try #require(CivilDay("2017-12-31")).daysSinceEpoch
        let idle = rows.compactMap { $0["last_day"]?.text.flatMap { CivilDay($0) } }.map { end - $0.daysSinceEpoch }
        for (days, count) in known.inactive_more_than_days {
            let found = idle.count { $0 > Int(days) ?? 0 }
            #expect(found == count, "more than \(days) days")
        }
    }

    @Test func `has the campaigns of the facts in the funnel of leads`() async throws {
        let (view, known) = (try await answers(SalesFunnel.self), try CompleteJourney.facts())
        func ask(_ parameters: JSON.Members) throws -> JSON {
            let question = parameters.merging(["report": "leads"]) { $1 }
            return try #require(try view.answer(.report, .object(question))?["report"])
        }
        func check(_ leads: JSON?, _ facts: Facts.Rate, _ name: String) {
            #expect(leads?["captured"]?.integer == facts.targeted, "\(name)")
            #expect(leads?["converted"]?.integer == facts.redeemed, "\(name)")
            let share = Double(leads?["conversion"]?["bp"]?.integer ?? -1) / 10_000
            #expect(abs(share - facts.rate) <= 0.000_051, "\(name)")
        }
        let types = known.campaign_funnel.filter { $0.key != "all" }
        check(try ask([:])["leads"], try #require(known.campaign_funnel["all"]), "all")
        for (grouping, facts) in [("source", types), ("campaign", known.campaign_funnel_by_id)] {
            let groups = try #require(try ask(["group_by": .text(grouping)])["groups"]?.elements)
            #expect(groups.count == facts.count)
            for group in groups {
                let key = group["key"]?.text ?? ""
                check(group["leads"], try #require(facts[key]), key)
            }
        }
        // All redemptions fell into their campaign's window, so its last day knows as many as the end of the year.
        #expect(known.redemptions.in_window == known.redemptions.rows)
        for (campaign, end) in try await CompleteJourney.log.value.campaignEnds {
            let found = try ask(["campaign": .text(campaign), "as_of": .text(end.description)])["leads"]
            check(found, try #require(known.campaign_funnel_by_id[campaign]), "\(campaign) on its last day")
        }
    }
}
