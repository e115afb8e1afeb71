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
        var rows: [JSON] = []
        do {
            let offline = try OfflineViews(source: options.events(of: log), directory: options.directory.views)
            for model in models { rows.append(try await rebuild(model, offline)) }
        } catch let error as any ExplainedError {
            throw failure(error)
        }
        if options.json {
            print(JSON.array(rows).canonicalText)
        } else {
            for line in Outline.table(of: rows) { print(line) }
        }
    }

    private func rebuild(_ model: any ReadModel.Type, _ offline: OfflineViews) async throws -> JSON {
        let progress = Progress(model.name)
        let result = try await offline.rebuild(model, progress: { progress.show($0, $1) })
        progress.end()
        let seconds = progress.seconds
        return [

            "view": .text(result.name), "version": .integer(Int64(result.version)),
            "events": .integer(Int64(result.eventCount)), "rows": .integer(Int64(result.rowCount)),
            "milliseconds": .integer(Int64(seconds * 1000)),
            "events_per_second": .integer(Int64(Double(result.eventCount) / max(seconds, 0.001))),
            "state_hash": .text(result.stateHash),
            "equals_previous": .from(result.previousHash.map { $0 == result.stateHash }),
        ]
    }

    private func chosenModels() throws -> [any ReadModel.Type] {
        for name in views where !readModels.contains(where: { $0.name == name }) {
            throw ValidationError("there is no read model '\(name)': \(readModelNames)")
        }
        return views.isEmpty ? readModels : readModels.filter { views.contains($0.name) }
    }
}
