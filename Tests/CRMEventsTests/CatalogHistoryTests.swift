@testable import CRMEvents
import CanonicalJSON
import EventModel
import SeededRandom
import Testing

/// What a company's fields must be, told by the words of the rules and not by the code: per type, the fields in the
/// order of their first definition; the first kind and mark count, an enumeration may grow.
private struct FieldModel: Equatable {
    struct Entry: Equatable {
        let name: String
        var words: Set<String>
        let sign: String
        let isPersonal: Bool
        var isRequired: Bool
        var isDeprecated: Bool
    }

    var types: [String: [Entry]] = [:]

    mutating func record(_ data: JSON) {
        let (entity, name, sign) = (data["entity"]?.text ?? "", data["field"]?.text ?? "", data["type"]?.text ?? "")
        let isOwn = entity.hasPrefix("x_")
        guard name.hasPrefix("x_") != isOwn else { return }
        let isEnumeration = sign.hasPrefix("e{")
        let words = isEnumeration ? Set(sign.dropFirst(2).dropLast().split(separator: ",").map(String.init)) : []
        let isDeprecated = data["deprecated"] == true
        var entry = Entry(
            name: name, words: words, sign: isEnumeration ? "e" : sign, isPersonal: data["personal"] == true,
            isRequired: data["required"] == true && !isDeprecated, isDeprecated: isDeprecated)
        guard let place = types[entity]?.firstIndex(where: { $0.name == name }) else {
            types[entity, default: []].append(entry)
            return
        }
        guard let known = types[entity]?[place], known.sign == entry.sign, known.isPersonal == entry.isPersonal,
            known.words.isSubset(of: words)
        else { return }
        entry.words = words
        types[entity]?[place] = entry
    }
}

extension FieldModel {
    /// The same, read off a catalog.
    init(_ catalog: Catalog) {
        for type in catalog.types {
            let own = type.group == .custom ? type.fields : type.fields.filter { $0.name.hasPrefix("x_") }
            guard !own.isEmpty else { continue }
            types[type.name] = own.map { field in
                var words: Set<String> = []
                if case .enumeration(let all) = field.kind { words = Set(all) }
                return Entry(
                    name: field.name, words: words, sign: words.isEmpty ? field.kind.sign : "e",
                    isPersonal: field.personal == .always, isRequired: field.isRequired,
                    isDeprecated: field.isDeprecated)
            }
        }
    }
}

@Suite struct `A history of definitions` {
    private static func randomDefinition(_ random: inout SplitMix64) -> JSON {
        let entities = ["x_acme.a", "x_acme.b", "x_other.a", "order.placed", "lead.captured"]
        let names = ["size", "kind", "x_acme_size", "x_other_kind"]
        let signs = ["i", "s", "e{a}", "e{a,b}", "e{b,c,a}", "[id]", "{n:i}"]
        func one(_ words: [String], _ random: inout SplitMix64) -> JSON {
            .text(words[Int(random.next() % UInt64(words.count))])
        }
        var data: JSON = ["entity": one(entities, &random), "field": one(names, &random)]
        data = data.with("type", one(signs, &random)).with("personal", .boolean(random.next() % 4 == 0))
        if random.next() % 3 == 0 { data = data.with("required", true) }
        if random.next() % 5 == 0 { data = data.with("deprecated", true) }
        return data
    }

    @Test func `gives at every position what the definitions before it make, a thousand times`() throws {
        let seed: UInt64 = 20_261_122
        var random = SplitMix64(seed: seed)
        var changeCount = 0
        for round in 0..<1_000 {
            var log = DefinitionLog()
            var models = [FieldModel()]
            for _ in 0..<(4 + random.next() % 12) {
                var model = models[models.count - 1]
                if random.next() % 4 == 0 {
                    try log.recordAnother()
                } else {
                    let data = Self.randomDefinition(&random)
                    try log.record(data)
                    model.record(data)
                }
                models.append(model)
            }
            for (position, model) in models.enumerated() {
                let snapshot = log.history.catalog(at: Position(UInt64(position)))
                #expect(FieldModel(snapshot) == model, "seed \(seed), round \(round), position \(position)")
                if position > 0, model != models[position - 1] { changeCount += 1 }
            }
            // The fold of a prefix, which knows nothing of what came later, is the snapshot.
            let end = Int(random.next() % UInt64(log.events.count + 1))
            var prefix = CatalogHistory()
            for event in log.events[..<end] { prefix.apply(event) }
            let snapshot = log.history.catalog(at: Position(UInt64(end)))
            #expect(prefix.current.types == snapshot.types, "seed \(seed), round \(round), end \(end)")
            #expect(prefix.current.personalNames == snapshot.personalNames, "seed \(seed), round \(round)")
        }
        #expect(changeCount > 2_000)
    }

