import ArgumentParser
import CanonicalJSON
import EventClient
import EventModel

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a server: rate and latency from a second process over the socket.",
        discussion: """
            KINDS OF LOAD
              append        LOG.INGEST, --batch events a request
              read-stream   LOG.READ of one stream among --streams, ten events at most
              scan          LOG.READ ALL from the first event to the last, for every client
              rtt           PING: what the socket costs without any work

            EXAMPLES
              rapport bench append                         one client, one event a request
              rapport bench append --clients 64            64 in flight, one event each
              rapport bench append --clients 4 --batch 100 four in flight, 100 events each
              rapport bench append --events log.ndjson --count 1000000
              rapport bench read-stream --clients 16 --seconds 5
              rapport bench scan

            Appends stay in the log: point this at a server that you can throw away. Each
            run sends new ids, so nothing is a duplicate. Rates are comparable only in one
            run on one machine, and appends only with the durability that is printed.
            """)

    /// What to send.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case append
        case readStream = "read-stream"
        case scan
        case rtt
    }

    @Argument(help: "append, read-stream, scan or rtt.")
    var kind: Kind

    @Option(help: "Connections.")
    var clients = 1

    @Option(help: "Requests of each connection that wait for their reply.")
    var inFlight = 1

    @Option(help: "Events of each append; events of each page of a scan. (default: 1; 4096 for a scan)")
    var batch: Int?

    @Option(help: "Seconds to send for. (default: 3 without --count)")
    var seconds: Double?

    @Option(help: "Events, or requests of another kind, to send.")
    var count: Int?

    @Option(help: "Streams to spread over.")
    var streams = 100_000

    @Option(help: "A file of CloudEvents, one a line, each sent into its own stream under a new id.")
    var events: String?

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try check()
        let source = try source()
        var durability = "the server does not say"
        try await options.withClient { client in
            durability = JSON(try await client.status())["durability"]?.text ?? durability
        }
        let requestCount = count.map { (kind == .append ? ($0 + perRequest - 1) / perRequest : $0) }
        let isBounded = count != nil || kind == .scan
        let plan = LoadPlan(
            clients: clients, inFlight: inFlight, requestCountMax: requestCount,
            seconds: seconds ?? (isBounded ? nil : 3))
        let result: LoadResult
        do throws(ConnectError) {
            result = try await LoadGenerator.run(plan, at: try options.address(), source: source)
        } catch {
            throw Failure(error)
        }
        let report = BenchReport(self, result, perRequest: perRequest, durability: durability)
        Console.say(options.json ? [report.json.canonicalText] : report.lines)
        if result.errorCount > 0 { throw Failure(.refused) }
    }

    private var perRequest: Int { batch ?? (kind == .scan ? Limits.pageEventCountMax : 1) }

    private func check() throws(Failure) {
        let most = kind == .scan ? Limits.pageEventCountMax : Limits.requestEventCountMax
        guard (1...Limits.connectionCountMax - 1).contains(clients), (1...Limits.pipelineDepthMax).contains(inFlight),
            (1...most).contains(perRequest), (1...1 << 24).contains(streams), (count ?? 1) > 0, (count ?? 1) <= 1 << 40,
            (seconds ?? 1) > 0, (seconds ?? 1) <= 86_400
        else {
            throw Failure(
                .usage,
                "a number is past its bound. Nothing was sent. Take 1 to \(Limits.connectionCountMax - 1) clients, "
                    + "1 to \(Limits.pipelineDepthMax) in flight, batches of 1 to \(most), 1 to 16777216 streams, "
                    + "a count of 1 to 1099511627776, up to 86400 seconds.")
        }
        guard kind != .scan || inFlight == 1 else {
            throw Failure(
                .usage, "a scan has one page in flight. Nothing was sent. Leave --in-flight out, or add clients.")
        }
    }

    private func source() throws(Failure) -> @Sendable (Int) -> any LoadSource {
        let (clients, streams, perRequest) = (clients, streams, perRequest)
        switch kind {
        case .append:
            let run = LoadEvents.randomRun()
            let lines =
                if let events { try LoadEvents(file: Input.bytes(of: events), run: run) } else {
                    LoadEvents(streamCount: streams, run: run)
                }
            return { AppendLoad(lines, batch: perRequest, connection: $0, of: clients) }
        case .readStream: return { StreamLoad(streamCount: streams, connection: $0) }
        case .scan: return { _ in ScanLoad(pageEventCount: perRequest) }
        case .rtt: return { _ in PingLoad() }
        }
    }
}
