@testable import CRMEvents
import CanonicalJSON
import EventModel
import SeededRandom
import Testing

@Suite struct `A definition of a field` {
    private let visit = "x_acme.site_visited"

    private func refusals(_ definition: JSON, after earlier: [JSON] = []) throws -> [String] {
        var log = DefinitionLog()
        for definition in earlier { try log.record(definition) }
        let paths = try DefinitionLog.refusals(log.history.current, definition)
        // What the door refuses has no effect where it was recorded nevertheless, and what it takes has one.
        let count = log.events.count
        let isTaken = log.history.apply(try DefinitionLog.event(definition, at: UInt64(count)))
        #expect(isTaken == paths.isEmpty, "\(definition.canonicalText)")
        return paths
    }

    @Test(
        arguments: [
            (definition("account.created", "x_acme_motto", "s"), []),
            (definition("account.created", "motto", "s"), ["field"]),
            (definition("account.created", "x_acme.motto", "s"), ["field"]),
            (definition("account.created", "x_Acme_motto", "s"), ["field"]),
            (definition("account.created", "x_acme_13812345678", "s"), ["field"]),
            (definition("account.created", "x_acme_", "s"), ["field"]),
            (definition("account.created", "x__motto", "s"), ["field"]),
            (definition("x_acme.visited", "motto", "s"), []),
            (definition("x_acme.visited", "x_other_motto", "s"), ["field"]),
            (definition("x_acme.visited", "note", "s", ["personal": true]), ["field"]),
            (definition("x_acme.visited", "Motto", "s"), ["field"]),
            (definition("x_acme.visited", "1st", "s"), ["field"]),
            (definition("account.never", "x_acme_motto", "s"), ["entity"]),
            (definition("x_acme_b.visited", "x_acme_motto", "s"), ["entity"]),
            (definition("x_.visited", "x_acme_motto", "s"), ["entity"]),
            (definition("x_acme.Visited", "x_acme_motto", "s"), ["entity"]),
            (definition("field.defined", "x_acme_motto", "s"), ["entity"]),
            (definition("rule.published", "x_acme_motto", "s"), ["entity"]),
            (definition("checkpoint.anchored", "x_acme_motto", "s"), ["entity"]),
        ] as [(JSON, [String])])
    func `names a type, and a field in a namespace of its own`(definition: JSON, paths: [String]) throws {
        #expect(try refusals(definition) == paths)
    }

    @Test(
        arguments: [
            ("id", true), ("s", true), ("b", true), ("i", true), ("bp", true), ("m", true), ("ts", true), ("d", true),
            ("dur", true), ("e{low,high}", true), ("[s]", true), ("[[i]]", true), ("{}", true), ("LINE", true),
            ("{system:s,id:id!}", true), ("[{no:i!,amount:m}]", true), ("e{}", false), ("e{low,low}", false),
            ("e{Low}", false), ("", false), ("text", false), ("f", false), ("[i", false), ("i]", false), ("{a}", false),
            ("{a:i,a:i}", false), ("{x_acme_a:i}", false), ("[[[[[i]]]]]", false), ("CHANGES", false),
            ("{n→nano:i}", false),
            ("i ", false), ("e", false), ("float", false),
        ])
    func `writes its kind as the catalog does`(sign: String, isKind: Bool) throws {
        #expect(try refusals(definition(visit, "answer", sign)) == (isKind ? [] : ["type"]))
        if isKind { #expect(FieldKind(sign: sign)?.sign == sign) }
    }

    /// Signs of the whole catalog read back as themselves: the document's own notation is the test's answer.
    @Test func `reads the signs of every field of the catalog`() {
        var count = 0
        for field in Catalog.standard.types.flatMap(\.allFields) {
            switch field.kind {
            case .changes, .anyChanges, .map: #expect(FieldKind(sign: field.kind.sign) == nil)
            default:
                #expect(FieldKind(sign: field.kind.sign)?.sign == field.kind.sign, "\(field.notation)")
                count += 1
            }
        }
        #expect(count > 500)
    }

    @Test func `lets the name say more than the sign`() throws {
        var log = DefinitionLog()
        for (name, sign) in [
            ("reason", "s"), ("exit_code", "s"), ("page_url", "s"), ("currency", "s"), ("party_id", "id"),
            ("party_ids", "[id]"), ("account_id", "id"), ("target_type", "s"), ("target_id", "id"), ("motto", "s"),
        ] { try log.record(definition(visit, name, sign)) }
        #expect(
            log.history.current[visit]?.fields.map(\.kind) == [
                .code, .code, .url, .currency, .party, .list(of: .party), .id, .code, .id, .text,
            ])
        #expect(try refusals(definition(visit, "account_id", "s")) == ["type"])
        #expect(try refusals(definition(visit, "party_ids", "id")) == ["type"])
        #expect(try refusals(definition(visit, "account_id", "id", ["personal": true])) == ["personal"])
        #expect(try refusals(definition("order.placed", "x_acme_exit_code", "s")) == [])
    }

