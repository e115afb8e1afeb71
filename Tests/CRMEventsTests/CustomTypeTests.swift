@testable import CRMEvents
import CanonicalJSON
import EventModel
import Testing

/// A log of definitions, and the verdicts of the doors at its positions.
struct DefinitionLog {
    var history = CatalogHistory()
    private(set) var events: [RecordedEvent] = []

    /// Records a definition, whatever the door would say.
    mutating func record(_ data: JSON) throws {
        let event = try DefinitionLog.event(data, at: UInt64(events.count))
        events.append(event)
        history.apply(event)
    }

    /// Records an event of another type.
    mutating func recordAnother() throws {
        let event = try recorded(
            "lead.qualified", "lead-9", ["stage": "mql", "criteria_version": 1, "by": "u7"], at: UInt64(events.count))
        events.append(event)
        history.apply(event)
    }

    static func event(_ data: JSON, at position: UInt64) throws -> RecordedEvent {
        try recorded("field.defined", "field-\(data["entity"]?.text ?? "x")", data, at: position)
    }

    /// The answer of the door that takes personal members: terms, and the personal members by their texts.
    static func verdict(
        _ catalog: Catalog, _ type: String, _ stream: String, _ data: JSON
    ) throws -> Result<(terms: [String], personal: [JSON]), InvalidEvent> {
        var terms = TermList()
        var personal = PersonalPlaces()
        let document = try JSONDocument(parsing: data.canonicalBytes)
        do throws(InvalidEvent) {
            try catalog.check(
                type: type.utf8.span, schema: 1, stream: stream.utf8.span, data: document.cursor, terms: &terms,
                personal: &personal)
            return .success((terms.texts, (0..<personal.count).map { JSON(document.root.value(at: personal[$0])) }))
        } catch {
            return .failure(error)
        }
    }

    /// What the door says to a definition: the paths that it names.
    static func refusals(_ catalog: Catalog, _ definition: JSON) throws -> [String] {
        let stream = "field-\(definition["entity"]?.text ?? "x")"
        switch try verdict(catalog, "field.defined", stream, definition) {
        case .success: return []
        case .failure(.problems(let type, let problems, _)):
            #expect(type == "field.defined")
            return problems.map(\.path)
        case .failure(let error):
            Issue.record(error)
            return []
        }
    }
}

/// A definition with the members that most have.
func definition(_ entity: String, _ field: String, _ type: String, _ more: JSON.Members = [:]) -> JSON {
    var members: JSON.Members = [
        "entity": .text(entity), "field": .text(field), "type": .text(type), "personal": false,
    ]
    members.merge(more) { _, new in new }
    return .object(members)
}

@Suite struct `A company's own type` {
    private let visit = "x_acme.site_visited"

    private func visits() throws -> DefinitionLog {
        var log = DefinitionLog()
        try log.recordAnother()
        try log.record(definition(visit, "account_id", "id", ["required": true]))
        try log.record(definition(visit, "purpose", "e{audit,repair}"))
        try log.recordAnother()
        try log.record(definition(visit, "report", "s", ["personal": true, "subject_field": "account_id"]))
        try log.record(definition(visit, "machine_ids", "[id]"))
        return log
    }

    private func verdict(
        _ log: DefinitionLog, at position: UInt64, _ data: JSON, _ stream: String = "x_acme_visit-1"
    ) throws -> Result<(terms: [String], personal: [JSON]), InvalidEvent> {
        try DefinitionLog.verdict(log.history.catalog(at: Position(position)), visit, stream, data)
    }

    private func paths(
        _ log: DefinitionLog, at position: UInt64, _ data: JSON, _ stream: String = "x_acme_visit-1"
    ) throws -> [String] {
        guard case .failure(.problems(_, let problems, _)) = try verdict(log, at: position, data, stream) else {
            return []
        }
        return problems.map(\.path)
    }

    @Test func `is unknown at the position of its first definition, and known behind it`() throws {
        let log = try visits()
        for position in [0, 1] as [UInt64] {
            guard case .failure(let error) = try verdict(log, at: position, ["account_id": "42"]) else {
                Issue.record("accepted at \(position)")
                continue
            }
            #expect(error == .unknownType(visit, nearest: nil) && error.code == .unknownType)
            #expect(error.description.contains("Record a field.defined"))
        }
        #expect(try verdict(log, at: 2, ["account_id": "42"]).get().terms == ["account:42"])
    }

    @Test func `takes a field from the position behind its definition on`() throws {
        let log = try visits()
        let data: JSON = ["account_id": "42", "purpose": "audit"]
        #expect(try paths(log, at: 2, data) == ["purpose"])
        for position in [3, 4, 6, 99] as [UInt64] { _ = try verdict(log, at: position, data).get() }
    }

