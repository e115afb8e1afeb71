import ArgumentParser
import Foundation

/// What people type.
struct Rapport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rapport",
        abstract: "Append to a Rapport log, read it, follow it, and ask its views.",
        discussion: """
            SIXTY SECONDS
              rapportd --data rapport-data &                   start a server
              rapport demo | rapport import -                  two years of a small company
              rapport view report sales-funnel                 the funnel
              rapport view report churn-signals                who is about to leave
              rapport view get customer-360 a1                 one customer
              rapport read account-a1                          the events behind it
              rapport catalog list                             what may be appended

            Most commands answer with text for a person, and with JSON after --json.

            EXIT CODES
              0  done
              1  the command line, a file or a mapping is wrong
              2  an import or churn signal ended, and some of it was rejected
              3  the server cannot be reached, or the connection was lost
              4  the server refused the request
            """,
        version: "rapport 0.1.0",
        subcommands: [
            Append.self, Import.self, Read.self, Follow.self, View.self, Churn.self, Status.self, Demo.self,
            CatalogCommand.self, Backup.self, Seal.self, Bench.self,
        ])
}

/// Runs the command and turns every error into a sentence on standard error and an exit code.
@main enum Program {
    static func main() async {
        do {
            var command = try Rapport.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            if !failure.message.isEmpty { Console.complain("rapport: \(failure.message)") }
            exit(failure.status.rawValue)
        } catch {
            let message = Rapport.fullMessage(for: error)
            if Rapport.exitCode(for: error) == .success {
                Console.say(message)
                exit(ExitStatus.done.rawValue)
            }
            Console.complain(message)
            exit(ExitStatus.usage.rawValue)
        }
    }
}
