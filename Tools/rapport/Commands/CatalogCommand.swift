import ArgumentParser
import CRMEvents
import CanonicalJSON
import DurableFiles

/// `rapport catalog`: what may be appended. No server is asked.
struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Show the event types: fields, rules, schemas, examples.",
        discussion: """
            EXAMPLES
              rapport catalog list
              rapport catalog show lead.captured
              rapport catalog schema order.placed > order.placed.schema.json
              rapport catalog example order.placed --full
              rapport catalog page > catalog.md
              rapport catalog swift Sources/CRMEvents/Events

            The catalog is that of this program; no server is asked.
            """,
        subcommands: [List.self, Show.self, Schema.self, Example.self, Page.self, Swift.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every type, with what it says.")
        @Flag(help: "Answer in JSON.") var json = false

        func run() {
            let types = Catalog.standard.types
            Console.say(json ? [JSON.array(types.map(\.json)).canonicalText] : CatalogText.list(of: types))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One type: stream, fields, references, rules.")
        @Argument(help: "The type, such as lead.captured.") var type: String
        @Flag(help: "Answer in JSON.") var json = false

        func run() throws {
            let type = try CatalogCommand.definition(of: type)
            Console.say(json ? [type.json.canonicalText] : CatalogText.lines(for: type))
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The JSON Schema (2020-12) of a type's data.",
            discussion: "What a schema cannot say, the server checks all the same:\n"
                + Catalog.beyondJSONSchema.map { "  - \($0)" }.joined(separator: "\n"))
        @Argument(help: "The type, such as lead.captured.") var type: String

        func run() throws {
            let type = try CatalogCommand.definition(of: type)
            Console.say((Catalog.standard.jsonSchema(of: type.name) ?? .null).canonicalText)
        }
    }

    struct Example: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A valid event of a type, as a CloudEvent.")
        @Argument(help: "The type, such as lead.captured.") var type: String
        @Flag(help: "Every field instead of the required ones.") var full = false
        @Flag(help: "Leave personal members out.") var withoutPersonal = false

        func run() throws {
            let type = try CatalogCommand.definition(of: type)
            let example = Catalog.standard.example(
                of: type.name, full ? .full : .minimal, personal: withoutPersonal ? .leftOut : .included)
            guard let example else { return }
            let event: JSON = [
                "specversion": "1.0", "id": "example-1", "source": "/example", "type": .text(type.name),
                "dataschema": .text("urn:rapport:\(type.name):\(type.schema)"), "subject": .text(example.stream),
                "data": example.data,
            ]
            Console.say(event.canonicalText)
        }
    }

    struct Page: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The whole catalog as a page of Markdown.")

        func run() { Console.say(CatalogPage.lines(of: .standard)) }
    }

    struct Swift: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the Swift values that projections read events by.",
            discussion: "For the developers of Rapport, after a change of definitions: replaces the files of a folder.")
        @Argument(help: "The folder, which exists.") var folder: String

        func run() throws {
            for file in SwiftValues.files() {
                do throws(FileError) {
                    try DurableFiles.replace("\(folder)/\(file.name)", with: Array(file.source.utf8))
                } catch {
                    throw Failure(.usage, error.description)
                }
            }
        }
    }

    private static func definition(of type: String) throws(Failure) -> EventTypeDefinition {
        do throws(InvalidEvent) {
            return try Catalog.standard.definition(of: type)
        } catch {
            throw Failure(.usage, error.description)
        }
    }
}
