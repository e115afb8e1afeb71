@testable import CRMEvents
import CanonicalJSON
import EventModel
import Testing

/// A catalog that has changed in every way that the article *Evolving events* names, and the ways from its past.
private enum Evolved {
    static let catalog = Catalog([
        // Schema 2 added `channel`, 3 renamed `topic`, 4 made `size` a number, 5 parted `name`, 6 retired `colour`.
        EventTypeDefinition(
            "visit.made", "Somebody came.", in: .interaction, schema: 6, stream: .category("visit"),
            fields: [
                .required("channel", .text), .optional("subject_code", .code), .optional("size", .integer),
                .optional("given_name", .text, personal: .always), .optional("family_name", .text, personal: .always),
            ]),
        // `deal.closed` was retired for the two behind it.
        EventTypeDefinition(
            "deal.closed", "Won or lost.", in: .opportunity, stream: .category("deal"),
            fields: [.required("is_won", .boolean), .optional("reason", .code), .optional("account_id", .id)],
            terms: ["account_id"], isRetired: true),
        EventTypeDefinition("deal.won", "Won.", in: .opportunity, stream: .category("deal"), fields: []),
        EventTypeDefinition(
            "deal.lost", "Lost.", in: .opportunity, schema: 2, stream: .category("deal"),
            fields: [.required("why_code", .code)]),
        EventTypeDefinition(
            "fax.sent", "A fax.", in: .interaction, stream: .category("fax"), fields: [], isRetired: true),
    ])

    static let upcasters = Upcasters([
        Upcaster("visit.made", from: 1, [.add("channel", "unknown")]),
        Upcaster("visit.made", from: 2, [.rename("topic", to: "subject_code")]),
        Upcaster("visit.made", from: 3, [.retype("size") { $0.text.flatMap { Int64($0) }.map { .integer($0) } }]),
        Upcaster(
            "visit.made", from: 4,
            [
                .split("name") { name in
                    guard let parts = name.text?.split(separator: " ", maxSplits: 1), parts.count == 2 else {
                        return nil
                    }
                    return ["given_name": .text(String(parts[0])), "family_name": .text(String(parts[1]))]
                }
            ]),
        Upcaster("visit.made", from: 5, [.retire("colour")]),
        Upcaster("deal.closed", from: 1, [.rename("reason", to: "why_code")]) { data in
            data["is_won"]?.boolean == true ? SchemaName("deal.won", 1) : SchemaName("deal.lost", 1)
        },
        Upcaster("deal.lost", from: 1, [.retire("is_won"), .add("why_code", "unknown")]),
        Upcaster("ring.a", from: 1, []) { _ in SchemaName("ring.b", 1) },
        Upcaster("ring.b", from: 1, []) { _ in SchemaName("ring.a", 1) },
    ])

    static func lift(_ type: String, _ schema: UInt32, _ data: JSON, personal: JSON? = nil) -> EventShape? {
        upcasters.lift(EventShape(SchemaName(type, schema), data: data, personal: personal), to: catalog)
    }
}

@Suite struct `Upcasters of events` {
    private func visit(_ schema: UInt32, _ data: JSON) throws -> JSON {
        let lifted = try #require(Evolved.lift("visit.made", schema, data))
        #expect(lifted.name == SchemaName("visit.made", 6))
        return lifted.data
    }

    @Test func `add what an old event could not say`() throws {
        #expect(try visit(1, [:]) == ["channel": "unknown"])
        #expect(try visit(1, ["channel": "web"]) == ["channel": "web"])
        #expect(try visit(2, [:]) == [:])
    }

    @Test func `rename, and never over a field that is there`() throws {
        #expect(try visit(2, ["topic": "price"]) == ["subject_code": "price"])
        #expect(try visit(2, ["topic": "price", "subject_code": "x"]) == ["topic": "price", "subject_code": "x"])
        #expect(try visit(3, ["topic": "price"]) == ["topic": "price"])
    }

    @Test func `retype, and leave what they cannot read`() throws {
        #expect(try visit(3, ["size": "12"]) == ["size": 12])
        #expect(try visit(3, ["size": "twelve"]) == ["size": "twelve"])
        #expect(try visit(3, ["size": nil]) == ["size": nil])
    }

    @Test func `split one field into several`() throws {
        #expect(try visit(4, ["name": "Li Wei Min"]) == ["given_name": "Li", "family_name": "Wei Min"])
        #expect(try visit(4, ["name": "Li"]) == ["name": "Li"])
    }

    @Test func `retire a field`() throws {
        #expect(try visit(5, ["colour": "red", "channel": "web"]) == ["channel": "web"])
    }

