import ArgumentParser
import CanonicalJSON
import EventLog
import EventModel
import ProjectionRuntime

/// `rapport-replay generations`.
struct Generations: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the generations of read models: which is live, which were, how many events each has folded.")

    @OptionGroup var options: DataOptions

    @Argument(help: "The read models; all when none is named.")
    var views: [String] = []

    func run() throws {
        let models = try chosenModels(views)
        let rows = try options.withOfflineViews { offline throws(ViewError) in
            var rows: [JSON] = []
            for model in models {
                for generation in try offline.generations(of: model) {
                    rows.append([
                        "view": .text(generation.name), "version": .integer(Int64(generation.version)),
                        "generation": .integer(Int64(generation.number)), "live": .boolean(generation.isLive),
                        "was_live": .boolean(generation.wasPromoted),
                        "events": .from(generation.eventCount.map { Int64($0) }),
                    ])
                }
            }
            return rows
        }
        options.show(rows)
    }
}

/// `rapport-replay promote`.
struct Promote: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a generation live that 'rebuild --no-promote' built, in one step.",
        discussion: "A running rapportd takes it over within a second, once it has caught up.")

    @OptionGroup var options: DataOptions

    @Argument(help: "The read model.")
    var view: String

    @Argument(help: "The number of the generation, as 'generations' lists it.")
    var generation: Int

    func run() throws {
        let model = try chosenModel(view)
        try options.withOfflineViews { offline throws(ViewError) in try offline.promote(model, number: generation) }
        print("\(view): generation \(generation) is live")
    }
}

/// `rapport-replay rollback`.
struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes the generation live again that was live before.",
        discussion: """
            It is of the same version of the projection, and catches up with the log before
            it answers. Asked again, it goes back to the one before that.
            """)

    @OptionGroup var options: DataOptions

    @Argument(help: "The read model.")
    var view: String

    func run() throws {
        let model = try chosenModel(view)
        let number = try options.withOfflineViews { offline throws(ViewError) in try offline.rollBack(model) }
        print("\(view): generation \(number) is live")
    }
}

extension DataOptions {
    /// Opens log and views for work on generations.
    func withOfflineViews<Result>(_ body: (OfflineViews) throws(ViewError) -> Result) throws -> Result {
        let log = try openLog()
        defer { log.close() }
        do throws(ViewError) {
            return try body(OfflineViews(source: log, directory: directory.views))
        } catch {
            throw failure(error)
        }
    }
}
