import ArgumentParser
import CMalloc
import CRMEvents
import ChurnSignals
import Customer360
import DurableFiles
import EventLog
import EventModel
import EventServer
import Foundation
import MappedFiles
import PersonalData
import ProjectionRuntime
import SalesFunnel
import SubjectKeys

/// The server: configuration and wiring only.
struct Rapportd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rapportd",
        abstract: "Serves one Rapport log and its read models to Redis clients.",
        discussion: """
            Every acknowledged event is on disk. Read models catch up by themselves and
            follow the log.

              rapportd --data rapport-data                  on rapport-data/rapport.sock
              rapportd --data rapport-data --port 7411      and TCP on 127.0.0.1:7411
              redis-cli -p 7411 ADMIN.STATUS                how it is

            SIGTERM or SIGINT answers what was read, then stops. Exit codes: 0 stopped on
            request, 1 usage, 69 could not start or could not read a file any more.
            """,
        version: release)

    @Option(help: "The data directory; it is made when missing.")
    var data = "rapport-data"

    @Option(help: "Path of the Unix socket (default: DATA/rapport.sock).")
    var socket: String?

    @Option(help: "TCP port on the loopback address; 0 takes a free one, none when absent.")
    var port: Int?

    @Option(help: "The loopback address for TCP. Another address is refused.")
    var bind = "127.0.0.1"

    @Option(
        help: "Bytes that the log may use at most. At this size appends get LOGFULL; start with more to go on.")
    var maxLogBytes = 1 << 40

    @Option(
        help: ArgumentHelp(
            "Bytes of the disk that are left free: below that, appends get LOGFULL and reading goes on.",
            discussion: "By default a tenth of the disk, at least 64 MiB and at most 1 GiB."))
    var reserveBytes: Int?

    @Option(help: "Bytes of memory for unpacked blocks of the log: more make reading of old events cheaper.")
    var cacheBytes = 512 << 20

    @Option(
        help: ArgumentHelp(
            "The file of the root key, 32 bytes that only its owner may read (default: DATA/root.key).",
            discussion: "It is made for a new log. Whoever has it and the keys can read every personal field."))
    var rootKey: String?

    @Option(help: "Purposes whose personal fields sessions may see: all, none, or names such as identity,sales.")
    var reveal = "all"

    @Option(help: "Read models to keep: all, none, or names such as customer-360,sales-funnel.")
    var views = "all"

    func validate() throws {
        // Below, an empty log finds no place; above, its two databases are larger than the address space.
        let sizes = 1 << 20...1 << 45
        guard sizes.contains(maxLogBytes) else {
            throw ValidationError("--max-log-bytes takes \(sizes.lowerBound) to \(sizes.upperBound)")
        }
        guard (0...65_535).contains(port ?? 0) else { throw ValidationError("--port takes 0 to 65535") }
        let purposes = Purpose.allCases.map(\.rawValue)
        let revealed = reveal.split(separator: ",").map(String.init)
        guard ["all", "none"].contains(reveal) || Set(revealed).isSubset(of: purposes) else {
            throw ValidationError("--reveal takes all, none, or some of \(purposes.joined(separator: ", "))")
        }
        let bytes = 0...1 << 50
        guard bytes.contains(reserveBytes ?? 0), bytes.contains(cacheBytes) else {
            throw ValidationError("--reserve-bytes and --cache-bytes take 0 to \(bytes.upperBound)")
        }
    }

    /// Serves until the process is asked to stop.
    func run(until stops: StopSignals) async throws {
        // Files of a data directory are its owner's alone.
        umask(0o077)
        // The memory of this process holds keys and opened fields: it never goes to disk.
        DurableFiles.forbidCoreDumps()
        LostPages.end(with: Self.lostPage, code: 69)
        Self.boundHeaps()
        do {
            try await serve(until: stops)
        } catch let error as any ExplainedError {
            try refuse("\(error)")
        } catch {
            try refuse(
                "the system answered: \(error). The server did not start. "
                    + "Check that the port is free, and that the socket's path has a directory and 107 bytes at most.")
        }
    }

    /// What sessions may see. Until sessions say who they are, it is the same for all.
    private var right: ReadingRight {
        switch reveal {
        case "all": .every
        case "none": .only([])
        default: .only(Set(reveal.split(separator: ",").map(String.init)))
        }
    }

    private func refuse(_ sentences: String) throws {
        FileHandle.standardError.write(Data("rapportd: \(sentences)\n".utf8))
        throw ExitCode(69)
    }

    private func serve(until stops: StopSignals) async throws {
        let connectionCountMax = try FewDescriptors.connectionCount()
        let models = try chosenModels()
        let directory = DataDirectory(data)
        var options = EventLog.Options(extractor: Catalog.termExtractor, clock: Self.now)
        options.rules = Catalog.lifecycleRules
        // LMDB takes whole pages.
        options.mapByteCount = maxLogBytes & ~4095
        options.reserveByteCount = reserveBytes
        options.cacheByteCount = cacheBytes
        let log = try EventLog(at: directory, options: options)
        let keys = try LogKeys(of: directory, rootKey: rootKey).open(for: log)
        let views = try ProjectionRuntime(
            source: OpenedEvents(log, PersonalReader(keys, log, right)), directory: directory.views, models: models)
        let following = Task { await views.run() }
        stops.expect()
        let path = socket ?? data + "/rapport.sock"
        var configuration = EventServer.Configuration(
            unixSocket: path, tcp: port.map { (bind, $0) }, version: Self.release)
        configuration.right = right
        configuration.connectionCountMax = connectionCountMax
        let server = try await EventServer.start(configuration, log: log, keys: keys, views: views)
        let tcp = server.tcpPort.map { ", \(bind):\($0)" } ?? ""
        let greeting = "rapportd \(Self.release): \(log.end) events, listening on \(path)\(tcp)\n"
        FileHandle.standardOutput.write(Data(greeting.utf8))

        await stops.wait()
        await server.stop()
        following.cancel()
        await following.value
        views.settle()
        log.close()
    }
}

extension Rapportd {
    private static let lostPage: StaticString = """
        rapportd: a page of a file below the data directory could not be read, or points past its end. The server has \
        ended, and what it acknowledged is as it was. Look for errors of the disk, then run 'rapport-replay audit'.

        """

    private static let models: [any ReadModel.Type] = [Customer360.self, SalesFunnel.self, ChurnSignals.self]

    private func chosenModels() throws(UnknownView) -> [any ReadModel.Type] {
        switch views {
        case "all": return Self.models
        case "none": return []
        default:
            var chosen: [any ReadModel.Type] = []
            for name in views.split(separator: ",") {
                guard let model = Self.models.first(where: { $0.name == name }) else { throw UnknownView() }
                chosen.append(model)
            }
            return chosen
        }
    }

    /// Lets the C library keep one heap for each core. Its default of eight keeps what was freed in one heap from all
    /// others, so that the memory of a server that runs for long grows while what it holds does not.
    private static func boundHeaps() { _ = mallopt(M_ARENA_MAX, Int32(ProcessInfo.processInfo.activeProcessorCount)) }

    /// The clock of the process: wall time, which may jump; the log keeps recorded times monotone.
    @Sendable private static func now() -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
