import CanonicalJSON
import EventModel
import ProjectionRuntime
import Testing

@testable import SalesFunnel

@Suite(.enabled(if: SharedData.isPresent, "shared/data is not beside the package"))
struct `Deals of other people` {
    private struct MavenFacts: Decodable {
        struct Sums: Decodable { let engaged, engaging, created, won, lost: Int64; let revenue: Double }
        struct Snapshot: Decodable { let engaged, open, won, lost: Int64; let revenue_to_date: Double }
        struct Month: Decodable { let won, lost: Int64; let revenue: Double }
        let overall: Sums
        let by_agent: [String: Sums]
        let as_of: [String: Snapshot]
        let closed_by_month: [String: Month]
    }

    /// Maven's opportunities, engaged ones opened on their day, the others at the last instant of the data.
    private static func maven() throws -> [DealRow] {
        try SharedData.rows("maven-crm-central/sales_pipeline.csv").map { fields in
            let engaged = SharedData.time(fields["engage_date"])
            let last = try #require(Timestamp("2017-12-31T23:59:59.999Z")).milliseconds
            let opened = engaged ?? last
            var row = deal(
                "prospecting", opened: opened, pipeline: "hardware", owner: fields["sales_agent"] ?? "",
                amount: nil, currency: "USD", source: fields["product"])
            if let engaged { row.take(to("engaging"), at: engaged) }
            guard let closed = SharedData.time(fields["close_date"]) else { return row }
            let value = Int64(fields["close_value"] ?? "") ?? 0
            row.take(
                fields["deal_stage"] == "Won" ? .won(amount: value * 100, currency: "USD") : .lost(), at: closed)
            return row
        }
    }

    private static let hardware = [(id: "hardware", row: pipeline(("prospecting", 1), ("engaging", 2)))]

