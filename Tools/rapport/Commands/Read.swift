import ArgumentParser
import EventClient
import EventModel

struct Read: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read events.",
        discussion: """
            EXAMPLES
              rapport read account-a1                          a stream from its first event
              rapport read --backward --count 10               the ten newest events
              rapport read --terms account:a1 --types order.placed,opportunity.won
              rapport read --recorded-from 2026-01-01 --recorded-until 2026-02-01
              rapport read --from 0 --count 1000000 --json > log.ndjson
            """)

    @OptionGroup var selection: Selection

    @Option(help: "Start at this position, or revision of a stream; included.")
    var from: UInt64?

    @Option(help: "Events at most.")
    var count = 20

    @Flag(help: "Newest first.")
    var backward = false

    @OptionGroup var bounds: TimeBounds

    @OptionGroup var options: ServerOptions

    func run() async throws {
        guard count > 0 else {
            throw Failure(.usage, "--count is less than 1. Nothing was sent. Ask for an event or more.")
        }
        let selected = try selection.parsed()
        var first = ReadRequest(selected, from: from, direction: backward ? .backward : .forward)
        try bounds.restrict(&first)
        try await options.withClient { [first] client in
            var rest = count
            var request = first
            while rest > 0 {
                request.count = min(rest, Limits.pageEventCountMax)
                let page = try await client.read(request)
                Console.show(page, asJSON: options.json)
                rest -= page.count
                // A page may be short because of its bytes, so only an empty one is the end.
                guard let last = page.last.map(selected.index), !backward || last > 0 else { return }
                request.from = backward ? last - 1 : last + 1
            }
        }
    }
}
