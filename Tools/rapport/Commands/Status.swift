import ArgumentParser
import CanonicalJSON
import EventClient
import Presentation

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The state of log, disk, index and views.",
        discussion: """
            What to watch: 'state' of log and views, 'disk_free_bytes',
            'recorded_ahead_ms', and whatever is named a failure.

            disk_free_bytes and disk_reserve_bytes: when fewer bytes than the reserve and
            what waits to be sealed (unsealed_bytes) would be left free, appends get
            LOGFULL. The reserve is set by 'rapportd --reserve-bytes', and max_bytes, what
            the log itself may use, by --max-log-bytes.

            recorded_ahead_ms: recorded times never go back, so after the clock was set
            back they stand still until it has made up for so many milliseconds.
            """)

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let status = JSON(try await client.status())
            Console.say(options.json ? [status.canonicalText] : Outline.lines(for: status))
        }
    }
}
