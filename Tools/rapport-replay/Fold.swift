import ArgumentParser
import CRMEvents
import CanonicalJSON
import EventLog
import EventModel
import Foundation
import Presentation
import SQLProjections

/// `rapport-replay fold`.
struct Fold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Folds the log into an SQLite file, by a projection written in SQL.",
        discussion: """
            A projection is one file: its name and version, the tables, and for each type
            of event the statements that change them. Projections/SQL holds two to start
            from; README.md explains the form.

              fold Projections/SQL/revenue-by-month.sql --out revenue.db
              sqlite3 -box revenue.db 'SELECT * FROM revenue_by_month'
              fold my-question.sql --check              is it a projection? No log is read.
              fold my-question.sql --as-of 2025-06-30   of what had happened by that evening

            Run again, it folds what is new. Rows and position commit together: stopped by
            Ctrl-C, killed or cut off, the next run goes on where the file is, and every
            event is in the rows once. When the projection has changed, raise its version
            and fold with --rebuild: the old rows stay until the new ones stand.

            Personal fields are sealed in the log. :personal is NULL, unless
            --open-personal is given: an SQLite file keeps what it is given in clear,
            erasing a person in Rapport does not reach it, and nobody is asked who reads
            it. Open them only where the answer needs them, and fold with --rebuild or
            delete the file when a person is erased.

            Ends with 130 after Ctrl-C.
            """)

    @OptionGroup var options: DataOptions

    @Argument(help: "The projection.", completion: .file(extensions: ["sql"]))
    var projection: String

    @Option(help: "The SQLite file (default: NAME.db, after the projection's name).")
    var out: String?

    @OptionGroup var bounds: Bounds

    @Flag(help: "Fold from the beginning beside the file, then put the new one in its place.")
    var rebuild = false

    @OptionGroup var personal: PersonalOptions

    @Flag(help: "Only say whether it is a projection.")
    var check = false

    func run() async throws {
        let projection: SQLProjection
        do {
            projection = try parsed()
            if check {
                try SQLFold.check(projection)
                return print("\(projection.name) version \(projection.version) is a projection")
            }
        } catch let error as any ExplainedError {
            throw failure(error)
        }
        let path = out ?? "\(projection.name).db"
        try options.checkOutside(path)
        try await options.withLog { log in
            let fold = try SQLFold(
                projection, of: try personal.events(of: log, options), isPersonal: personal.openPersonal)
            try await run(fold, projection, into: path)
        }
    }

    private func run(_ fold: SQLFold, _ projection: SQLProjection, into path: String) async throws {
        let limits = FoldBounds(at: bounds.position, asOf: try bounds.moment())
        let progress = Progress(projection.name)
        let result = try await Interruption.listening { interruption in
            try await fold.run(
                into: path, limits, isAnew: rebuild, isStopped: { interruption.isRequested },
                progress: { progress.show($0, $1) })
        }
        progress.end()
        tell(result, projection, path, progress.seconds)
        if result.isStopped {
            complain(
                "stopped before position \(result.state.next). The rows are good as far as they go"
                    + (rebuild ? ", and the old file is still in its place. " : ". ")
                    + "Run the same command again to go on.")
            throw ExitCode(130)
        }
    }

    private func tell(_ result: SQLFold.Result, _ projection: SQLProjection, _ path: String, _ seconds: Double) {
        let (state, count) = (result.state, result.state.next.index - result.first.index)
        let answer: JSON = [
            "projection": .text(projection.name), "version": .integer(Int64(projection.version)),
            "file": .text(path), "events": .integer(state.eventCount),
            "position": state.next == .origin ? .null : .integer(Int64(state.next.index - 1)),
            "latest_time": .from(state.latestTime?.description), "folded_now": .integer(Int64(count)),
            "milliseconds": .integer(Int64(seconds * 1000)),
            "events_per_second": .integer(Int64(Double(count) / max(seconds, 0.001))),
        ]
        if options.json { return print(answer.canonicalText) }
        for line in Outline.table(of: [answer]) { print(line) }
    }

    private func parsed() throws -> SQLProjection {
        guard let data = FileManager.default.contents(atPath: projection) else {
            throw ValidationError("there is no file '\(projection)'")
        }
        return try SQLProjection(
            parsing: String(decoding: data, as: UTF8.self), types: Catalog.standard.types.map(\.name))
    }
}
