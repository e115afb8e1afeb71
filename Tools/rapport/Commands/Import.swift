import ArgumentParser
import CanonicalJSON
import EventClient
import EventModel
import ImportMapping

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import CloudEvents NDJSON, or CSV through a mapping.",
        discussion: """
            EXAMPLES
              rapport import events.ndjson
              zcat old.gz | rapport import -
              rapport import events.ndjson.zst --rejects rejected.ndjson
              rapport import orders.csv --mapping cdnow.json --dry-run --out -
              rapport import orders.csv --mapping cdnow.json

            Running an import again is harmless: what is there already is recognised
            by its source and id, so after a lost connection or Ctrl-C simply start
            again. Events of one stream keep the order of the file; with --in-flight 1
            even where the server is so busy that it turns requests away.

            A rejected line never stops the import. The first ten are shown with their
            reasons; --rejects writes all of them with their text, which may hold
            customer data, as NDJSON {line, code, reason, text}.

            Tools/mappings/README.md explains mappings.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case auto, ndjson, csv }

    @Argument(help: "The file, - for standard input; .zst is decompressed.")
    var file: String

    @Option(help: ArgumentHelp("How rows of a CSV file become events.", valueName: "file"))
    var mapping: String?

    @Option(help: "What the file is. (auto: csv with --mapping, else ndjson)")
    var format = Format.auto

    @Option(help: ArgumentHelp("Where to write rejected lines.", valueName: "file"))
    var rejects: String?

    @Option(help: "Events of one request, 1 to 512.")
    var batch = 256

    @Option(help: "Requests sent before the first is answered, 1 to 64.")
    var inFlight = 4

    @Flag(help: "Send nothing; write the events that would be sent to --out.")
    var dryRun = false

    @Option(help: ArgumentHelp("Where a dry run writes, - for standard output.", valueName: "file"))
    var out = "-"

    @OptionGroup var options: ServerOptions

    func run() async throws {
        guard (1...512).contains(batch), (1...64).contains(inFlight) else {
            throw Failure(
                .usage, "--batch must be 1 to 512 and --in-flight 1 to 64. Nothing was sent. Choose numbers there.")
        }
        let rejects = try rejects.map { path throws(Failure) in try OutputFile(path) }
        var source = try EventSource(try ByteSource(file), try parsedMapping())
        let tally = Tally(rejects: rejects)
        let interruption = Interruption()
        defer { interruption.stop() }
        let ending: Failure?
        do {
            if dryRun {
                try write(&source, tally, interruption)
            } else {
                try await options.withClient { client in
                    var importer = Importer(client, tally, batch: batch, inFlight: inFlight)
                    try await importer.run(&source, until: interruption)
                }
            }
            ending = nil
        } catch let failure as Failure { ending = failure }
        try rejects?.finish()
        if ending == nil || tally.rows > 0 {
            tally.showSummary(asJSON: options.json, isDryRun: dryRun, wasInterrupted: interruption.isRequested)
        }
        if let ending { throw explained(ending) }
        if tally.rejected > 0 { throw Failure(.someRejected) }
    }

    private func parsedMapping() throws(Failure) -> Mapping? {
        guard let mapping else {
            guard format != .csv else {
                throw Failure(.usage, "a CSV file needs a mapping. Nothing was sent. Add --mapping FILE.json.")
            }
            return nil
        }
        guard format != .ndjson else {
            throw Failure(
                .usage, "NDJSON holds events already and takes no mapping. Nothing was sent. Drop one of the two.")
        }
        let bytes = try Input.bytes(of: mapping)
        do throws(MappingError) { return try Mapping(parsing: bytes) } catch {
            throw Failure(.usage, error.description)
        }
    }

    private func write(_ source: inout EventSource, _ tally: Tally, _ interruption: Interruption) throws(Failure) {
        let file = try OutputFile(out)
        while !interruption.isRequested, let items = try source.next() {
            for item in items {
                switch item {
                case .row: tally.countRow()
                case .event(let event):
                    tally.countMapped()
                    try file.write(event.bytes)
                case .rejected(let rejection): try tally.reject(rejection)
                }
            }
        }
        try file.finish()
    }

    /// A lost connection sounds worse than it is.
    private func explained(_ failure: Failure) -> Failure {
        guard failure.status == .unreachable else { return failure }
        return Failure(
            .unreachable, failure.message + " Importing the same file again is harmless and goes on where this ended.")
    }
}
