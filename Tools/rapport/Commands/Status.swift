import ArgumentParser
import CanonicalJSON
import EventClient
import Presentation

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The state of log, index and views.")

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let status = JSON(try await client.status())
            Console.say(options.json ? [status.canonicalText] : Outline.lines(for: status))
        }
    }
}