    @Test func `makes prose personal`() throws {
        for name in ["comment", "message", "text", "subject"] {
            #expect(try refusals(definition(visit, name, "s")) == ["personal"])
            #expect(try refusals(definition(visit, name, "[s]")) == ["personal"])
            #expect(try refusals(definition(visit, "answers", "[{\(name):s}]")) == ["personal"])
            #expect(try refusals(definition(visit, name, "s", ["personal": true])) == [])
            #expect(try refusals(definition("order.placed", "x_acme_\(name)", "s")) == ["personal"])
        }
        #expect(try refusals(definition(visit, "comment", "i")) == [])
    }

    @Test func `names the subject of a personal field, one for each type`() throws {
        let account = definition(visit, "account_id", "id")
        let contact = definition(visit, "contact_id", "id")
        let machine = definition(visit, "machine_id", "id")
        func personal(_ name: String, _ subject: JSON?) -> JSON {
            definition(visit, name, "s", ["personal": true]).with("subject_field", subject)
        }
        let sealed = personal("report", "account_id")
        #expect(try refusals(sealed) == ["subject_field"])
        #expect(try refusals(sealed, after: [account]) == [])
        #expect(try refusals(personal("report", "machine_id"), after: [machine]) == ["subject_field"])
        #expect(try refusals(personal("more", "contact_id"), after: [account, contact, sealed]) == ["subject_field"])
        #expect(try refusals(personal("more", nil), after: [account, sealed]) == ["subject_field"])
        #expect(try refusals(personal("more", "account_id"), after: [account, sealed]) == [])
        #expect(try refusals(account.with("subject_field", "contact_id")) == ["subject_field"])
        let own = definition("account.created", "x_acme_motto", "s", ["personal": true])
        #expect(try refusals(own) == [] && refusals(own.with("subject_field", "account_id")) == [])
        #expect(try refusals(own.with("subject_field", "owner_id")) == ["subject_field"])
    }

    @Test func `contradicts no earlier one`() throws {
        let kind = definition(visit, "kind", "e{audit,repair}", ["unit": "kg"])
        func after(_ changes: JSON.Members) throws -> [String] {
            try refusals(changes.reduce(kind) { $0.with($1.key, $1.value) }, after: [kind])
        }
        #expect(try after([:]) == [] && after(["type": "e{repair,audit,visit}"]) == [])
        #expect(try after(["type": "e{audit}"]) == ["type"] && after(["type": "s"]) == ["type"])
        #expect(try after(["personal": true]) == ["personal"] && after(["unit": "t"]) == ["unit"])
        #expect(try after(["required": true]) == [] && after(["deprecated": true]) == [])
        #expect(try refusals(kind.with("unit", .text(String(repeating: "k", count: 33)))) == ["unit"])
    }

