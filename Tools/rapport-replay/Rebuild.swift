import ArgumentParser
import CanonicalJSON
import EventLog
import EventModel
import ProjectionRuntime

/// `rapport-replay rebuild`.
struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Builds read models anew beside the live ones, then switches in one step.",
        discussion: """
            One pass over the log builds all of them. The live generation serves until the
            new one stands; it is kept when it retires. An interrupted rebuild goes on
            where it was. A running rapportd takes the new generation over within a
            second. 'generations' lists them, 'promote' and 'rollback' switch.
            """)

    @OptionGroup var options: DataOptions

    @Flag(help: "Leave the live generations in place; 'promote' switches later.")
    var noPromote = false

    @Option(
        help: """
            Milliseconds between two commits, or twenty times what the last one kept the fold waiting if that is \
            more: so much work an interrupted rebuild does again.
            """)
    var commitInterval = 5000

    @Option(help: "Partitions that fold at once, 1 to 64 (default: one a core). The rows do not depend on it.")
    var partitions: Int?

    @Argument(help: "The read models to rebuild; all when none is named.")
    var views: [String] = []

    func validate() throws {
        guard commitInterval >= 0 else { throw ValidationError("--commit-interval takes 0 or more") }
        guard (1...64).contains(partitions ?? 1) else { throw ValidationError("--partitions takes 1 to 64") }
    }

    func run() async throws {
        let models = try chosenModels(views)
        let progress = Progress("rebuild")
        let results = try await options.withLog { log in
            try await OfflineViews(source: log, directory: options.directory.views).rebuild(
                models, isPromoting: !noPromote, commitInterval: .milliseconds(commitInterval),
                partitionCount: partitions, progress: { progress.show($0, $1) })
        }
        progress.end()
        options.show(results.map { row($0, progress.seconds) })
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
