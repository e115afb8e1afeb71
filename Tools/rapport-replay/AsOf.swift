import ArgumentParser
import CanonicalJSON
import EventLog
import EventModel
import Presentation
import ProjectionRuntime

/// `rapport-replay as-of`.
struct AsOf: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "as-of",
        abstract: "Answers a question as known at a position, of what had happened by a time.",
        discussion: """
            The log is folded up to the bounds, from the nearest snapshot that 'snapshot'
            kept; with --from-origin the answer owes nothing to anything but the log.
            Without bounds it is the state of now.

              as-of customer-360 get account-42 --as-of 2025-06-30
              as-of sales-funnel report --at 99999 --with '{"group_by":"owner"}'
              as-of customer-360 scan --all --json > customers.ndjson
            """)

    enum Question: String, CaseIterable, ExpressibleByArgument { case get, why, scan, report }

    @OptionGroup var options: DataOptions

    @Argument(help: "The read model.")
    var view: String

    @Argument(help: "get KEY, why KEY, scan, or report.")
    var question: Question

    @Argument(help: "The key, for get and why.")
    var key: String?

    @Option(help: "With why: the path of the value in the row, such as commerce.revenue.")
    var field: String?

    @OptionGroup var bounds: Bounds

    @Option(help: "Parameters of the question, as a JSON object.")
    var with = "{}"

    @Flag(help: "Fold from the first event on, even where a kept snapshot is nearer.")
    var fromOrigin = false

    @Flag(help: "With scan: all pages, one row a line as JSON.")
    var all = false

    func run() async throws {
        guard (question == .get || question == .why) == (key != nil) else {
            throw ValidationError("'get' and 'why' take a key, and nothing else does")
        }
        guard (question == .why) == (field != nil) else {
            throw ValidationError("'why' takes a --field, and nothing else does")
        }
        guard try await options.withLog(ask) else {
            complain(
                "the view has nothing under this key at that moment. Nothing was printed. Check the key and the bounds."
            )
            throw ExitCode(3)
        }
    }

    /// Folds, asks and prints; `false` if there is nothing under the key.
    private func ask(_ log: EventLog) async throws -> Bool {
        let model = try chosenModel(view)
        let limits = ReplayBounds(at: bounds.position, asOf: try bounds.moment())
        let parameters = try parsedParameters(with)
        let progress = Progress("replay")
        let offline = try OfflineViews(source: options.events(of: log), directory: options.directory.views)
        let borrowed = question == .get ? model.borrowedBlocks.map(\.view) : []
        let view = try await offline.asOf(
            model, limits, lenders: readModels.filter { borrowed.contains($0.name) }, isFresh: fromOrigin,
            progress: { progress.show($0, $1) })
        progress.end()
        if all, question == .scan { return try printAll(view, parameters) }
        return try printOne(view, parameters)
    }

    private func printOne(_ view: ViewAnswers, _ parameters: JSON.Members) throws -> Bool {
        let kind: ViewQuestion.Kind =
            switch question {
            case .get: .get(key ?? "")
            case .why: .why(key ?? "", field: field ?? "")
            case .scan: .scan
            case .report: .report
            }
        guard let answer = try view.answer(kind, .object(parameters)) else { return false }
        if options.json {
            print(answer.canonicalText)
        } else {
            for line in ViewText.lines(for: answer) { print(line) }
        }
        return true
    }

    private func printAll(_ view: ViewAnswers, _ parameters: JSON.Members) throws -> Bool {
        var parameters = parameters
        repeat {
            guard let page = try view.answer(.scan, .object(parameters)) else { return false }
            for row in page["rows"]?.elements ?? [] { print(row.canonicalText) }
            parameters["from"] = page["next"].flatMap(\.text).map { .text($0) }
        } while parameters["from"] != nil
        return true
    }
}
