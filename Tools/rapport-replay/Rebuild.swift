import ArgumentParser
import CanonicalJSON
import EventLog
import Presentation
import ProjectionRuntime

/// `rapport-replay rebuild`.
struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Builds read models anew beside the live ones, then switches in one step.",
        discussion: """
            The live generation serves until the new one stands; it is kept when it retires. An interrupted
            rebuild goes on where it was. A running rapportd takes the new generation over within a second.
            """)

    @OptionGroup var options: DataOptions

    @Argument(help: "The read models to rebuild; all when none is named.")
    var views: [String] = []

    func run() async throws {
        let models = try chosenModels()
        let log = try options.openLog()
        defer { log.close() }
        let offline = try attempt { try OfflineViews(source: log, directory: options.directory.views) }
        var rows: [JSON] = []
        for model in models {
            let progress = Progress(model.name)
            let result = try await attempt { try await offline.rebuild(model, progress: progress.show) }
            progress.end()
            let seconds = progress.seconds
            rows.append([
                "view": .text(result.name), "version": .integer(Int64(result.version)),
                "events": .integer(Int64(result.eventCount)), "rows": .integer(Int64(result.rowCount)),
                "milliseconds": .integer(Int64(seconds * 1000)),
                "events_per_second": .integer(Int64(Double(result.eventCount) / max(seconds, 0.001))),
                "state_hash": .text(result.stateHash), "equals_previous": .from(result.previousHash.map { $0 == result.stateHash }),
            ])
        }
        if options.json {
            print(JSON.array(rows).canonicalText)
        } else {
            for line in Outline.table(of: rows) { print(line) }
        }
    }

    private func chosenModels() throws -> [any ReadModel.Type] {
        for name in views where !readModels.contains(where: { $0.name == name }) {
            throw ValidationError("there is no read model '\(name)': \(readModels.map(\.name).joined(separator: ", "))")
        }
        return views.isEmpty ? readModels : readModels.filter { views.contains($0.name) }
    }
}
