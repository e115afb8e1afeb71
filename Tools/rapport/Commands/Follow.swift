import ArgumentParser
import EventClient
import EventModel

struct Follow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show events as they are recorded, until Ctrl-C.",
        discussion: """
            EXAMPLES
              rapport follow                           everything from now on
              rapport follow --from 0 --json | ./use   everything there is, then what comes
              rapport follow --types opportunity.won

            A consumer that keeps the last position it has handled loses nothing: it
            starts again with --from at the position after it.
            """)

    @OptionGroup var selection: Selection

    @Option(help: "Start at this position, or revision of a stream; included. (default: after the newest)")
    var from: UInt64?

    @OptionGroup var bounds: TimeBounds

    @OptionGroup var options: ServerOptions

    /// How long one request waits; then the next one follows.
    private static let waitMilliseconds = 30_000

    func run() async throws {
        let selected = try selection.parsed()
        var first = ReadRequest(selected, from: from, count: 512)
        try bounds.restrict(&first)
        try await options.withClient { [first] client in
            var request = first
            if from == nil { request.from = try await end(of: selected, client) }
            while !Task.isCancelled {
                let page = try await client.follow(request, waitingMilliseconds: Self.waitMilliseconds)
                Console.show(page, asJSON: options.json)
                if let last = page.last { request.from = selected.index(of: last) + 1 }
            }
        }
    }

    /// The index that the next event will have.
    private func end(of selected: ReadSelection, _ client: EventClient) async throws -> UInt64 {
        // What matches a query may lie far back; the end of the log is where to wait for more.
        let newest: ReadSelection = if case .query = selected { .all } else { selected }
        let page = try await client.read(ReadRequest(newest, count: 1, direction: .backward))
        return page.first.map { newest.index(of: $0) + 1 } ?? 0
    }
}
