import ArgumentParser
import CanonicalJSON
import EventClient
import EventModel
import ViewExports
import WireProtocol

extension View {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "All rows of a view in a CSV, NDJSON or SQLite file.",
            discussion: """
                Every page is asked for at the position of the first, so the rows are of one
                moment while the view moves on. 'rapport-replay export' does the same without
                the server.
                """)
        @Argument(help: "The view, such as customer-360.") var view: String
        @Argument(help: "Parameters as name=value.") var parameters: [String] = []
        @Option(help: "csv, ndjson or sqlite.", transform: parsedFormat) var format: ViewExport.Format
        @Option(help: "The file. It is replaced in one step when the new one is complete.") var out: String
        @OptionGroup var bounds: Bounds
        @OptionGroup var options: ServerOptions

        /// Rows of one page; every view gives so many.
        private static let pageRowCount = 1000

        func run() async throws {
            // Without a bound of its own the export is of the newest position, which must not move between pages.
            let words =
                parameters.contains { $0.hasPrefix("limit=") }
                ? parameters : parameters + ["limit=\(Self.pageRowCount)"]
            try await options.withClient { client in
                var question = try bounds.options(words)
                if question.at == nil {
                    let newest = try await client.scan(view, bounds.options(parameters + ["limit=1"]))
                    question.at = newest?["position"]?.integer.map { Position(UInt64(clamping: $0)) }
                }
                let fixed = question
                let count = try await ViewExport(format, to: out).run { next in
                    var page = fixed
                    if let next { page.parameters = try bounds.options(words + ["from=\(next)"]).parameters }
                    return try await client.scan(view, page) ?? .null
                }
                let said: JSON = ["view": .text(view), "file": .text(out), "rows": .integer(Int64(count))]
                Console.say(options.json ? said.canonicalText : "\(count) rows of \(view) written to \(out)")
            }
        }

        private static func parsedFormat(_ word: String) throws -> ViewExport.Format {
            guard let format = ViewExport.Format(rawValue: word) else {
                throw ValidationError("--format takes csv, ndjson or sqlite")
            }
            return format
        }
    }
}
