import CRMEvents
import CanonicalJSON
import EventModel
import Testing

@Suite struct `Checking an event` {
    @Test(arguments: Example.all) func `accepts the least and the most that a type may say`(_ example: Example) throws {
        _ = try check(example.type, example.stream, example.minimal)
        _ = try check(example.type, example.stream, example.full)
    }

    @Test(arguments: Example.all) func `has full examples that hold every public field`(_ example: Example) throws {
        let definition = try #require(Catalog.standard[example.type])
        let names = definition.fields.filter { $0.personal != .always }.map(\.name)
        // Of two that exclude each other, one must be missing.
        let absent = definition.exactlyOneOf.filter { example.full[$0] == nil }
        #expect(Set(names).subtracting(absent) == Set(example.full.members.keys))
    }

    @Test(arguments: Example.all) func `names each required field that is missing`(_ example: Example) throws {
        let definition = try #require(Catalog.standard[example.type])
        for field in definition.fields where field.isRequired {
            let found = try problems(example.type, example.stream, example.full.with(field.name, nil))
            #expect(found.first?.path == field.name)
            #expect(found.first?.problem.hasPrefix("is missing, required is ") == true)
        }
    }

    @Test(arguments: Example.all) func `names each field of a wrong kind`(_ example: Example) throws {
        for (name, value) in example.full.members {
            for wrong in wrongValues(for: value) {
                let found = try problems(example.type, example.stream, example.full.with(name, wrong))
                #expect(found.contains { $0.path.hasPrefix(name) }, "\(name) with \(wrong.canonicalText)")
            }
        }
    }

    @Test(arguments: Example.all) func `names an unknown field`(_ example: Example) throws {
        let found = try problems(example.type, example.stream, example.minimal.with("colour", "blue"))
        #expect(found.map(\.path) == ["colour"])
        #expect(found[0].problem.hasPrefix("is not a field here, allowed are "))
    }

    @Test(arguments: Example.all) func `names an unknown word of an enumeration and the known ones`(
        _ example: Example
    ) throws {
        let definition = try #require(Catalog.standard[example.type])
        for field in definition.fields {
            guard case .enumeration(let words) = field.kind else { continue }
            let found = try problems(example.type, example.stream, example.full.with(field.name, "purple"))
            #expect(found.map(\.path) == [field.name])
            #expect(found[0].problem == "is text of 6 bytes, allowed is one of \(words.joined(separator: ", "))")
        }
    }

    @Test(arguments: Example.all) func `refuses personal fields by name`(_ example: Example) throws {
        let definition = try #require(Catalog.standard[example.type])
        for field in definition.fields where field.personal == .always {
            for value: JSON in ["x", 1, ["given_name": "x"]] {
                let found = try problems(example.type, example.stream, example.minimal.with(field.name, value))
                #expect(found == [personal(field.name)])
            }
        }
        let noted = try problems(example.type, example.stream, example.minimal.with("note", "called him"))
        #expect(noted == [personal("note")])
    }

    @Test func `accepts what is personal of natural persons only, for others`() throws {
        let person: JSON = ["account_id": "42", "natural_person": true, "name": "Li Si", "legal_name": "Li Si"]
        #expect(Set(try problems("account.created", "account-42", person).map(\.path)) == ["name", "legal_name"])
        #expect(
            try problems("account.created", "account-42", person.with("name", nil).with("legal_name", nil))
                == [personal("name")])
        _ = try check("account.created", "account-42", person.with("natural_person", false))
        _ = try check("account.created", "account-42", person.with("natural_person", nil))
    }

    @Test func `reports several problems at once, eight of them in full`() throws {
        let error = try refusal(
            "opportunity.opened", "opportunity-o5",
            ["a": 1, "b": 1, "c": 1, "d": 1, "amount": "much", "stage_id": 4])
        guard case .problems(let type, let listed, let count) = error else {
            Issue.record("refused for another reason")
            return
        }
        // Four unknown, two of a wrong kind, and six of the seven required are missing.
        #expect(type == "opportunity.opened" && listed.count == 8 && count == 12)
        #expect(error.code == .invalidEvent && error.description.contains("; and 4 more. Nothing was written. "))
    }

    @Test func `refuses data that is no object`() throws {
        #expect(
            try problems("lead.assigned", "lead-9", ["u7"]).map(\.description) == [
                "data is a list of 1, allowed is an object"
            ])
    }

    @Test func `never repeats a value`() throws {
        let secret = "13812345678"
        for example in Example.all {
            for name in example.full.members.keys {
                let data = example.full.with(name, .array([.text(secret)])).with(secret, .text(secret))
                #expect(!(try refusal(example.type, example.stream, data).description.contains(secret)))
            }
        }
    }

    private func personal(_ name: String) -> FieldProblem {
        FieldProblem(path: name, problem: "is personal, and personal fields are not supported yet")
    }

    /// Values of every kind but that of the given one.
    private func wrongValues(for value: JSON) -> [JSON] {
        let candidates: [JSON] = [nil, true, 5, "x y", [5], ["x": 5]]
        return candidates.filter { candidate in
            switch (candidate, value) {
            case (.boolean, .boolean), (.integer, .integer), (.text, .text): false
            case (.object, .object) where value["stages"] == nil: false
            default: true
            }
        }
    }
}
