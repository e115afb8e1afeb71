import ArgumentParser
import CanonicalJSON
import EventLog
import EventModel
import ProjectionRuntime

/// `rapport-replay snapshot`.
struct Snapshots: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Keeps read models as known at positions: questions about the past begin there.",
        discussion: """
            Reports as of a moment fold the log from its nearest snapshot, here and in
            rapportd, instead of from its first event. Without --at it lists what is kept
            in DATA/views/snapshots, and how many bytes each takes: nothing removes them
            by itself. A new version of a projection needs new ones, and the others are
            outdated.

              snapshot --at 499999 --at 999999           two positions, all read models
              snapshot sales-funnel --at 499999 --from-origin   was it right? Fold anew
              snapshot --remove --at 499999              those there, of all read models
              snapshot --remove --outdated               those of other versions

            Answers about the past stay the same without a snapshot; they only take
            longer.
            """)

    @OptionGroup var options: DataOptions

    @Option(help: "The position of the newest event that counts; give as many as you like.")
    var at: [UInt64] = []

    @Flag(help: "Fold from the first event on, in the place of what was kept, and compare the two.")
    var fromOrigin = false

    @Flag(help: "Remove the snapshots at the positions, or the outdated ones.")
    var remove = false

    @Flag(help: "With --remove: those of other versions than this build's, which nothing begins at.")
    var outdated = false

    @Argument(help: "The read models; all when none is named.")
    var views: [String] = []

    func validate() throws {
        guard remove else {
            if outdated { throw ValidationError("--outdated says what to --remove") }
            return
        }
        if fromOrigin { throw ValidationError("--remove and --from-origin exclude each other") }
        if at.isEmpty != outdated { throw ValidationError("--remove takes --at POSITION or --outdated") }
    }

    func run() async throws {
        let models = try chosenModels(views)
        let rows: [JSON] = try await options.withLog { log in
            let offline = try OfflineViews(source: options.events(of: log), directory: options.directory.views)
            if remove { return try removed(models, offline) }
            if !at.isEmpty { return try await kept(models, offline) }
            return models.flatMap { model in
                offline.snapshots(named: model.name).map { row($0, of: model, offline) }
            }
        }
        if rows.isEmpty, !options.json {
            return print(remove ? "No snapshots are outdated." : "No snapshots are kept. Keep one with --at POSITION.")
        }
        options.show(rows)
        if remove, !options.json { print("\(rows.count) removed") }
    }

    private func kept(_ models: [any ReadModel.Type], _ offline: OfflineViews) async throws -> [JSON] {
        var rows: [JSON] = []
        for model in models {
            for position in Set(at).sorted() {
                let progress = Progress("snapshot")
                let former = offline.snapshots(of: model).first { $0.eventCount - 1 == position }
                let snapshot = try await offline.keepSnapshot(
                    model, at: Position(position), isFresh: fromOrigin, progress: { progress.show($0, $1) })
                progress.end()
                let isEqual = former.map { $0.stateHash == snapshot.stateHash }
                rows.append(row(snapshot, of: model, offline, equalsPrevious: isEqual))
            }
        }
        return rows
    }

    /// Removes what was meant, or nothing if a position has none.
    private func removed(_ models: [any ReadModel.Type], _ offline: OfflineViews) throws -> [JSON] {
        let meant = models.flatMap { model in
            offline.snapshots(named: model.name)
                .filter { outdated ? $0.version != model.version : at.contains($0.eventCount - 1) }
                .map { (snapshot: $0, row: row($0, of: model, offline)) }
        }
        for position in at where !meant.contains(where: { $0.snapshot.eventCount - 1 == position }) {
            throw ValidationError("no snapshot is kept at \(position); nothing was removed, and 'snapshot' lists them")
        }
        for (snapshot, _) in meant { try offline.remove(snapshot) }
        return meant.map(\.row)
    }

    private func row(
        _ snapshot: KeptSnapshot, of model: any ReadModel.Type, _ offline: OfflineViews, equalsPrevious: Bool? = nil
    ) -> JSON {
        [
            "view": .text(snapshot.name), "version": .integer(Int64(snapshot.version)),
            "at": .integer(Int64(snapshot.eventCount) - 1), "rows": .integer(Int64(snapshot.rowCount)),
            "bytes": .integer(Int64(offline.byteCount(of: snapshot))),
            "outdated": .boolean(snapshot.version != model.version),
            "state_hash": .text(snapshot.stateHash), "equals_previous": .from(equalsPrevious),
        ]
    }
}
