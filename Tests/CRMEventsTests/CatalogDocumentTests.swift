import CRMEvents
import Foundation
import Testing

@Suite struct `The catalog in code` {
    static let workFolder = URL(filePath: #filePath).appending(path: "../../../..").standardized
    static let document = workFolder.appending(path: "shared/design/CATALOG.md")
    static let hasDocument = FileManager.default.fileExists(atPath: document.path)

    @Test(.enabled(if: hasDocument, "shared/design/CATALOG.md is not beside the package"))
    func `equals the document, field by field and term by term`() throws {
        let rows = try Self.rows(of: String(contentsOf: Self.document, encoding: .utf8))
        #expect(rows.count > 100)
        for definition in Catalog.standard.types {
            let row = try #require(rows[definition.name])
            #expect(Set(Self.notation(of: definition)) == row.fields, "\(definition.name)")
            #expect(definition.terms.map { $0.name + ($0.isAnchor ? "⚓" : "") } == row.terms, "\(definition.name)")
        }
    }

    @Test func `lists each type once, with a summary`() {
        let types = Catalog.standard.types
        #expect(Set(types.map(\.name)).count == types.count)
        for type in types {
            #expect(type.summary.hasSuffix(".") && !type.summary.contains("\n") && type.schema == 1)
            #expect(type.fields.count <= 64 && Set(type.fields.map(\.name)).count == type.fields.count)
            let names = Set(type.fields.map(\.name))
            #expect(names.isSuperset(of: type.terms.map(\.field)) && names.isSuperset(of: type.exactlyOneOf))
        }
    }

    @Test func `decodes every type that it accepts into its group`() throws {
        for example in Example.all {
            let definition = try #require(Catalog.standard[example.type])
            #expect(try decoded(example.type, example.stream, example.minimal).group == definition.group)
        }
    }

    /// The data column in our words: `UTM` is one word there, and a choice puts `!` on its last field.
    private static func notation(of definition: EventTypeDefinition) -> [String] {
        definition.fields.map { field in
            let isLastOfChoice = field.name == definition.exactlyOneOf.last
            return isLastOfChoice ? field.notation + "!" : field.notation
        }
    }

    /// Rows of the tables: name, fields and terms, without remarks (brackets after a space).
    private static func rows(of text: String) throws -> [String: (fields: Set<String>, terms: [String])] {
        var rows: [String: (fields: Set<String>, terms: [String])] = [:]
        let remark = try Regex(#" (\([^()]*\)|\[(?![{\]])[^\[\]]*\])"#)
        let utm = "utm_source:s utm_medium:s utm_campaign:s utm_term:s utm_content:s"
        for line in text.split(separator: "\n") where line.hasPrefix("| `") && line.contains(".") {
            let cells = line.components(separatedBy: " | ")
            guard cells.count >= 3 else { continue }
            let name = cells[0].filter { !"|` ".contains($0) }
            let data = cells[1].replacing(remark, with: "").replacing(" UTM", with: " " + utm)
            let terms = cells[2].split(separator: " ").map(String.init).filter { $0 != "–" }
            rows[name] = (Set(data.split(separator: " ").map(String.init).filter { $0 != "or" }), terms)
        }
        return rows
    }
}
