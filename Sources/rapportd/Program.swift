import ArgumentParser
import DurableFiles
import Foundation

/// Runs the command; a command line that is not understood ends with 1, as documented.
@main enum Program {
    static func main() {
        let stops = StopSignals()
        Task.detached { await serve(until: stops) }
        stops.listen()
    }

    private static func serve(until stops: StopSignals) async -> Never {
        do {
            let command = try Rapportd.parse()
            try await command.run(until: stops)
        } catch {
            let code = Rapportd.exitCode(for: error)
            let message = Rapportd.fullMessage(for: error)
            if !message.isEmpty {
                (code == .success ? FileHandle.standardOutput : .standardError).write(Data((message + "\n").utf8))
            }
            DurableFiles.endProcess(code == .validationFailure ? 1 : code.rawValue)
        }
        DurableFiles.endProcess(0)
    }
}