    @Test func `are won and lost as Maven's facts say, by agent, by month and as of five days`() throws {
        let (deals, known) = (try Self.maven(), try SharedData.facts("maven-crm-central", as: MavenFacts.self))
        func ask(_ parameters: JSON) throws -> JSON { try report(parameters, over: deals, pipelines: Self.hardware) }
        func check(_ found: JSON, _ facts: MavenFacts.Sums) {
            let counts = found.at("funnel", "deals")
            #expect(["opened", "won", "lost"].map { counts?[$0]?.integer } == [facts.created, facts.won, facts.lost])
            #expect(counts?["won_amount"]?.integer == Int64(facts.revenue * 100))
            #expect(found.stage("engaging", "entered", "open", in: "hardware") == [facts.engaged, facts.engaging])
        }
        check(try ask([:]), known.overall)
        let groups = try #require(try ask(["group_by": "owner"])["groups"]?.elements)
        #expect(groups.count == known.by_agent.count)
        for group in groups { check(group, try #require(known.by_agent[group["key"]?.text ?? ""])) }
        for (day, facts) in known.as_of {
            let then = try ask(["as_of": .text(day)])
            #expect(then.stage("engaging", "entered", "open", in: "hardware") == [facts.engaged, facts.open])
            #expect(then.at("funnel", "deals", "won")?.integer == facts.won)
            #expect(then.at("funnel", "deals", "won_amount")?.integer == Int64(facts.revenue_to_date * 100))
        }
        let months = try ask(["report": "deals", "group_by": "month_closed"])["groups"]?.elements ?? []
        for month in months where month["key"] != .null {
            let facts = try #require(known.closed_by_month[month["key"]?.text ?? ""])
            #expect(month.at("deals", "won")?.integer == facts.won && month.at("deals", "lost")?.integer == facts.lost)
        }
        #expect(months.count == known.closed_by_month.count + 1)
    }

    @Test func `flow through a waterfall from one of Maven's snapshots to the next`() throws {
        let (deals, known) = (try Self.maven(), try SharedData.facts("maven-crm-central", as: MavenFacts.self))
        let days = known.as_of.keys.sorted().dropLast()  // at the last one 500 deals are opened that were never engaged
        for (day, next) in zip(days, days.dropFirst()) {
            let (before, after) = (try #require(known.as_of[day]), try #require(known.as_of[next]))
            func following(_ day: String) -> JSON {
                .text(CivilDay(daysSinceEpoch: (CivilDay(day)?.daysSinceEpoch ?? 0) + 1).description)
            }
            let question: JSON = ["report": "waterfall", "from": following(day), "to": following(next)]
            let lines = try report(question, over: deals, pipelines: Self.hardware).at("waterfall", "deals")
            #expect(
                ["opening", "new", "won", "lost", "closing"].map { lines?[$0]?.integer } == [
                    before.open, after.engaged - before.engaged, after.won - before.won, after.lost - before.lost,
                    after.open,
                ])
        }
    }

    private struct OlistFacts: Decodable {
        struct Sums: Decodable { let leads, won: Int64; let conversion: Double }
        let overall: Sums
        let by_origin: [String: Sums]
        let by_first_contact_month: [String: Sums]
        let won_by_month: [String: Int64]
    }

    /// Olist's leads, with the conversion of those that have a deal.
    private static func olist() throws -> [LeadHistory] {
        var rows: [String: LeadRow] = [:]
        for fields in try SharedData.rows("olist-funnel/olist_marketing_qualified_leads_dataset.csv") {
            let origin = fields["origin"] ?? ""
            var row = LeadRow(facts: LeadFacts(source: origin.isEmpty ? "(missing)" : origin, channel: "web"))
            row.add(.captured, at: SharedData.time(fields["first_contact_date"]) ?? 0, position: 0)
            rows[fields["mql_id"] ?? ""] = row
        }
        for fields in try SharedData.rows("olist-funnel/olist_closed_deals_dataset.csv") {
            let won = Timestamp((fields["won_date"] ?? "").replacing(" ", with: "T") + "Z")
            rows[fields["mql_id"] ?? ""]?.add(.converted, at: won?.milliseconds ?? 0, position: 1)
        }
        return rows.compactMap { LeadHistory(id: $0.key, row: $0.value) }
    }

    @Test func `begin as Olist's leads, which convert as its facts say, by origin and by cohort`() throws {
        let (leads, known) = (try Self.olist(), try SharedData.facts("olist-funnel", as: OlistFacts.self))
        func ask(_ parameters: JSON) throws -> JSON { try LeadQuery(ViewParameters(parameters)).report(over: leads) }
        func counts(_ found: JSON?) -> [Int64?] { ["captured", "converted"].map { found?[$0]?.integer } }
        #expect(counts(try ask([:])["leads"]) == [known.overall.leads, known.overall.won])
        for (grouping, facts) in [("source", known.by_origin), ("month", known.by_first_contact_month)] {
            let groups = try #require(try ask(["group_by": .text(grouping)])["groups"]?.elements)
            #expect(groups.count == facts.count)
            for group in groups {
                let sums = try #require(facts[group["key"]?.text ?? ""])
                #expect(counts(group["leads"]) == [sums.leads, sums.won])
                let share = Double(group.at("leads", "conversion", "bp")?.integer ?? -1) / 10_000
                #expect(abs(share - sums.conversion) <= 0.000_051)
            }
        }
        let won = try ask(["group_by": "month_converted"]).groups("leads", "converted").filter { !$0.hasPrefix("-") }
        #expect(won == known.won_by_month.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
    }

    private struct TelcoFacts: Decodable {
        let kaplan_meier_survival: [String: Double]
        let kaplan_meier_by_contract: [String: [String: Double]]
    }

    @Test func `last as the Kaplan–Meier curve of another library says`() throws {
        let known = try SharedData.facts("telco-churn", as: TelcoFacts.self)
        let customers = try SharedData.rows("telco-churn/customers.csv")
        // The medians were computed with exact fractions in Python.
        for (contract, facts, median) in [
            (nil, known.kaplan_meier_survival, nil),
            ("Month-to-month", known.kaplan_meier_by_contract["Month-to-month"] ?? [:], 35),
            ("Two year", known.kaplan_meier_by_contract["Two year"] ?? [:], nil),
        ] as [(String?, [String: Double], Int64?)] {
            let chosen = customers.filter { contract == nil || $0["Contract"] == contract }
            func tenures(_ churned: String) -> [Int64] {
                chosen.filter { $0["Churn"] == churned }.compactMap { Int64($0["tenure"] ?? "") }
            }
            let (ended, lasting) = (tenures("Yes"), tenures("No"))
            let curve = KaplanMeier.curve(ended: ended, lasting: lasting)
            for (month, survival) in facts {
                let found = curve.last { $0.duration <= Int64(month) ?? 0 }?.survival ?? 1
                #expect(abs(found - survival) < 5e-7, "\(contract ?? "all"), month \(month)")
            }
            #expect(KaplanMeier.median(ended: ended, lasting: lasting) == median)
        }
    }
}