    @Test func `fits into the room of its type`() throws {
        var log = DefinitionLog()
        for index in 0..<63 { try log.record(definition(visit, "f\(index)", "i")) }
        #expect(log.history.current[visit]?.allFields.count == 64)
        #expect(try DefinitionLog.refusals(log.history.current, definition(visit, "f63", "i")) == ["field"])
        var data: JSON.Members = ["note": "x"]
        for index in 0..<63 { data["f\(index)"] = 1 }
        _ = try DefinitionLog.verdict(log.history.current, visit, "x_acme-1", .object(data)).get()
    }

    @Test func `brings a bounded number of names and words`() throws {
        let words = (0..<127).map { "w\($0)" }.joined(separator: ",")
        var log = DefinitionLog()
        for index in 0..<4 { try log.record(definition(visit, "f\(index)", "e{\(words)}")) }
        #expect(log.history.current[visit]?.fields.count == 4)
        #expect(try DefinitionLog.refusals(log.history.current, definition(visit, "more", "i")) == ["type"])
        #expect(try refusals(definition(visit, "more", "e{\(words),a,b}")) == ["type"])
    }

    /// Whatever is written as a kind, the reader ends, and what it takes it can write again.
    @Test func `reads any text as a kind, or as none`() throws {
        let seed: UInt64 = 4_020_261_122
        var random = SplitMix64(seed: seed)
        let parts = [
            "{", "}", "[", "]", ":", "!", ",", "e{", "a", "b_1", "id", "s", "i", "LINE", " ", "x_", "é", "account_id",
        ]
        var kindCount = 0
        for round in 0..<20_000 {
            let sign = (0..<(1 + random.next() % 9)).map { _ in parts[Int(random.next() % UInt64(parts.count))] }
                .joined()
            guard let kind = FieldKind(sign: sign) else { continue }
            kindCount += 1
            #expect(kind.sign == sign, "seed \(seed), round \(round)")
        }
        #expect(kindCount > 500)
        #expect(FieldKind(sign: String(repeating: "[", count: 4_000)) == nil)
        #expect(FieldKind(sign: String(repeating: "i", count: 5_000)) == nil)
    }

    @Test func `is one of few types`() throws {
        var log = DefinitionLog()
        for index in 0..<CustomTypes.countMax { try log.record(definition("x_acme.t\(index)", "a", "i")) }
        let one = definition("x_acme.more", "a", "i")
        #expect(try DefinitionLog.refusals(log.history.current, one) == ["entity"])
        #expect(try DefinitionLog.refusals(log.history.current, definition("x_acme.t7", "b", "i")) == [])
        #expect(log.history.current.types.count == Catalog.standard.types.count + CustomTypes.countMax)
    }

    @Test func `is explained in three sentences that name the field`() throws {
        let result = try DefinitionLog.verdict(
            .standard, "field.defined", "field-x_acme.a", definition("x_acme.a", "b", "float"))
        guard case .failure(let error) = result else { Issue.record("accepted"); return }
        #expect(error.description.hasPrefix("field.defined has 1 problem: type is no kind of field, allowed are"))
        #expect(error.code == .invalidEvent)
    }

    @Test func `of retention speaks of types that there are`() throws {
        var log = DefinitionLog()
        func paths(_ types: JSON) throws -> [String] {
            let example = try #require(Catalog.standard.example(of: "rule.published", .minimal))
            let body: JSON = ["types": types, "purpose": "sales", "keep": 5, "legal_basis": "law"]
            let data = example.data.with("kind", "retention").with("body", body)
            let result = try DefinitionLog.verdict(log.history.current, "rule.published", example.stream, data)
            guard case .failure(.problems(_, let problems, _)) = result else { return [] }
            return problems.map(\.path)
        }
        #expect(try paths(["lead.captured", "x_acme.site_visited"]) == ["body.types[1]"])
        try log.record(definition(visit, "answer", "i"))
        #expect(try paths(["lead.captured", "x_acme.site_visited"]) == [])
        #expect(try paths(["lead.never", "lead.captured", "never"]) == ["body.types[0]", "body.types[2]"])
    }
}
