import CanonicalJSON
import Foundation
import ImportMapping
import Testing

/// The three mappings that come with the tool, over the public data sets that they are for. The figures are those of
/// each data set's `facts.json`, computed with pandas. Skipped where the data is not on the machine.
@Suite struct `The mappings that come with the tool` {
    @Test(.enabled(if: hasData("cdnow-sample"), "shared data is missing"))
    func `import every CDNOW purchase exactly`() throws {
        let events = try mapped("cdnow", "cdnow-sample/transactions.csv")
        let orders = events.filter { $0["type"] == "order.placed" }
        #expect(orders.count == 6_919)
        #expect(orders.compactMap { $0["data"]?["total"]?.integer }.reduce(0, +) == 24_409_194)
        #expect(Set(orders.map { [$0["data"]?["account_id"], $0["time"]] }).count == 6_696)
        #expect(events.count { $0["type"] == "account.created" } == 2_357)
    }

    @Test(.enabled(if: hasData("maven-crm-central"), "shared data is missing"))
    func `import the pipeline so that it is right as of any day`() throws {
        let events = try mapped("maven-pipeline", "maven-crm-central/sales_pipeline.csv")
        #expect(counts(events) == [3_512, 3_012, 1_629, 975])
        let past = events.filter { ($0["time"]?.text ?? "") < "2017-07-01" }
        #expect(counts(past).dropFirst() == [1_429, 679, 346])
        let won = past.filter { $0["type"] == "opportunity.won" }
        #expect(won.compactMap { $0["data"]?["amount"]?.integer }.reduce(0, +) == 130_530_900)
        #expect(events.count { $0["type"] == "account.created" } == 85)
    }

    @Test(.enabled(if: hasData("olist-funnel"), "shared data is missing"))
    func `import the Olist leads and their deals`() throws {
        let leads = try mapped("olist-leads", "olist-funnel/olist_marketing_qualified_leads_dataset.csv")
        let deals = try mapped("olist-deals", "olist-funnel/olist_closed_deals_dataset.csv")
        #expect(leads.count == 8_000)
        let converted = deals.filter { $0["type"] == "lead.converted" }
        #expect(converted.count == 842)
        #expect(leads.count { ($0["time"]?.text ?? "") < "2018-04-01" } == 5_345)
        #expect(converted.count { ($0["time"]?.text ?? "") < "2018-04-01" } == 336)
        let organic = Set(leads.filter { $0["data"]?["source"] == "organic_search" }.map { $0["subject"] })
        #expect(organic.count == 2_296)
        #expect(converted.count { organic.contains($0["subject"]) } == 271)
    }

    private func counts(_ events: [JSON]) -> [Int] {
        ["opened", "stage_changed", "won", "lost"].map { type in
            events.count { $0["type"]?.text == "opportunity.\(type)" }
        }
    }

    private func mapped(_ mapping: String, _ file: String) throws -> [JSON] {
        let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Tools/mappings/\(mapping).json")
        var reader = CSVReader()
        let bytes = [UInt8](try Data(contentsOf: dataFolder.appending(path: file)))
        let records = try reader.read(bytes) + reader.finish()
        var mapper = try EventMapper(
            Mapping(parsing: [UInt8](Data(contentsOf: tools))), header: #require(records.first).fields)
        var events = try mapper.prologue()
        for record in records.dropFirst() { events += try mapper.events(of: record) }
        return try events.map { try JSON(parsing: $0.bytes) }
    }
}

private let dataFolder = URL(
    fileURLWithPath: ProcessInfo.processInfo.environment["RAPPORT_SHARED_DATA"]
        ?? #filePath + "/../../../../shared/data"
).standardizedFileURL

private func hasData(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: dataFolder.appending(path: folder).path)
}
