import CRMEvents
import CanonicalJSON
import EventModel
import Testing

/// The verdict of the door that takes personal members.
func verdict(
    _ type: String, _ stream: String, _ data: JSON
) throws -> Result<(terms: [String], personal: Int), InvalidEvent> {
    var terms = TermList()
    var personal = PersonalPlaces()
    let document = try JSONDocument(parsing: data.canonicalBytes)
    do throws(InvalidEvent) {
        try Catalog.standard.check(
            type: type.utf8.span, schema: 1, stream: stream.utf8.span, data: document.cursor, terms: &terms,
            personal: &personal)
        return .success((terms.texts, personal.count))
    } catch {
        return .failure(error)
    }
}

@Suite struct `Generated examples` {
    static let types = Catalog.standard.types.map(\.name)

    @Test(arguments: types) func `pass the door that takes personal members`(_ name: String) throws {
        let type = try #require(Catalog.standard[name])
        for extent in [EventExample.Extent.minimal, .full] {
            let example = try #require(Catalog.standard.example(of: name, extent))
            let (terms, personal) = try verdict(name, example.stream, example.data).get()
            let data = try JSONDocument(parsing: example.data.canonicalBytes).root
            #expect(terms == Catalog.terms(type: name, stream: try StreamName(example.stream), data: data))
            #expect(personal > 0 || extent == .minimal)
            #expect(JSON(data) == example.data && type.name == example.type)
            #expect(try decoded(name, example.stream, example.data).group == type.group)
        }
    }

    @Test(arguments: types) func `pass the other door without their personal members`(_ name: String) throws {
        let type = try #require(Catalog.standard[name])
        for extent in [EventExample.Extent.minimal, .full] {
            let example = try #require(Catalog.standard.example(of: name, extent, personal: .leftOut))
            let needed = type.fields.filter { $0.isRequired && $0.personal == .always }.map(\.name)
            if needed.isEmpty {
                _ = try check(name, example.stream, example.data)
            } else {
                #expect(try problems(name, example.stream, example.data).map(\.path) == needed)
            }
        }
    }

    @Test(arguments: types) func `hold every field of their type in the full extent`(_ name: String) throws {
        let type = try #require(Catalog.standard[name])
        let held = try #require(Catalog.standard.example(of: name, .full)).data.members.keys
        let expected = Set(type.fields.map(\.name) + ["note"]).subtracting(type.exactlyOneOf.dropFirst())
        #expect(Set(held) == expected)
        let least = try #require(Catalog.standard.example(of: name, .minimal)).data.members.keys
        let required = Set(type.fields.filter(\.isRequired).map(\.name)).union(type.exactlyOneOf.prefix(1))
        #expect(Set(least).subtracting(required).isSubset(of: ["currency"]) && required.isSubset(of: least))
    }

    @Test(arguments: types) func `with damage in a single place are refused by its name`(_ name: String) throws {
        let type = try #require(Catalog.standard[name])
        let example = try #require(Catalog.standard.example(of: name, .full))
        let mutations = Mutator(type, example.data).mutations
        #expect(mutations.count >= 10)
        for mutation in mutations {
            guard case .failure(.problems(_, let found, _)) = try verdict(name, example.stream, mutation.data) else {
                Issue.record("\(mutation.path) with \(mutation.what) was accepted")
                continue
            }
            #expect(
                found.contains { $0.path == mutation.path || $0.path.isInside(mutation.path) },
                "\(mutation.path) with \(mutation.what): \(found)")
            // What else goes wrong is the stream that the field names, or the choice that it was the half of.
            let others = found.filter { $0.path != mutation.path && !$0.path.isInside(mutation.path) }
            #expect(others.allSatisfy { ["stream", "data"].contains($0.path) }, "\(mutation.path): \(found)")
        }
    }

    @Test func `are damaged in thousands of places`() throws {
        let count = try Self.types.reduce(0) { sum, name in
            let example = try #require(Catalog.standard.example(of: name, .full))
            return sum + Mutator(try #require(Catalog.standard[name]), example.data).mutations.count
        }
        #expect(count > 5_000)
    }

    @Test(arguments: types) func `have each personal member refused by the other door`(_ name: String) throws {
        let type = try #require(Catalog.standard[name])
        let example = try #require(Catalog.standard.example(of: name, .full))
        let personal = type.allFields.filter { field in
            field.personal == .always || field.personal == .ifNaturalPerson && example.data["natural_person"] == true
        }
        let found = try problems(name, example.stream, example.data)
        for field in personal.prefix(4) where example.data[field.name] != nil {
            #expect(found.contains { $0.path == field.name && $0.problem.hasPrefix("is personal, and ") })
        }
    }
}

extension String {
    /// Whether this path leads into the value at another one.
    fileprivate func isInside(_ path: String) -> Bool { hasPrefix(path + ".") || hasPrefix(path + "[") }
}
