import ArgumentParser
import CanonicalJSON
import EventModel
import EventLog
import Presentation
import ProjectionRuntime

/// `rapport-replay rebuild`.
struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Builds read models anew beside the live ones, then switches in one step.",
        discussion: """
            One pass over the log builds all of them. The live generation serves until the new one stands; it is kept
            when it retires. An interrupted rebuild goes on where it was. A running rapportd takes the new generation
            over within a second. 'generations' lists them, 'promote' and 'rollback' switch.
            """)

    @OptionGroup var options: DataOptions

    @Flag(help: "Leave the live generations in place; 'promote' switches later.")
    var noPromote = false

    @Option(help: "Milliseconds between two commits: so much work an interrupted rebuild does again, at most.")
    var commitInterval = 2000

    @Option(help: "Partitions that fold at once, 1 to 64 (default: one a core). The rows do not depend on it.")
    var partitions: Int?

    @Argument(help: "The read models to rebuild; all when none is named.")
    var views: [String] = []

    func run() async throws {
        let models = try chosenModels(views)
        let log = try options.openLog()
        defer { log.close() }
        let progress = Progress("rebuild")
        let results: [RebuildResult]
        do {
            let offline = try OfflineViews(source: log, directory: options.directory.views)
            results = try await offline.rebuild(
                models, isPromoting: !noPromote, commitInterval: .milliseconds(max(commitInterval, 0)),
                partitionCount: partitions, progress: { progress.show($0, $1) })
        } catch let error as any ExplainedError {
            throw failure(error)
        }
        progress.end()
        let rows = results.map { row($0, progress.seconds) }
        if options.json {
            print(JSON.array(rows).canonicalText)
        } else {
            for line in Outline.table(of: rows) { print(line) }
        }
    }

    /// All read models are built in one pass, so each took as long as all.
    private func row(_ result: RebuildResult, _ seconds: Double) -> JSON {
        [
            "view": .text(result.name), "version": .integer(Int64(result.version)),
            "generation": .integer(Int64(result.number)), "live": .boolean(result.isPromoted),
            "events": .integer(Int64(result.eventCount)), "rows": .integer(Int64(result.rowCount)),
            "milliseconds": .integer(Int64(seconds * 1000)),
            "events_per_second": .integer(Int64(Double(result.eventCount) / max(seconds, 0.001))),
            "state_hash": .text(result.stateHash),
            "equals_previous": .from(result.previousHash.map { $0 == result.stateHash }),
        ]
    }
}

/// The read models of these names, in the order of the build; all where there is no name.
func chosenModels(_ names: [String]) throws -> [any ReadModel.Type] {
    for name in names where !readModels.contains(where: { $0.name == name }) {
        throw ValidationError("there is no read model '\(name)': \(readModelNames)")
    }
    return names.isEmpty ? readModels : readModels.filter { names.contains($0.name) }
}
