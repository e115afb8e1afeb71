import ArgumentParser
import CanonicalJSON
import EventClient
import Foundation
import Presentation

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the log to a directory on the server's machine, while it runs.",
        discussion: """
            EXAMPLES
              rapport backup /srv/backup/rapport-2026-01-05
              rapport-replay audit --data /srv/backup/rapport-2026-01-05

            The copy is the log as it was at one moment. Read models are not copied: they
            are made from the log again. The same path again brings the copy up to date:
            only what is newer is written. One backup runs at a time.
            """)

    @Argument(help: "An empty or missing directory, or an earlier backup of this log.")
    var path: String

    @OptionGroup var options: ServerOptions

    func run() async throws {
        let absolute = URL(fileURLWithPath: path).path
        try await options.withClient { client in
            let report = JSON(try await client.backup(to: absolute))
            Console.say(options.json ? [report.canonicalText] : Outline.lines(for: report))
        }
    }
}
