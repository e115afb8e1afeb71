import ArgumentParser
import CanonicalJSON
import EventClient
import EventModel
import Presentation
import WireProtocol

extension Churn {
    struct Fit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fit the models of buying and spending to all customers, and record their parameters.",
            discussion: """
                EXAMPLES
                  rapport churn fit --dry-run                  the parameters, and whether they are weak
                  rapport churn fit                            once a month, from cron

                From then on every answer takes the recorded parameters instead of fitting anew,
                a customer's own page too, and says at which position they were fitted. A weak
                fit (few customers who bought again, for example) is not recorded unless --weak
                asks for it. The parameters of a model are an event in its own stream, such as
                prediction-bg-nbd; the newest one counts.
                """)

        @Option(help: "The customers as of this day or moment, which is the time of the events too.")
        var asOf: String?

        @Flag(help: "Only show what would be recorded.")
        var dryRun = false

        @Flag(help: "Record weak fits too.")
        var weak = false

        @OptionGroup var options: ServerOptions

        func run() async throws {
            let moment = try asOf.map { text throws(Failure) in try Input.moment(text, isEndOfDay: true) }
            try await options.withClient { client in
                var question = ViewOptions(asOf: moment)
                question.parameters = JSON.object(["model": "fitted", "limit": 1]).canonicalBytes
                let answer = try await client.report(Churn.view, question)
                let models = FittedModel.all(in: answer?["report"] ?? .null)
                guard let position = answer?["position"]?.integer, !models.isEmpty else {
                    throw Failure(
                        .refused, "nobody bought anything yet. Nothing was recorded. Fit once there are orders.")
                }
                for model in models {
                    let isRecorded = !dryRun && model.isComplete && (weak || !model.isWeak)
                    if isRecorded { try await record(model, at: position, moment, client) }
                    let said = model.json(isRecorded: isRecorded)
                    Console.say(options.json ? [said.canonicalText] : Outline.lines(for: said) + [""])
                }
            }
        }

        private func record(
            _ model: FittedModel, at position: Int64, _ moment: Timestamp?, _ client: EventClient
        ) async throws {
            let stream = try Input.stream(model.stream)
            let state = try await client.stream(stream)
            let version = Int64(clamping: state.map { $0.revision.index + 2 } ?? 1)
            _ = try await client.append(
                [ProposedEvent(model.content(version: version, at: position), time: moment)], to: stream,
                expecting: state.map { .exactly($0.revision) } ?? .noStream)
        }
    }
}
