import ArgumentParser
import CanonicalJSON
import EventLog
import EventModel
import Presentation
import ProjectionRuntime

/// `rapport-replay snapshot`.
struct Snapshots: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Keeps read models as known at positions: questions about the past begin there.",
        discussion: """
            Reports as of a moment fold the log from its nearest snapshot, here and in rapportd, instead of from its
            first event. Each is kept in DATA/views/snapshots and can be deleted at any time; a new version of a
            projection needs new ones. Without --at it lists them.

              snapshot --at 499999 --at 999999              two positions, all read models
              snapshot sales-funnel --at 499999 --from-origin   fold it anew, and say whether it was right
            """)

    @OptionGroup var options: DataOptions

    @Option(help: "The position of the newest event that counts; give as many as you like.")
    var at: [UInt64] = []

    @Flag(help: "Fold from the first event on, in the place of what was kept, and compare the two.")
    var fromOrigin = false

    @Argument(help: "The read models; all when none is named.")
    var views: [String] = []

    func run() async throws {
        let models = try chosenModels(views)
        let log = try options.openLog()
        defer { log.close() }
        var rows: [JSON] = []
        do {
            let offline = try OfflineViews(source: options.events(of: log), directory: options.directory.views)
            for model in models {
                rows += at.isEmpty ? offline.snapshots(of: model).map { row($0) } : try await keep(model, offline)
            }
        } catch let error as any ExplainedError {
            throw failure(error)
        }
        if options.json {
            print(JSON.array(rows).canonicalText)
        } else if rows.isEmpty {
            print("No snapshots are kept. Keep one with 'rapport-replay snapshot --at POSITION'.")
        } else {
            for line in Outline.table(of: rows) { print(line) }
        }
    }

    private func keep(_ model: any ReadModel.Type, _ offline: OfflineViews) async throws -> [JSON] {
        var rows: [JSON] = []
        for position in Set(at).sorted() {
            let progress = Progress("snapshot")
            let former = offline.snapshots(of: model).first { $0.eventCount == position + 1 }
            let snapshot = try await offline.keepSnapshot(
                model, at: Position(position), isFresh: fromOrigin, progress: { progress.show($0, $1) })
            progress.end()
            rows.append(row(snapshot, equalsPrevious: former.map { $0.stateHash == snapshot.stateHash }))
        }
        return rows
    }

    private func row(_ snapshot: KeptSnapshot, equalsPrevious: Bool? = nil) -> JSON {
        [
            "view": .text(snapshot.name), "version": .integer(Int64(snapshot.version)),
            "at": .integer(Int64(snapshot.eventCount) - 1), "rows": .integer(Int64(snapshot.rowCount)),
            "state_hash": .text(snapshot.stateHash), "equals_previous": .from(equalsPrevious),
        ]
    }
}
