import ArgumentParser
import CanonicalJSON
import EventLog
import EventModel
import Presentation
import ProjectionRuntime
import ViewExports

/// `rapport-replay export`.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes all rows of a read model into a CSV, NDJSON or SQLite file.",
        discussion: """
            The log is folded anew up to the bounds, as 'as-of' does, and every row is of
            that one moment. Nested members become columns with dotted names, lists are
            JSON text. The first record of a CSV file, the first line of an NDJSON file
            and the table _export of an SQLite file say which view, version, position and
            time it is.

              export customer-360 --format csv --out customers.csv
              export sales-funnel --format sqlite --out deals.db --as-of 2025-06-30
              export churn-signals --format ndjson --out risk --with '{"fields":"bgnbd"}'

            Cells that a spreadsheet would run as a formula get a leading apostrophe, as
            OWASP recommends. Personal fields stay sealed unless --open-personal is given:
            erasing a person does not reach a file.
            """)

    @OptionGroup var options: DataOptions

    @Argument(help: "The read model.")
    var view: String

    @Option(help: "csv, ndjson or sqlite.", transform: parsedFormat)
    var format: ViewExport.Format

    @Option(help: "The file. It is replaced in one step when the new one is complete.")
    var out: String

    @OptionGroup var bounds: Bounds

    @OptionGroup var personal: PersonalOptions

    @Option(help: "Parameters of the scan, as a JSON object.")
    var with = "{}"

    private static func parsedFormat(_ word: String) throws -> ViewExport.Format {
        guard let format = ViewExport.Format(rawValue: word) else {
            throw ValidationError("--format takes csv, ndjson or sqlite")
        }
        return format
    }

    /// Rows of one page; every view gives so many.
    private static let pageRowCount: Int64 = 1000

    func run() async throws {
        try options.checkOutside(out)
        let model = try chosenModel(view)
        let limits = ReplayBounds(at: bounds.position, asOf: try bounds.moment())
        let parameters = try parsedParameters(with)
        let count = try await options.withLog { log in
            let progress = Progress("replay")
            let offline = try OfflineViews(
                source: personal.events(of: log, options), directory: options.directory.views)
            let answers = try await offline.asOf(model, limits, progress: { progress.show($0, $1) })
            progress.end()
            let stamp: JSON.Members = ["log": .text(log.identity), "parameters": .object(parameters)]
            return try await write(answers, parameters, stamp)
        }
        let said: JSON = ["view": .text(view), "file": .text(out), "rows": .integer(Int64(count))]
        print(options.json ? said.canonicalText : "\(count) rows of \(view) written to \(out)")
    }

    private func write(
        _ answers: ViewAnswers, _ members: JSON.Members, _ stamp: JSON.Members
    ) async throws -> Int {
        try await ViewExport(format, to: out, stamp: stamp).run { next in
            var parameters = members
            if parameters["limit"] == nil { parameters["limit"] = .integer(Self.pageRowCount) }
            if let next { parameters["from"] = .text(next) }
            return try answers.answer(.scan, .object(parameters)) ?? .null
        }
    }
}
