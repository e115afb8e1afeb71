import ArgumentParser
import CanonicalJSON
import EventClient
import EventModel
import Presentation
import WireProtocol

struct View: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the read models.",
        discussion: """
            EXAMPLES
              rapport view list
              rapport view get customer-360 a1
              rapport view why customer-360 a1 commerce.revenue
              rapport view report sales-funnel --as-of 2025-06-30
              rapport view report sales-funnel report=leads group_by=source
              rapport view report sales-funnel report=path steps=discovery,proposal,won
              rapport view report churn-signals limit=10
              rapport view scan customer-360 limit=20 from=a100
              rapport view export customer-360 --format csv --out customers.csv
            """,
        subcommands: [Get.self, Why.self, Scan.self, Report.self, Export.self, List.self, Wait.self])

    /// The coordinates of a question.
    struct Bounds: ParsableArguments {
        @Option(help: "As known at this position of the log.")
        var at: UInt64?

        @Option(help: "Only what had happened by then: RFC 3339, or a day (UTC), which is included.")
        var asOf: String?

        func options(_ parameters: [String]) throws(Failure) -> ViewOptions {
            var options = ViewOptions(at: at.map { Position($0) })
            if let asOf { options.asOf = try Input.moment(asOf, isEndOfDay: true) }
            if !parameters.isEmpty { options.parameters = try Self.object(of: parameters).canonicalBytes }
            return options
        }

        /// `name=value` words as an object: whole numbers as one writes them, true and false are themselves, all else
        /// is text.
        private static func object(of parameters: [String]) throws(Failure) -> JSON {
            var members: JSON.Members = [:]
            for word in parameters {
                let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard halves.count == 2, !halves[0].isEmpty else {
                    throw Failure(
                        .usage,
                        "a parameter is not of the form name=value. Nothing was sent. Write limit=20, for example.")
                }
                let value = String(halves[1])
                let number = Int64(value).flatMap { String($0) == value ? $0 : nil }
                guard members[String(halves[0])] == nil else {
                    throw Failure(.usage, "a parameter stands twice. Nothing was sent. Say each once.")
                }
                members[String(halves[0])] =
                    number.map { .integer($0) } ?? Bool(value).map { .boolean($0) } ?? .text(value)
            }
            return .object(members)
        }
    }

    /// What every question takes behind view and key, and how it is asked.
    struct Question: ParsableArguments {
        @Argument(help: "Parameters as name=value, such as limit=20.") var parameters: [String] = []
        @OptionGroup var bounds: Bounds
        @OptionGroup var options: ServerOptions

        /// Shows the answer; nothing under a key is a refusal.
        func ask(_ body: (EventClient, ViewOptions) async throws -> JSON?) async throws {
            let question = try bounds.options(parameters)
            try await options.withClient { client in
                guard let answer = try await body(client, question) else {
                    throw Failure(.refused, "the view has nothing under this key. Nothing was read. Check the key.")
                }
                Console.say(options.json ? [answer.canonicalText] : ViewText.lines(for: answer))
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One entity by its key.")
        @Argument(help: "The view, such as customer-360.") var view: String
        @Argument(help: "The key, such as an account's id.") var key: String
        @OptionGroup var question: Question

        func run() async throws { try await question.ask { try await $0.row(key, of: view, $1) } }
    }

    struct Why: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The events behind a value of an entity.")
        @Argument(help: "The view, such as customer-360.") var view: String
        @Argument(help: "The key, such as an account's id.") var key: String
        @Argument(help: "The path of the value, as 'get --json' shows it: commerce.revenue.") var field: String
        @OptionGroup var question: Question

        func run() async throws { try await question.ask { try await $0.why(key, field: field, of: view, $1) } }
    }

    struct Scan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A page of entities.")
        @Argument(help: "The view, such as customer-360.") var view: String
        @OptionGroup var question: Question

        func run() async throws { try await question.ask { try await $0.scan(view, $1) } }
    }

    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Figures over all entities.")
        @Argument(help: "The view, such as sales-funnel.") var view: String
        @OptionGroup var question: Question

        func run() async throws { try await question.ask { try await $0.report(view, $1) } }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The views; 'rapport status' tells how far they are.")
        @OptionGroup var options: ServerOptions

        func run() async throws {
            try await options.withClient { client in
                let views = JSON(try await client.views())
                Console.say(options.json ? [views.canonicalText] : Outline.table(of: views.elements ?? [views]))
            }
        }
    }

    struct Wait: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Wait until a view has applied the event at a position, to read your own writes.")
        @Argument(help: "The view.") var view: String
        @Argument(help: "The position.") var position: UInt64
        @Option(help: "Milliseconds to wait at most, up to 60000.") var timeout = 30_000
        @OptionGroup var options: ServerOptions

        func run() async throws {
            try await options.withClient { client in
                let reached = try await client.wait(
                    for: view, toReach: Position(position), milliseconds: timeout)
                guard let reached else {
                    throw Failure(
                        .refused, "the view has not reached the position in time. Nothing is lost. Wait again.")
                }
                let answer: JSON = ["view": .text(view), "position": .integer(Int64(clamping: reached.index))]
                Console.say(options.json ? answer.canonicalText : "\(view) has reached position \(reached)")
            }
        }
    }
}