    /// Tells the history of a definition at a position; answers whether the catalog changed.
    private func tell(_ history: inout CatalogHistory, _ data: JSON, at position: UInt64) throws -> Bool {
        history.apply(try DefinitionLog.event(data, at: position))
    }

    @Test func `is told each position once, in order`() throws {
        var history = CatalogHistory()
        let isFirst = try tell(&history, definition("x_acme.a", "a", "i"), at: 5)
        #expect(isFirst && history.next == Position(6))
        let isAgain = try tell(&history, definition("x_acme.a", "a", "i"), at: 5)
        let isEarlier = try tell(&history, definition("x_acme.a", "b", "i"), at: 4)
        #expect(!isAgain && !isEarlier)
        #expect(history.current["x_acme.a"]?.fields.map(\.name) == ["a"])
        #expect(history.catalog(at: Position(5)) === Catalog.standard)
        #expect(history.catalog(at: Position(6)) === history.current)
    }

    @Test func `passes over what is no definition`() throws {
        var history = CatalogHistory()
        let malformed: [JSON] = [
            [:], ["entity": 5], definition("x_acme.a", "a", "float"), definition("never.heard", "a", "i"),
        ]
        for (index, data) in malformed.enumerated() {
            let isTaken = try tell(&history, data, at: UInt64(index))
            #expect(!isTaken)
        }
        var broken = try DefinitionLog.event([:], at: 9)
        broken.content.data = Array("{".utf8)
        let isTaken = history.apply(broken)
        #expect(!isTaken && history.current === Catalog.standard && history.next == Position(10))
    }
}

@Suite struct `The catalog of a running server` {
    private func log(_ count: Int) throws -> [RecordedEvent] {
        try (0..<count).map { index in
            try DefinitionLog.event(definition("x_acme.a", "f\(index)", "i"), at: UInt64(index * 10))
        }
    }

    @Test func `is rebuilt from the definitions of the log, page by page`() throws {
        let events = try log(7)
        let catalog = CustomCatalog()
        var froms: [UInt64] = []
        catalog.catchUp { from in
            froms.append(from.index)
            return Array(events.filter { $0.position >= from }.prefix(3))
        }
        #expect(froms == [0, 21, 51, 61])
        #expect(catalog.current["x_acme.a"]?.fields.count == 7)
        #expect(catalog.catalog(at: Position(20))["x_acme.a"]?.fields.count == 2)
        #expect(CatalogHistory.definitions == EventQuery([.init(types: ["field.defined"])]))
    }

    @Test func `ends at a page that brings nothing new, and hands on what reading throws`() throws {
        struct Broken: Error {}
        let events = try log(2)
        let catalog = CustomCatalog()
        catalog.catchUp { _ in events }
        #expect(catalog.current["x_acme.a"]?.fields.count == 2)
        #expect(throws: Broken.self) { try catalog.catchUp { _ throws(Broken) in throw Broken() } }
    }

    @Test func `learns what is recorded, and gives the same as a rebuild`() throws {
        let events = try log(5)
        let (live, rebuilt) = (CustomCatalog(), CustomCatalog())
        #expect(live.current === Catalog.standard)
        for event in events {
            live.record(event)
            live.record(try recorded("lead.qualified", "lead-9", [:], at: event.position.index + 1))
        }
        rebuilt.catchUp { from in events.filter { $0.position >= from } }
        #expect(live.current.types == rebuilt.current.types && live.known.next == Position(42))
    }
}
