import ArgumentParser
import CanonicalJSON
import EventClient
import Presentation

struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pack the newest events into compressed blocks now, and tell what the log uses.",
        discussion: """
            The server does so by itself when enough has gathered. By hand it gives back
            the space of the journal, for example after a large import. Nothing that is
            read changes; appends wait until it is done.
            """)

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let log = JSON(try await client.seal())
            Console.say(options.json ? [log.canonicalText] : Outline.lines(for: log))
        }
    }
}
