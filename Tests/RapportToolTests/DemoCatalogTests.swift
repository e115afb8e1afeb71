import CRMEvents
import CanonicalJSON
import DemoCompany
import EventModel
import Testing

@Suite struct `The demo company against the catalog` {
    private static let lines = DemoCompany().lines()

    @Test func `has only events that the catalog accepts, of at least a hundred types`() throws {
        var counts: [String: Int] = [:]
        var personalCount = 0
        var terms = TermList()
        var places = PersonalPlaces()
        for line in Self.lines {
            let event = try JSONDocument(parsing: line).root
            let (type, stream) = (try #require(event["type"]?.text), try #require(event["subject"]?.text))
            let data = try #require(event["data"])
            do throws(InvalidEvent) {
                try Catalog.standard.check(
                    type: type.utf8.span, schema: 1, stream: stream.utf8.span, data: data.cursor, terms: &terms,
                    personal: &places)
            } catch {
                Issue.record("\(stream), \(type): \(error)")
                if counts[type] == nil { counts[type] = 0 }
                continue
            }
            counts[type, default: 0] += 1
            if places.count > 0 { personalCount += 1 }
        }
        #expect(counts.count >= 100, "\(counts.keys.sorted())")
        #expect(personalCount >= 4_000)
    }

    @Test func `has ids and stream names that do not look personal`() throws {
        for line in Self.lines {
            let event = try JSONDocument(parsing: line).root
            try Catalog.checkName(StreamName(try #require(event["subject"]?.text)))
            try Catalog.checkName(eventID: try #require(event["id"]?.text))
        }
    }

    @Test func `speaks Chinese and English`() throws {
        var texts: Set<String> = []
        for line in Self.lines {
            let data = try JSON(parsing: line)["data"]
            for field in ["subject", "comment", "note", "message", "title"] {
                if let text = data?[field]?.text { texts.insert(text) }
            }
        }
        let chinese = texts.count { $0.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
        #expect(chinese >= 20 && texts.count - chinese >= 20)
    }
}
