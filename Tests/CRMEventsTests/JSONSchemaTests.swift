import CRMEvents
import CanonicalJSON
import Foundation
import Testing

/// The independent validator: the Python package `jsonschema`.
enum SchemaValidator {
    /// The first Python that has it; `nil` where none does.
    static let python = ["/usr/bin/python3", "python3"].first { (try? run($0, "import jsonschema")) == 0 }
    static let isThere = python != nil

    /// Reads a line with a schema, then lines with documents; prints one letter for each document.
    private static let program = """
        import json, sys
        from jsonschema import Draft202012Validator
        with open(sys.argv[1]) as lines, open(sys.argv[2], 'w') as verdicts:
            for line in lines:
                case = json.loads(line)
                if 'schema' in case:
                    Draft202012Validator.check_schema(case['schema'])
                    checker = Draft202012Validator.FORMAT_CHECKER
                    validator = Draft202012Validator(case['schema'], format_checker=checker)
                else:
                    verdicts.write('a' if validator.is_valid(case['data']) else 'r')
        """

    /// The verdicts on the documents: `a` for accepted, `r` for refused.
    static func verdicts(on lines: [JSON]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "crm-schemas-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (cases, answers) = (folder.appending(path: "cases"), folder.appending(path: "answers"))
        let text = lines.map(\.canonicalText).joined(separator: "\n")
        try Data(text.utf8).write(to: cases)
        let status = try run(python ?? "python3", program, cases.path, answers.path)
        #expect(status == 0)
        return String(decoding: try Data(contentsOf: answers), as: UTF8.self)
    }

    private static func run(_ interpreter: String, _ program: String, _ arguments: String...) throws -> Int32 {
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = [interpreter, "-c", program] + arguments
        python.standardError = FileHandle.nullDevice
        try python.run()
        python.waitUntilExit()
        return python.terminationStatus
    }
}

@Suite struct `JSON Schemas` {
    private struct Case {
        let name: String
        let isAccepted: Bool
    }

    /// Every example is accepted, and every damaged one refused, by the check and by the validator alike.
    @Test(.enabled(if: SchemaValidator.isThere, "the Python package jsonschema is not installed"))
    func `accept and refuse what the check accepts and refuses`() throws {
        var lines: [JSON] = []
        var cases: [Case] = []
        for type in Catalog.standard.types {
            lines.append(["schema": try #require(Catalog.standard.jsonSchema(of: type.name))])
            for extent in [EventExample.Extent.minimal, .full] {
                let example = try #require(Catalog.standard.example(of: type.name, extent))
                lines.append(["data": example.data])
                cases.append(Case(name: "\(type.name), \(extent)", isAccepted: true))
                for mutation in Mutator(type, example.data).mutations {
                    lines.append(["data": mutation.data])
                    cases.append(Case(name: "\(type.name), \(mutation.path) \(mutation.what)", isAccepted: false))
                }
            }
            for (what, data, isAccepted) in try rules(of: type) {
                // Our own verdict first: the two are compared, not assumed.
                let stream = try #require(Catalog.standard.example(of: type.name, .full)).stream
                let isOurs = if case .success = try verdict(type.name, stream, data) { true } else { false }
                #expect(isOurs == isAccepted, "\(type.name), \(what)")
                lines.append(["data": data])
                cases.append(Case(name: "\(type.name), \(what)", isAccepted: isAccepted))
            }
        }
        let verdicts = Array(try SchemaValidator.verdicts(on: lines))
        #expect(verdicts.count == cases.count && cases.count > 8_000)
        for (verdict, wanted) in zip(verdicts, cases) where (verdict == "a") != wanted.isAccepted {
            Issue.record("\(wanted.name) was \(verdict == "a" ? "accepted" : "refused")")
        }
    }

    /// Cases of the rules over several fields that JSON Schema can say.
    private func rules(of type: EventTypeDefinition) throws -> [(String, JSON, Bool)] {
        let full = try #require(Catalog.standard.example(of: type.name, .full)).data
        var cases: [(String, JSON, Bool)] = []
        for rule in type.rules where rule.isInJSONSchema {
            switch rule {
            case .amountsNeedCurrency: cases.append((rule.words, full.with("currency", nil), false))
            case .only(let field, let other):
                let points = full.with(other, nil).with("points", 5)
                cases += [(rule.words, points, false), (rule.words, points.with(field, nil), true)]
            case .negativeOnly(let number, let other):
                cases += [
                    (rule.words, full.with(number, 1), false), (rule.words, full.with(number, 0), false),
                    (rule.words, full.with(other, nil), false),
                    (rule.words, full.with(other, nil).with(number, 0), true),
                ]
            case .eachHasOne(let list, let first, let second):
                let entry = try #require(full[list]?.elements?.first)
                let planned = entry.with(first, nil).with(second, "plan1").with("instalment_no", 2)
                cases += [
                    (rule.words, full.with(list, [planned]), true),
                    (rule.words, full.with(list, [entry.with(first, nil)]), false),
                    (rule.words, full.with(list, [planned.with(first, "invoice1")]), false),
                ]
            case .eachHasBoth(let list, let first, let second):
                let entry = try #require(full[list]?.elements?.first)
                cases.append((rule.words, full.with(list, [entry.with(second, 1)]), false))
                _ = first
            case .ruleBody:
                cases += [
                    ("no stages", full.with("body", ["stages": []]), false),
                    ("an fx body", full.with("kind", "fx").with("body", ["rates": []]), true),
                    ("a foreign body", full.with("kind", "fx"), false),
                    ("a body that nothing fixes", full.with("kind", "pool").with("body", ["any": 1]), true),
                ]
            case .totalOfLines, .ordered, .sameCount, .fieldDefinition: break
            }
        }
        return cases
    }

    @Test func `say what they cannot say`() {
        let silent = Catalog.standard.types.flatMap(\.rules).filter { !$0.isInJSONSchema }
        #expect(!silent.isEmpty && Catalog.beyondJSONSchema.count == 11)
        #expect(Catalog.standard.jsonSchema(of: "weather.turned") == nil)
    }
}
