import ArgumentParser
import CRMEvents
import CanonicalJSON
import ChurnSignals
import Customer360
import DurableFiles
import EventLog
import EventModel
import Foundation
import MappedFiles
import PersonalData
import Presentation
import ProjectionRuntime
import SalesFunnel
import SubjectKeys

/// The tool for replaying a data directory, with or without a server running on it.
struct RapportReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rapport-replay",
        abstract: "Rebuilds, audits and asks a Rapport data directory, also while rapportd runs on it.",
        discussion: """
            The log is opened for reading only. 'rebuild' writes new generations of read
            models beside the live ones, 'snapshot' states that are kept, 'fold' and
            'export' a file; nothing else writes anything.

              rapport-replay audit                                 is all what it claims?
              rapport-replay violations                            against the lifecycles
              rapport-replay rebuild                               views anew, then switch
              rapport-replay rollback sales-funnel                 the generation before
              rapport-replay as-of customer-360 get a1 --as-of 2025-06-30
              rapport-replay as-of sales-funnel report --at 99999  as known at that position
              rapport-replay snapshot --at 99999                   questions start there
              rapport-replay export customer-360 --format csv --out customers.csv
              rapport-replay fold my-question.sql --out answer.db  a question in SQL
              rapport-replay restatements --from 2025-01-01 --to 2025-02-01

            Exit codes: 0 verified or done · 1 usage · 2 incomplete: something could not
            be checked · 3 nothing under that key · 14 gap or order · 20 an index or a
            view is not what the log gives · 40 damaged bytes or storage. With several
            findings the lowest code from 10 on.
            """,
        version: "rapport-replay 0.1.0",
        subcommands: [
            Audit.self, Violations.self, Rebuild.self, Generations.self, Promote.self, Rollback.self, AsOf.self,
            Snapshots.self, Export.self, Fold.self, Restatements.self,
        ])
}

/// Runs the command; a command line that is not understood ends with 1, as documented.
@main enum Program {
    static func main() async {
        LostPages.end(with: lostPage, code: 40)
        do {
            var command = try RapportReplay.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            let code = RapportReplay.exitCode(for: error)
            let message = RapportReplay.fullMessage(for: error)
            if !message.isEmpty {
                (code == .success ? FileHandle.standardOutput : .standardError).write(Data((message + "\n").utf8))
            }
            DurableFiles.endProcess(code == .validationFailure ? 1 : code.rawValue)
        }
        DurableFiles.endProcess(0)
    }
}

private let lostPage: StaticString = """
    rapport-replay: a page of a file below the data directory could not be read, or points past its end. The log was \
    not touched. Look for errors of the disk; 'index' and 'views' are built again from the log when they are deleted, \
    and the log itself is restored from a backup.

    """

/// The read models of this build.
let readModels: [any ReadModel.Type] = [Customer360.self, SalesFunnel.self, ChurnSignals.self]

/// The read model of this name.
func chosenModel(_ name: String) throws -> any ReadModel.Type {
    for model in readModels where model.name == name { return model }
    let names = readModels.map { $0.name }.joined(separator: ", ")
    throw ValidationError("there is no read model '\(name)': \(names)")
}

/// The read models of these names, in the order of the build; all where there is no name.
func chosenModels(_ names: [String]) throws -> [any ReadModel.Type] {
    let chosen = try names.map { try chosenModel($0).name }
    return chosen.isEmpty ? readModels : readModels.filter { chosen.contains($0.name) }
}

/// The parameters of a question, which `--with` gives.
func parsedParameters(_ text: String) throws -> JSON.Members {
    guard let json = try? JSON(parsing: Array(text.utf8)), case .object(let members) = json else {
        throw ValidationError("--with takes one JSON object")
    }
    return members
}

/// What every subcommand takes.
struct DataOptions: ParsableArguments {
    @Option(help: "The data directory.")
    var data = "rapport-data"

    @Option(help: "The file of the root key (default: DATA/root.key); without it personal fields stay sealed.")
    var rootKey: String?

    @Flag(help: "Print JSON instead of tables.")
    var json = false

    @Flag(help: "Share the processors with everybody; without it a server on this machine goes first.")
    var urgent = false

    var directory: DataDirectory { DataDirectory(data) }

    /// Opens the log for reading only; a log whose newest events are damaged only where that is tolerated.
    func openLog(toleratingDamage: Bool = false) throws -> EventLog {
        if !urgent { Processors.giveWay() }
        var options = EventLog.Options(extractor: Catalog.termExtractor) { Timestamp(milliseconds: 0) }
        options.rules = Catalog.lifecycleRules
        options.isReadOnly = true
        // A scan reads every block once, so keeping many pays only for questions about single events.
        options.cacheByteCount = 16 << 20
        options.isDamageTolerated = toleratingDamage
        do throws(OpenError) {
            return try EventLog(at: directory, options: options)
        } catch {
            throw failure(error)
        }
    }
}

extension DataOptions {
    /// Lends the log, opened for reading only; an error that explains itself is told, and ends the program.
    func withLog<Result>(_ body: (EventLog) async throws -> Result) async throws -> Result {
        let log = try openLog()
        defer { log.close() }
        do {
            return try await body(log)
        } catch let error as any ExplainedError {
            throw failure(error)
        }
    }

    /// Refuses a file inside the data directory: there it could take the place of the log.
    func checkOutside(_ path: String) throws {
        guard DurableFiles.contains(directory.path, path) else { return }
        complain("'\(path)' lies in the data directory. Nothing was written. Choose another place with --out.")
        throw ExitCode(1)
    }

    /// Prints rows as a table, or as one JSON array.
    func show(_ rows: [JSON]) {
        if json { return print(JSON.array(rows).canonicalText) }
        for line in Outline.table(of: rows) { print(line) }
    }

    /// The events of a log for projections: with their personal fields where the keys are at hand.
    ///
    /// Without them read models are built all the same; personal tables stay empty, and no state hash knows them.
    func events(of log: EventLog) throws -> any EventSource {
        let keys = LogKeys(of: directory, rootKey: rootKey)
        guard keys.exist else { return log }
        do throws(KeyStoreError) {
            return OpenedEvents(log, PersonalReader(try keys.open(for: log), log, .every))
        } catch .root(.missing) {
            return log
        } catch {
            throw failure(error)
        }
    }
}

/// Tells sentences on standard error.
func complain(_ sentences: String) {
    FileHandle.standardError.write(Data("rapport-replay: \(sentences)\n".utf8))
}

/// Tells an error that explains itself, and gives the exit code that stands for it.
func failure(_ error: any ExplainedError) -> ExitCode {
    complain(error.description)
    switch error.code {
    case .unavailable: return ExitCode(2)
    case .syntax, .notFound: return ExitCode(1)
    default: return ExitCode(40)
    }
}