    @Test func `work one after the other, from the first schema to the newest`() throws {
        let data: JSON = ["topic": "price", "size": "7", "name": "Li Wei", "colour": "red"]
        #expect(
            try visit(1, data) == [
                "channel": "unknown", "subject_code": "price", "size": 7, "given_name": "Li", "family_name": "Wei",
            ])
    }

    @Test func `part a retired type by what its events say`() throws {
        #expect(Evolved.lift("deal.closed", 1, ["is_won": true])?.name == SchemaName("deal.won", 1))
        let lost = try #require(Evolved.lift("deal.closed", 1, ["is_won": false, "reason": "price"]))
        #expect(lost == EventShape(SchemaName("deal.lost", 2), data: ["why_code": "price"]))
        #expect(Evolved.lift("deal.closed", 1, [:])?.data == ["why_code": "unknown"])
    }

    /// The opened personal part has fields of its own; nothing is invented there.
    @Test func `change the personal part like the public one, and add nothing to it`() throws {
        let lifted = try #require(
            Evolved.lift("visit.made", 1, ["size": "7"], personal: ["name": "Li Wei", "colour": "red"]))
        #expect(lifted.data == ["channel": "unknown", "size": 7])
        #expect(lifted.personal == ["given_name": "Li", "family_name": "Wei"])
        #expect(Evolved.lift("visit.made", 1, [:])?.personal == nil)
    }

    @Test func `leave alone what is newest, not an object, or not theirs to know`() {
        let newest = EventShape(SchemaName("visit.made", 6), data: ["colour": "red"])
        #expect(Evolved.lift("visit.made", 6, ["colour": "red"]) == newest)
        #expect(Evolved.lift("visit.made", 1, [1])?.data == [1])
        #expect(Evolved.lift("visit.made", 7, [:]) == nil)
        #expect(Evolved.lift("visit.made", 0, [:]) == nil)
        #expect(Evolved.lift("weather.turned", 1, [:]) == nil)
        #expect(Evolved.lift("ring.a", 1, [:]) == nil)
    }

    @Test func `are applied once, where an event is decoded, and never to what is stored`() throws {
        var event = try recorded("visit.made", "visit-1", ["topic": "price", "size": "7"])
        let stored = event.content
        let typed = try CRMEvent(event, catalog: Evolved.catalog, upcasters: Evolved.upcasters)
        guard case .other(let visit) = typed.body else { Issue.record("not lifted"); return }
        #expect(JSON(visit.data) == ["channel": "unknown", "subject_code": "price", "size": 7])
        #expect(visit.group == .interaction && event.content == stored)

        event.content = try recorded("deal.closed", "deal-1", ["is_won": true]).content
        let won = try CRMEvent(event, catalog: Evolved.catalog, upcasters: Evolved.upcasters)
        #expect(won.type == "deal.won" && won.group == .opportunity && event.content.type == "deal.closed")
    }

    @Test func `keep a schema from the future as unrecognised`() throws {
        var event = try recorded("lead.qualified", "lead-9", ["stage": "mql", "criteria_version": 1, "by": "u7"])
        event.content.schema = 2
        let typed = try CRMEvent(event)
        guard case .unrecognised = typed.body else { Issue.record("recognised"); return }
        #expect(typed.group == nil && typed.type == "lead.qualified" && typed.party == .lead("9"))
    }

    @Test func `let a retired type be read and not written`() throws {
        let typed = try CRMEvent(
            recorded("fax.sent", "fax-1", [:]), catalog: Evolved.catalog, upcasters: Evolved.upcasters)
        #expect(typed.group == .interaction)
        let error = #expect(throws: InvalidEvent.self) {
            try Evolved.catalog.check(
                type: "fax.sent", schema: 1, stream: try StreamName("fax-1"),
                data: try JSONDocument(parsing: Array("{}".utf8)).root)
        }
        #expect(error == .retiredType("fax.sent") && error?.code == .invalidEvent)
        #expect(error?.description.split(separator: ". ").count == 3)
    }

    @Test func `of this build start at schemas that the catalog has left behind`() {
        for origin in Upcasters.standard.origins {
            #expect(Catalog.standard[origin.type].map { origin.schema < $0.schema || $0.isRetired } ?? false)
        }
        // No type of the catalog has left a schema behind without a way from it.
        for type in Catalog.standard.types {
            for schema in 1..<max(type.schema, 1) {
                #expect(Upcasters.standard.origins.contains(SchemaName(type.name, schema)))
            }
        }
    }
}