    @Test func `is checked like any other`() throws {
        let log = try visits()
        #expect(try paths(log, at: 9, [:]) == ["account_id"])
        #expect(try paths(log, at: 9, ["account_id": "13812345678"]) == ["account_id"])
        #expect(try paths(log, at: 9, ["account_id": "42", "purpose": "tea"]) == ["purpose"])
        #expect(try paths(log, at: 9, ["account_id": "42", "colour": "red"]) == ["colour"])
        #expect(try paths(log, at: 9, ["account_id": "42", "machine_ids": ["m1", 2]]) == ["machine_ids[1]"])
        let catalog = log.history.current
        #expect(throws: InvalidEvent.unknownSchema(type: visit, found: 2, known: 1)) {
            try catalog.check(
                type: visit, schema: 2, stream: try StreamName("x_acme-1"),
                data: try JSONDocument(parsing: Array("{}".utf8)).root)
        }
    }

    @Test(
        arguments: [
            ("x_acme-1", true), ("x_acme_visit-1", true), ("x_acme_a_b-1-2", true), ("x_acme2-1", false),
            ("x_acmevisit-1", false), ("x_acme.visit-1", false), ("account-42", false), ("x_other-1", false),
            ("x_acme_Visit-1", false),
        ])
    func `lives in categories of its tenant only`(stream: String, isAllowed: Bool) throws {
        let log = try visits()
        #expect(try paths(log, at: 9, ["account_id": "42"], stream) == (isAllowed ? [] : ["stream"]))
    }

    @Test func `seals what is defined as personal, and the note of every type`() throws {
        let log = try visits()
        let data: JSON = ["account_id": "42", "report": "Li was ill.", "note": "call again"]
        #expect(try Set(verdict(log, at: 9, data).get().personal) == ["Li was ill.", "call again"])
        let type = try #require(log.history.current[visit])
        #expect(type.sealing == SubjectRule("account_id", .field("account_id"), for: .identity))
        #expect(type.personalPaths.map(\.path) == ["report", "note"])
        // Before anybody is named as the subject, a note goes under the stream's own key.
        #expect(log.history.catalog(at: Position(3))[visit]?.sealing.subjects == [.itself])
    }

    @Test func `is refused with its personal members by the other door`() throws {
        let log = try visits()
        let error = #expect(throws: InvalidEvent.self) {
            try log.history.current.check(
                type: visit, schema: 1, stream: try StreamName("x_acme-1"),
                data: try JSONDocument(parsing: (["account_id": "42", "report": "x"] as JSON).canonicalBytes).root)
        }
        guard case .problems(_, let problems, _) = error else { Issue.record("another reason"); return }
        #expect(problems.map(\.path) == ["report"])
    }

    @Test func `has its personal names sealed in corrections of any type`() throws {
        let log = try visits()
        func personal(at position: UInt64) throws -> [JSON] {
            let data: JSON = [
                "corrects_event_id": "e1", "reason": "typo",
                "changes": [["field": "report", "old": "a", "new": "b"], ["field": "name", "old": "c", "new": "d"]],
            ]
            let catalog = log.history.catalog(at: Position(position))
            return try DefinitionLog.verdict(catalog, "event.corrected", "x_acme-1", data).get().personal
        }
        // `name` is personal in `user.status_changed` of the catalog.
        #expect(try personal(at: 4) == ["d", "c"])
        #expect(try personal(at: 5) == ["b", "a", "d", "c"])
    }

    /// The index is rebuilt without definitions, so the names alone must give the same terms.
    @Test func `has the terms that follow from the names of its fields alone`() throws {
        var log = DefinitionLog()
        let fields: [(String, String, JSON)] = [
            ("target_id", "id", "o5"), ("owner_id", "id", "u7"), ("party_ids", "[id]", ["lead-9", "account-42"]),
            ("account_id", "id", "42"), ("machine_id", "id", "m1"), ("target_type", "s", "opportunity"),
            ("resolver_id", "id", "u8"), ("parent_id", "id", "k1"), ("about_id", "id", "a1"),
        ]
        var data: JSON.Members = [:]
        for (name, sign, value) in fields {
            try log.record(definition(visit, name, sign))
            data[name] = value
        }
        let terms = try DefinitionLog.verdict(log.history.current, visit, "x_acme-1", .object(data)).get().terms
        #expect(terms == ["account:42", "lead:9", "owner:u7", "user:u8", "opportunity:o5"])
        let rebuilt = Catalog.termExtractor.references(
            visit, try StreamName("x_acme-1"), JSON.object(data).canonicalBytes)
        #expect(rebuilt == terms && Catalog.termsVersion == 2)
        #expect(Catalog.termExtractor.references("x_.y", try StreamName("x_acme-1"), Array("{}".utf8)) == [])
    }

    @Test func `is described like the types of the catalog`() throws {
        var log = try visits()
        try log.record(definition(visit, "weight", "i", ["unit": "kg", "deprecated": true]))
        let catalog = log.history.current
        #expect(catalog.types.count == Catalog.standard.types.count + 1 && catalog.types.last?.name == visit)
        let schema = try #require(catalog.jsonSchema(of: visit))
        #expect(schema["properties"]?["weight"]?["x-unit"] == "kg")
        #expect(schema["properties"]?["weight"]?["deprecated"] == true)
        #expect(schema["required"] == ["account_id"] && schema["$id"] == .text("urn:rapport:\(visit):1"))
        let example = try #require(catalog.example(of: visit, .full))
        _ = try DefinitionLog.verdict(catalog, visit, example.stream, example.data).get()
        #expect(try catalog.definition(of: visit).json["stream"] == "x_acme-{id} or x_acme_…-{id}")
        #expect(Catalog.standard[visit] == nil)
    }
}
