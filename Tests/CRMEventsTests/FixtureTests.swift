import CRMEvents
import CanonicalJSON
import EventModel
import Foundation
import Testing

/// One event of a schema that was shipped once, as it was recorded then.
struct Fixture: Sendable {
    let name: SchemaName
    let extent: String
    let stream: String
    let data: JSON

    /// The folder of files that only ever grow: one for each section of the catalog, one line for each event.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func all(in section: CatalogSection) throws -> [Fixture] {
        let text = try String(contentsOf: folder.appending(path: "\(section).ndjson"), encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let line = try JSON(parsing: Array(line.utf8))
            return Fixture(
                name: SchemaName(
                    try #require(line["type"]?.text), UInt32(try #require(line["schema"]?.integer))),
                extent: try #require(line["extent"]?.text), stream: try #require(line["stream"]?.text),
                data: try #require(line["data"]))
        }
    }

    /// What a line of the file says.
    static func line(_ example: EventExample, _ schema: UInt32, _ extent: EventExample.Extent) -> String {
        let line: JSON = [
            "type": .text(example.type), "schema": .integer(Int64(schema)), "extent": .text("\(extent)"),
            "stream": .text(example.stream), "data": example.data,
        ]
        return line.canonicalText
    }
}

@Suite struct `Events of every schema ever shipped` {
    @Test(arguments: CatalogSection.allCases)
    func `still decode, in the group of the type that they read as`(_ section: CatalogSection) throws {
        for fixture in try Fixture.all(in: section) {
            var event = try recorded(fixture.name.type, fixture.stream, fixture.data)
            event.content.schema = fixture.name.schema
            let typed = try CRMEvent(event)
            #expect(typed.group != nil, "\(fixture.name) is not recognised")
            #expect(typed.group == Catalog.standard[typed.type]?.group, "\(fixture.name)")
        }
    }

    @Test(arguments: CatalogSection.allCases)
    func `lift to data that the door would take today`(_ section: CatalogSection) throws {
        for fixture in try Fixture.all(in: section) {
            let lifted = try #require(
                Upcasters.standard.lift(EventShape(fixture.name, data: fixture.data)), "\(fixture.name)")
            #expect(lifted.name.schema == Catalog.standard[lifted.name.type]?.schema)
            do {
                _ = try verdict(lifted.name.type, fixture.stream, lifted.data).get()
            } catch {
                Issue.record("\(fixture.name), \(fixture.extent): \(error)")
            }
        }
    }

    /// A new type or schema comes with two lines; the message of a failure is what to append.
    @Test(arguments: CatalogSection.allCases)
    func `include those of today, in the least and in full`(_ section: CatalogSection) throws {
        let kept = try Fixture.all(in: section)
        for type in Catalog.standard.types(in: section) {
            for extent in [EventExample.Extent.minimal, .full] {
                let name = SchemaName(type.name, type.schema)
                let example = try #require(Catalog.standard.example(of: type.name, extent))
                #expect(
                    kept.contains { $0.name == name && $0.extent == "\(extent)" },
                    "append to Fixtures/\(section).ndjson: \(Fixture.line(example, type.schema, extent))")
            }
        }
    }

    @Test func `are of all types and of every schema from the first on`() throws {
        let names = try Set(CatalogSection.allCases.flatMap { try Fixture.all(in: $0).map(\.name) })
        #expect(Set(names.map(\.type)).isSuperset(of: Catalog.standard.types.map(\.name)))
        for type in Catalog.standard.types {
            for schema in 1...type.schema { #expect(names.contains(SchemaName(type.name, schema))) }
        }
    }
}
