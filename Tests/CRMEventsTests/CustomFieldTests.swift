@testable import CRMEvents
import CanonicalJSON
import EventModel
import Testing

@Suite struct `A company's field of a type of the catalog` {
    private func verdict(
        _ history: CatalogHistory, at position: UInt64, _ type: String, _ changes: JSON.Members
    ) throws -> Result<(terms: [String], personal: [JSON]), InvalidEvent> {
        let example = try #require(Catalog.standard.example(of: type, .minimal))
        let data = changes.reduce(example.data) { $0.with($1.key, $1.value) }
        return try DefinitionLog.verdict(history.catalog(at: Position(position)), type, example.stream, data)
    }

    private func paths(
        _ history: CatalogHistory, at position: UInt64, _ type: String, _ changes: JSON.Members
    ) throws -> [String] {
        guard case .failure(.problems(_, let problems, _)) = try verdict(history, at: position, type, changes) else {
            return []
        }
        return problems.map(\.path)
    }

    @Test func `is taken from the position behind its definition on, in its type only`() throws {
        var log = DefinitionLog()
        try log.recordAnother()
        try log.record(definition("order.placed", "x_acme_dock", "i"))
        let dock: JSON.Members = ["x_acme_dock": 4]
        #expect(try paths(log.history, at: 1, "order.placed", dock) == ["x_acme_dock"])
        #expect(try paths(log.history, at: 2, "order.placed", dock) == [])
        #expect(try paths(log.history, at: 2, "order.placed", ["x_acme_dock": "four"]) == ["x_acme_dock"])
        #expect(try paths(log.history, at: 2, "order.approved", dock) == ["x_acme_dock"])
        #expect(try paths(log.history, at: 2, "order.placed", [:]) == [])
    }

    @Test func `changes neither the rules of its type nor its terms`() throws {
        var log = DefinitionLog()
        try log.record(definition("order.placed", "x_acme_account_id", "id"))
        let data: JSON.Members = ["x_acme_account_id": "77", "campaign_id": "k1"]
        #expect(try paths(log.history, at: 1, "order.placed", data) == ["campaign_id"])
        let fine = try verdict(log.history, at: 1, "order.placed", ["x_acme_account_id": "77"]).get()
        #expect(fine.terms == ["account:account1"])
        #expect(try paths(log.history, at: 1, "order.placed", ["total": 5]) == ["total"])
    }

    @Test func `can be required from a position on`() throws {
        var log = DefinitionLog()
        try log.record(definition("order.placed", "x_acme_dock", "i"))
        try log.record(definition("order.placed", "x_acme_dock", "i", ["required": true]))
        #expect(try paths(log.history, at: 1, "order.placed", [:]) == [])
        #expect(try paths(log.history, at: 2, "order.placed", [:]) == ["x_acme_dock"])
        #expect(try paths(log.history, at: 2, "order.placed", ["x_acme_dock": 1]) == [])
    }

    @Test func `that is deprecated is accepted, and never required`() throws {
        var log = DefinitionLog()
        try log.record(definition("order.placed", "x_acme_dock", "i", ["required": true]))
        try log.record(definition("order.placed", "x_acme_dock", "i", ["required": true, "deprecated": true]))
        #expect(try paths(log.history, at: 1, "order.placed", [:]) == ["x_acme_dock"])
        #expect(try paths(log.history, at: 2, "order.placed", [:]) == [])
        #expect(try paths(log.history, at: 2, "order.placed", ["x_acme_dock": 1]) == [])
        let field = try #require(log.history.current["order.placed"]?.fields.last)
        #expect(field.isDeprecated && !field.isRequired && field.json["deprecated"] == true)
    }

    @Test func `that is personal is noted for the sealing, with the type's own`() throws {
        var log = DefinitionLog()
        try log.record(definition("contact.created", "x_acme_hobby", "s", ["personal": true]))
        let found = try verdict(log.history, at: 1, "contact.created", ["x_acme_hobby": "chess"]).get()
        #expect(found.personal.contains("chess") && found.personal.count == 2)
        let type = try #require(log.history.current["contact.created"])
        #expect(type.sealing == Catalog.standard["contact.created"]?.sealing)
        #expect(type.personalPaths.map(\.path).contains("x_acme_hobby"))
    }

    @Test func `of an object has its members noted one by one`() throws {
        var log = DefinitionLog()
        try log.record(definition("contact.created", "x_acme_home", "{city:s,floor:i}", ["personal": true]))
        let home: JSON = ["city": "Xi'an", "floor": 3]
        let found = try verdict(log.history, at: 1, "contact.created", ["x_acme_home": home]).get().personal
        #expect(found.contains("Xi'an") && found.contains(3))
    }

    /// A type with CHANGES takes the field there, where the others of its entity stand.
    @Test func `may change where its type has CHANGES`() throws {
        var log = DefinitionLog()
        try log.record(definition("account.updated", "x_acme_tier", "e{a,b}", ["required": true]))
        try log.record(definition("account.updated", "x_acme_wish", "s", ["personal": true]))
        func changes(_ name: String, _ new: JSON) -> JSON.Members {
            ["changes": [["field": .text(name), "old": nil, "new": new]]]
        }
        #expect(try paths(log.history, at: 0, "account.updated", changes("x_acme_tier", "a")) == ["changes[0].field"])
        #expect(try paths(log.history, at: 2, "account.updated", changes("x_acme_tier", "a")) == [])
        #expect(try paths(log.history, at: 2, "account.updated", changes("x_acme_tier", "c")) == ["changes[0].new"])
        #expect(try paths(log.history, at: 2, "account.updated", ["x_acme_tier": "a"]) == ["x_acme_tier"])
        let wish = try verdict(log.history, at: 2, "account.updated", changes("x_acme_wish", "tea")).get()
        #expect(wish.personal == ["tea", nil])
        #expect(try refusedRetyping(log) == ["type"])
    }

    private func refusedRetyping(_ log: DefinitionLog) throws -> [String] {
        try DefinitionLog.refusals(log.history.current, definition("account.updated", "x_acme_tier", "i"))
    }

    @Test func `leaves recorded events with the terms that the build's catalog gives`() throws {
        var log = DefinitionLog()
        try log.record(definition("order.placed", "x_acme_account_id", "id"))
        let example = try #require(Catalog.standard.example(of: "order.placed", .full))
        let data = example.data.with("x_acme_account_id", "77")
        let terms = try DefinitionLog.verdict(log.history.current, "order.placed", example.stream, data).get().terms
        let stream = try StreamName(example.stream)
        #expect(Catalog.termExtractor.references("order.placed", stream, data.canonicalBytes) == terms)
    }

    @Test func `shares all other types with the catalog before`() throws {
        var log = DefinitionLog()
        try log.record(definition("x_acme.a", "a", "i"))
        let before = log.history.current
        try log.record(definition("order.placed", "x_acme_dock", "i"))
        let after = log.history.current
        #expect(before.table === after.table && after.table === Catalog.standard.table)
        #expect(before.custom?["x_acme.a"] === after.custom?["x_acme.a"] && before !== after)
    }
}
